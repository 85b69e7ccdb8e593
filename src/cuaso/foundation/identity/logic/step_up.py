"""How strongly, and how lately, a person must have proven who they are to see or do something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from cuaso.foundation.identity.logic.identify import ASSURANCE, PROVEN
from cuaso.foundation.identity.logic.own_certificates import certificates_of
from cuaso.foundation.identity.models import Account
from cuaso.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class Needed:
    """`fresh` is how old the latest proof may be; None asks for no age."""

    level: int
    fresh: timedelta | None
    words: str


# Classes of data -> what opens them.
NEEDED: Final[Mapping[str, Needed]] = {
    "open": Needed(level=0, fresh=None, words="dữ liệu mở"),
    "internal": Needed(level=1, fresh=None, words="dữ liệu nội bộ"),
    "personal": Needed(level=1, fresh=None, words="dữ liệu cá nhân"),
    "sensitive": Needed(level=2, fresh=timedelta(minutes=15), words="dữ liệu cá nhân nhạy cảm"),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to prove more: `address` is the name of a page; `posts` says that a form leads on."""

    title: str
    address: str
    posts: bool


def is_enough(request: HttpRequest, *, data_class: str) -> bool:
    """Whether the session's proofs open that class of data; raise KeyError for an unknown class."""
    needed = NEEDED[data_class]
    if int(request.session.get(ASSURANCE, 0)) < needed.level:
        return False
    if needed.fresh is None:
        return True
    proven = float(request.session.get(PROVEN, 0))
    return now().timestamp() - proven <= needed.fresh.total_seconds()


def ways_up(account: Account) -> tuple[Way, ...]:
    """Return the ways in which the account can reach level 2 or prove itself anew."""
    national = bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])
    face = Way(title="Xác thực khuôn mặt qua VNeID", address="prove-by-face", posts=True)
    if account.kind == Account.Kind.CITIZEN:
        again = Way(title="Đăng nhập lại bằng VNeID mức 2", address="sign-in-vneid", posts=True)
        return (face, again) if national else ()
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    found = []
    if Authenticator.Type.TOTP in kinds:
        found.append(Way(title="Nhập mã của ứng dụng", address="mfa_reauthenticate", posts=False))
    if Authenticator.Type.WEBAUTHN in kinds:
        key = "mfa_reauthenticate_webauthn"
        found.append(Way(title="Dùng khóa truy cập", address=key, posts=False))
    if certificates_of(account):
        found.append(Way(title="Dùng chứng thư số", address="prove-by-certificate", posts=True))
    return (*found, face) if national else tuple(found)
