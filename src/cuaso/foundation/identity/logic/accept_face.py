"""The biometric result of the national service as a proof, by the same procedure as the others."""

from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.contracts import Claims
from cuaso.foundation.identity.logic.identify import enter, prove_again
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.link_citizen import PROVIDER
from cuaso.foundation.identity.logic.record_account_act import record_account_act
from cuaso.foundation.identity.logic.strength import BIOMETRIC
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.models import Account
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound

PURPOSE: Final = "purpose"
# Apart from a citizen's link: an official's account is never opened by VNeID itself.
FACE_LINK: Final = "vneid-face"


def accept_face(request: HttpRequest, *, claims: Claims, next_url: str) -> HttpResponse:
    """Take a comparison of the face as a proof of who is signed in, or let an official in by it.

    Raises Invalid when nothing was compared just now, NotAllowed when it is another person's
    face or an official has not linked it; nothing has changed then.
    """
    if not claims.biometric:
        raise Invalid(
            code="identity.no_face",
            what="Chưa nhận được kết quả xác thực sinh trắc.",
            why="Hệ thống quốc gia không trả về kết quả so khớp khuôn mặt của lần này.",
            mend="Hãy thử lại và hoàn tất bước chụp khuôn mặt trên ứng dụng VNeID.",
            status=400,
        )
    account = account_of(request)
    if account is None:
        return enter(request, account=_linked(claims), way=BIOMETRIC, next_url=next_url)
    _require_own(account, claims)
    with transaction.atomic():
        if account.kind == Account.Kind.OFFICIAL:
            _link(request, account, claims)
        prove_again(request, account=account, way=BIOMETRIC)
    return HttpResponseRedirect(next_url or reverse("security"))


def _linked(claims: Claims) -> Account:
    """Return the official's account that has linked this face before."""
    row = SocialAccount.objects.filter(provider=FACE_LINK, uid=claims.subject).first()
    account: Account | None = row.user if row else None
    if account is None or not _is_number_of(account, claims):
        raise NotAllowed(
            code="identity.face_unknown",
            what="Không đăng nhập được bằng kết quả sinh trắc này.",
            why="Chưa có tài khoản cán bộ nào liên kết với kết quả sinh trắc của ông/bà.",
            mend="Hãy đăng nhập bằng cách khác, rồi liên kết tại trang Bảo mật tài khoản.",
        )
    return account


def _require_own(account: Account, claims: Claims) -> None:
    provider = PROVIDER if account.kind == Account.Kind.CITIZEN else FACE_LINK
    held = SocialAccount.objects.filter(provider=provider, user=account).first()
    other = held is not None and held.uid != claims.subject
    if other or not _is_number_of(account, claims):
        raise NotAllowed(
            code="identity.another_face",
            what="Kết quả sinh trắc không phải của chủ tài khoản này.",
            mend="Hãy để chính chủ tài khoản xác thực trên ứng dụng VNeID của mình.",
        )


def _link(request: HttpRequest, account: Account, claims: Claims) -> None:
    _row, new = SocialAccount.objects.get_or_create(
        provider=FACE_LINK, uid=claims.subject, defaults={"user": account}
    )
    if new:
        record_account_act(account, act="identity.face_linked", request=request)
        tell_factor(account, act="identity.face_linked")


def _is_number_of(account: Account, claims: Claims) -> bool:
    try:
        return directory.person(account.person_id).personal_number == claims.personal_number
    except NotFound:
        return False


__all__ = ["BIOMETRIC", "FACE_LINK", "PURPOSE", "accept_face"]
