"""How the provider answers machines and browsers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.requests.answer import origin_of
from cuaso.kernel.errors import Refusal

_LATER: Final = frozenset({429, 503})
_ANYBODY: Final = "*"
_HOUR: Final = 3600
MachineView = Callable[[HttpRequest], HttpResponse]


def told(content: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer a machine with JSON that nobody keeps (RFC 6749 5.1)."""
    response = JsonResponse(dict(content), status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def for_browser_applications(*methods: str) -> Callable[[MachineView], MachineView]:
    """Let applications that run in a browser call it from their own site (CORS).

    From any site: who calls is known by what stands in the request alone. No cookie comes along,
    since the answer never lets credentials be sent.
    """

    def opened(view: MachineView) -> MachineView:
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            asks_first = request.method == "OPTIONS"
            response = HttpResponse(status=204) if asks_first else view(request)
            response.headers["Access-Control-Allow-Origin"] = _ANYBODY
            response.headers["Access-Control-Expose-Headers"] = "DPoP-Nonce, WWW-Authenticate"
            if asks_first:
                response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
                response.headers["Access-Control-Allow-Headers"] = (
                    "Authorization, Content-Type, DPoP"
                )
                response.headers["Access-Control-Max-Age"] = str(_HOUR)
            return response

        return answered

    return opened


def for_machines(view: MachineView) -> MachineView:
    """Answer refused requests by the standard's words, and the house's own refusals as JSON."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except ProtocolError as error:
            response = told(
                {"error": error.error, "error_description": error.description},
                status=error.status,
            )
            for name, word in error.headers.items():
                response.headers[name] = word
            return response
        except Refusal as refusal:
            later = refusal.status in _LATER
            word = "temporarily_unavailable" if later else "invalid_request"
            content = {"error": word, "error_description": refusal.what}
            return told(content, status=refusal.status)

    return guarded


def refused_page(request: HttpRequest, error: ProtocolError) -> HttpResponse:
    """Tell the person: the client cannot be believed, so it is not told by way of the browser."""
    context = {"error": error.error, "detail": error.description}
    return private(render(request, "identity/oidc_refused.html", context, status=400))


def carried(request: HttpRequest, address: str, words: list[tuple[str, str]]) -> HttpResponse:
    """Answer with a form that the browser posts to the system; its page may send forms to that one
    origin more.
    """
    context = {"address": address, "words": words}
    response = private(render(request, "identity/carry.html", context))
    # Where django-csp looks for what one answer may do besides.
    vars(response)["_csp_update"] = {"form-action": [origin_of(address)]}
    return response


def sent_on(request: HttpRequest, address: str, *, after_form: bool) -> HttpResponse:
    """Send the browser on to a system.

    Chromium holds the targets of redirects after a form against the form's page: a step between
    needs no exception to that rule.
    """
    if after_form:
        return private(render(request, "identity/oidc_going_on.html", {"address": address}))
    return private(HttpResponseRedirect(address))


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    # Not “no-referrer”: a form of such a page says that it comes from nowhere and is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
