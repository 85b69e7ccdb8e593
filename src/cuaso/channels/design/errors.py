"""Every refusal becomes a page that says what, why and what to do, under the right status code."""

import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cuaso.channels.design.sentences import spoken_refusal
from cuaso.kernel import disks
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Refusal

RETRY_SECONDS = {429: 60, 503: 120}


class RefusalMiddleware:
    """Answers a Refusal that no view answered itself, and a text that no column can hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError) and "\0" in request.path:
            return not_found(request, exception)
        if isinstance(exception, DataError) and _sent_a_nul(request):
            return answer(request, _unprintable())
        if disks.is_full(exception):
            return answer(request, disks.full())
        return answer(request, exception) if isinstance(exception, Refusal) else None


def _sent_a_nul(request: HttpRequest) -> bool:
    """Tell whether a text of the address or the form has the sign that PostgreSQL never holds."""
    lists = (*request.GET.lists(), *request.POST.lists())
    return any("\0" in text for name, texts in lists for text in (name, *texts))


def _unprintable() -> Invalid:
    return Invalid(
        code="portal.sign_unprintable",
        what=_("Một mục vừa gửi có ký tự không dùng được."),
        why=_("Trong đó có ký tự NUL, thường lẫn vào khi dán từ chương trình khác."),
        mend=_("Hãy quay lại, xóa mục đó, gõ lại rồi gửi lần nữa."),
        status=400,
    )


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page of this refusal, in the shell of whoever asked."""
    refusal = spoken_refusal(refusal)
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    context = {
        "shell": "desk.html" if actor.kind == "official" else "portal.html",
        "status": refusal.status,
        "code": refusal.code,
        "what": refusal.what,
        "why": refusal.why,
        "mend": refusal.mend,
        "problems": refusal.problems,
        "trace": actor.trace,
        "back": _way_back(request),
    }
    response = render(request, "error.html", context, status=refusal.status)
    if seconds := RETRY_SECONDS.get(refusal.status):
        response["Retry-After"] = str(seconds)
    return response


def _way_back(request: HttpRequest) -> str:
    """Return where the reader came from when that is a page of this house."""
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # such as a bracket that opens an address and never closes
        return ""
    if referer.netloc != request.get_host() or referer.path == request.path:
        return ""
    return referer.path + (f"?{referer.query}" if referer.query else "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist (handler404)."""
    del exception
    refusal = NotFound(
        code="portal.no_page",
        what=_("Không có trang này."),
        why=_("Địa chỉ “%(path)s” không đúng hoặc trang đã được chuyển đi.")
        % {"path": request.path},
        mend=_("Hãy kiểm tra lại địa chỉ, hoặc về trang đầu để tìm việc cần làm."),
    )
    return answer(request, refusal)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read, without the database (handler400).

    Under a foreign host's name nothing of the request may be asked for.
    """
    del exception, request
    return HttpResponse(render_to_string("unreadable.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refuses (handler403)."""
    del exception
    refusal = NotAllowed(
        code="portal.forbidden",
        what=_("Chưa có quyền mở trang này."),
        why=_("Trang này cần một quyền mà tài khoản đang dùng chưa có."),
        mend=_("Nếu đây đúng là việc cần làm, hãy đăng nhập bằng đúng tài khoản rồi thử lại."),
    )
    return answer(request, refusal)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old (CSRF_FAILURE_VIEW)."""
    del reason
    refusal = NotAllowed(
        code="portal.old_form",
        what=_("Biểu mẫu này đã cũ nên chưa được nhận."),
        why=_("Trang được mở quá lâu, trình duyệt chặn cookie, hoặc vừa có lần đăng nhập mới."),
        mend=_("Hãy quay lại trang trước, tải lại trang rồi gửi lần nữa."),
    )
    return answer(request, refusal)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (handler500) without touching the database.

    A form whose files found no room is one: it is read before any view.
    """
    del request
    if disks.is_full(sys.exception()):
        return HttpResponse(render_to_string("broken.html", {"full": True}), status=503)
    return HttpResponse(render_to_string("broken.html"), status=500)
