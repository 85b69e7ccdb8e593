"""Gates before views: the right sign-in for who is a guest, a sentence for who may not enter."""

from collections.abc import Callable
from functools import wraps
from typing import overload
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from cuaso.foundation.identity.logic.resolve_actor import actor_of, assurance_of
from cuaso.foundation.identity.logic.step_up import NEEDED, is_enough
from cuaso.foundation.identity.pages import refusal_page
from cuaso.kernel.errors import NotAllowed

View = Callable[..., HttpResponseBase]

ROLES = {
    "reception": "tiếp nhận hồ sơ",
    "handler": "thụ lý hồ sơ",
    "leader": "ký duyệt",
    "clerk": "văn thư",
    "admin": "quản trị",
    "auditor": "kiểm tra",
}


def _sign_in(request: HttpRequest, name: str) -> HttpResponseBase:
    address = f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _official_refusal(request: HttpRequest, role: str | None) -> HttpResponseBase | None:
    actor = actor_of(request)
    if actor.kind == "anonymous" and not request.user.is_authenticated:
        return _sign_in(request, "sign-in-official")
    if actor.kind != "official":
        return refusal_page(
            request,
            NotAllowed(
                code="identity.officials_only",
                what="Trang này dành cho cán bộ.",
                why="Tài khoản đang đăng nhập không giữ chức vụ nào còn hiệu lực.",
                mend="Hãy đăng nhập bằng tài khoản cán bộ, hoặc hỏi quản trị viên của cơ quan.",
            ),
        )
    if role is not None and role not in actor.roles:
        return refusal_page(
            request,
            NotAllowed(
                code="identity.role_missing",
                what="Chưa có quyền mở trang này.",
                why=f"Chức vụ hiện tại không có vai trò {ROLES.get(role, role)}.",
                mend="Nếu còn giữ chức vụ khác, hãy chuyển tư cách rồi mở lại trang.",
            ),
        )
    return None


@overload
def official_required(view: View) -> View: ...
@overload
def official_required(*, role: str | None = None) -> Callable[[View], View]: ...
def official_required(
    view: View | None = None, *, role: str | None = None
) -> View | Callable[[View], View]:
    """Let in who acts from a post, with that role if one is named."""

    def gate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            refused = _official_refusal(request, role)
            return refused if refused is not None else inner(request, *args, **kwargs)

        return guarded

    return gate(view) if view is not None else gate


def _citizen_refusal(request: HttpRequest, assurance: int) -> HttpResponseBase | None:
    actor = actor_of(request)
    if actor.kind == "anonymous" and not request.user.is_authenticated:
        return _sign_in(request, "sign-in")
    if actor.kind not in ("citizen", "guardian", "business"):
        return refusal_page(
            request,
            NotAllowed(
                code="identity.citizens_only",
                what="Trang này dành cho công dân.",
                why="Tài khoản đang đăng nhập là tài khoản cán bộ.",
                mend="Hãy đăng xuất rồi đăng nhập bằng VNeID của chính mình.",
            ),
        )
    if assurance_of(request) < assurance:
        return refusal_page(
            request,
            NotAllowed(
                code="identity.assurance_too_low",
                what=f"Việc này cần tài khoản định danh điện tử mức {assurance}.",
                why=f"Tài khoản đang đăng nhập ở mức {assurance_of(request)}.",
                mend="Hãy nâng mức tài khoản tại cơ quan công an rồi đăng nhập lại.",
            ),
        )
    return None


@overload
def citizen_required(view: View) -> View: ...
@overload
def citizen_required(*, assurance: int = 0) -> Callable[[View], View]: ...
def citizen_required(
    view: View | None = None, *, assurance: int = 0
) -> View | Callable[[View], View]:
    """Let in a citizen, for oneself, a ward or a business, at that level of assurance or above."""

    def gate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            refused = _citizen_refusal(request, assurance)
            return refused if refused is not None else inner(request, *args, **kwargs)

        return guarded

    return gate(view) if view is not None else gate


def data_class_required(data_class: str) -> Callable[[View], View]:
    """Let in whose proofs open that class of data; lead everybody else to prove more, and back.

    Stands inside `official_required` or `citizen_required`. Raises KeyError for an unknown class.
    """
    NEEDED[data_class]

    def gate(inner: View) -> View:
        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if is_enough(request, data_class=data_class):
                return inner(request, *args, **kwargs)
            # What was typed is not carried over: the way back is a page, never an act.
            back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
            words = urlencode({"loai": data_class, "next": back})
            return HttpResponseRedirect(f"{reverse('step-up')}?{words}")

        return guarded

    return gate
