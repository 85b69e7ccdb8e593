"""What machines ask the authority."""

import base64
import binascii
import json

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.contracts import AcmeAnswer

_JOSE = "application/jose+json"


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    del request
    return _told(certificates.directory())


@require_safe
def nonce(request: HttpRequest) -> HttpResponse:
    """Give a nonce (RFC 8555, 7.2): 200 for HEAD, 204 for GET."""
    response = HttpResponse(status=200 if request.method == "HEAD" else 204)
    return _with_nonce(request, response)


@csrf_exempt
@require_POST
def acme(request: HttpRequest, path: str) -> HttpResponse:
    if request.content_type != _JOSE:
        wrong = {"type": "urn:ietf:params:acme:error:malformed", "detail": f"Send {_JOSE}."}
        kind = "application/problem+json"
        return _with_nonce(request, _told(AcmeAnswer(status=415, content=wrong, kind=kind)))
    return _with_nonce(request, _told(certificates.acme(path=path, body=request.body)))


@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse(certificates.authority_der(), content_type="application/pkix-cert")


@require_safe
def crl(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse(certificates.crl(), content_type="application/pkix-crl")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def ocsp(request: HttpRequest, question: str = "") -> HttpResponse:
    asked = request.body if request.method == "POST" else _decoded(question)
    response = HttpResponse(
        certificates.answer_ocsp(asked), content_type="application/ocsp-response"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _decoded(question: str) -> bytes:
    try:
        return base64.b64decode(question, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _told(answer: AcmeAnswer) -> HttpResponse:
    text = answer.content if isinstance(answer.content, str) else json.dumps(dict(answer.content))
    response = HttpResponse(text, status=answer.status, content_type=answer.kind)
    for name, word in answer.headers.items():
        response.headers[name] = word
    return response


def _with_nonce(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    index = request.build_absolute_uri(reverse("certificates:acme-directory"))
    links = [f'<{index}>;rel="index"', response.headers.get("Link", "")]
    response.headers["Link"] = ", ".join(link for link in links if link)
    response.headers["Replay-Nonce"] = certificates.nonce()
    response.headers["Cache-Control"] = "no-store"
    return response
