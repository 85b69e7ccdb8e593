"""The device asks for a code; its person types it in on another device."""

from typing import Final

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.pages import too_many
from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.clients.authenticate import authenticate
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.grants.device import (
    answer_device,
    find_device,
    start_device,
)
from cuaso.foundation.identity.provider.requests.resources import allowed_resources
from cuaso.foundation.identity.provider.terms import DEVICE, DEVICE_LIFE, SCOPE_SENTENCES
from cuaso.foundation.identity.provider.views.answers import for_machines, private, told
from cuaso.foundation.identity.provider.views.token import resources_of, scopes_of

# 29^8 codes, ten minutes each: at this rate a guess succeeds once in millions of years.
TYPING: Final = {"oidc_user_code": "10/5m/user,30/5m/ip"}


@csrf_exempt
@require_POST
@for_machines
def device(request: HttpRequest) -> HttpResponse:
    client = authenticate(request)
    if DEVICE not in client.grant_types:
        raise ProtocolError(error="unauthorized_client")
    scopes = tuple(one for one in scopes_of(request) if one in client.scopes)
    if not scopes:
        raise ProtocolError(error="invalid_scope", description="No scope of this client is named.")
    audience = allowed_resources(resources_of(request), client=client)
    word, row = start_device(client=client, scopes=scopes, audience=audience)
    page = issuer() + reverse("oidc-device-code")
    return told(
        {
            "device_code": word,
            "user_code": row.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={row.user_code}",
            "expires_in": int(DEVICE_LIFE.total_seconds()),
            "interval": row.interval_seconds,
        }
    )


@login_required(login_url="sign-in")
@never_cache
@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest) -> HttpResponse:
    """Ask for the code, show who is asking, keep the answer."""
    account = account_of(request)
    code = request.POST.get("user_code", request.GET.get("user_code", ""))
    posted = request.method == "POST"
    if posted and not ratelimit.consume(
        request, app="cuaso", action="oidc_user_code", config=TYPING
    ):
        return too_many(request)
    waiting = find_device(code) if posted and code else None
    if account is None or waiting is None:
        context = {"user_code": code, "unknown": posted}
        status = 422 if posted else 200
        return private(render(request, "identity/oidc_device.html", context, status=status))
    answer = request.POST.get("answer", "")
    if answer in ("yes", "no"):
        answer_device(request, account=account, waiting=waiting, agreed=answer == "yes")
        done = {"client": waiting.client.name, "agreed": answer == "yes"}
        return private(render(request, "identity/oidc_device_done.html", done))
    context = {
        "user_code": waiting.user_code,
        "client": waiting.client.name,
        "sentences": [SCOPE_SENTENCES.get(one, one) for one in waiting.scopes],
    }
    return private(render(request, "identity/oidc_device_ask.html", context))
