"""How a browser carries a message to a partner."""

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cuaso.foundation.identity.provider.views import answers
from cuaso.kernel.errors import Refusal


def carried(
    request: HttpRequest, *, address: str, name: str, content: bytes, relay_state: str
) -> HttpResponse:
    """Answer with a form that leads there."""
    words = [(name, base64.b64encode(content).decode())]
    words += [("RelayState", relay_state)] if relay_state else []
    return answers.carried(request, address, words)


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal}
    return answers.private(
        render(request, "identity/saml_refused.html", context, status=refusal.status)
    )
