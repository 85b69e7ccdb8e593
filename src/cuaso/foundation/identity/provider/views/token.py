"""A system fetches tokens."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cuaso.foundation.identity.provider.clients.authenticate import authenticate
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_request
from cuaso.foundation.identity.provider.grants.device import fetch_device_tokens
from cuaso.foundation.identity.provider.grants.exchange_code import exchange_code
from cuaso.foundation.identity.provider.grants.machine import give_machine_token
from cuaso.foundation.identity.provider.grants.proof import Binding, binding_of
from cuaso.foundation.identity.provider.grants.refresh import refresh
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.terms import CODE, DEVICE, GRANT_TYPES, MACHINE, REFRESH
from cuaso.foundation.identity.provider.tokens.make import Issued
from cuaso.foundation.identity.provider.views.answers import (
    for_browser_applications,
    for_machines,
    told,
)

Giver = Callable[[HttpRequest, Client, Binding], Issued]


@csrf_exempt
@for_browser_applications("POST")
@require_POST
@for_machines
def token(request: HttpRequest) -> HttpResponse:
    client = authenticate(request)
    kind = only(request, "grant_type")
    if kind not in GRANT_TYPES:
        raise ProtocolError(error="unsupported_grant_type")
    if kind not in client.grant_types:
        raise ProtocolError(error="unauthorized_client")
    binding = binding_of(request, client=client)
    return told(_GIVERS[kind](request, client, binding).answer())


def only(request: HttpRequest, name: str) -> str:
    """Return a parameter that must stand there exactly once."""
    given = request.POST.getlist(name)
    if len(given) != 1 or not given[0]:
        raise invalid_request(f"{name} must be given exactly once.")
    return given[0]


def resources_of(request: HttpRequest) -> tuple[str, ...]:
    return tuple(one for one in request.POST.getlist("resource") if one)


def scopes_of(request: HttpRequest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(request.POST.get("scope", "").split()))


def _code(request: HttpRequest, client: Client, binding: Binding) -> Issued:
    return exchange_code(
        client=client,
        code=only(request, "code"),
        redirect_uri=request.POST.get("redirect_uri", ""),
        verifier=request.POST.get("code_verifier", ""),
        binding=binding,
        resources=resources_of(request),
    )


def _refresh(request: HttpRequest, client: Client, binding: Binding) -> Issued:
    return refresh(
        client=client,
        word=only(request, "refresh_token"),
        scopes=scopes_of(request),
        resources=resources_of(request),
        binding=binding,
    )


def _machine(request: HttpRequest, client: Client, binding: Binding) -> Issued:
    return give_machine_token(
        client=client,
        scopes=scopes_of(request),
        resources=resources_of(request),
        binding=binding,
    )


def _device(request: HttpRequest, client: Client, binding: Binding) -> Issued:
    return fetch_device_tokens(
        client=client, device_code=only(request, "device_code"), binding=binding
    )


_GIVERS: Final[dict[str, Giver]] = {
    CODE: _code,
    REFRESH: _refresh,
    MACHINE: _machine,
    DEVICE: _device,
}
