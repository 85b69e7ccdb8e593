"""A refusal as a page: what happened, why, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from cuaso.kernel.errors import Refusal, TooMany


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {
        "status": refusal.status,
        "code": refusal.code,
        "what": _said(refusal.what),
        "why": _said(refusal.why),
        "mend": _said(refusal.mend),
        "back": reverse("sign-in"),
    }
    response = render(request, "error.html", context, status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    if refusal.status == TooMany.status:
        response.headers["Retry-After"] = "60"
    return response


def _said(sentence: str) -> str:
    """Return a sentence in the reader's language; the catalogue's own head stands under ""."""
    return gettext(sentence) if sentence else ""


def too_many(request: HttpRequest, exception: object = None) -> HttpResponse:
    """Answer as Django's and allauth's `handler429`."""
    del exception
    return refusal_page(
        request,
        TooMany(
            code="identity.too_many",
            what="Đã thử quá nhiều lần trong thời gian ngắn.",
            why="Số lần thử được giới hạn để giữ an toàn cho các tài khoản.",
            mend="Hãy chờ vài phút rồi thử lại.",
        ),
    )
