"""How a browser carries a message to a partner."""

import base64
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cuaso.foundation.identity.provider.views.answers import private
from cuaso.kernel.errors import Refusal


def carried(
    request: HttpRequest, *, address: str, name: str, content: bytes, relay_state: str
) -> HttpResponse:
    """Answer with a form that leads there; its page may send forms to that one origin more."""
    context = {
        "address": address,
        "name": name,
        "message": base64.b64encode(content).decode(),
        "relay_state": relay_state,
    }
    response = private(render(request, "identity/saml_carry.html", context))
    parts = urlsplit(address)
    # Where django-csp looks for what one answer may do besides.
    vars(response)["_csp_update"] = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    return response


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal}
    return private(render(request, "identity/saml_refused.html", context, status=refusal.status))
