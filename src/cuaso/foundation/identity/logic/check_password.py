"""Check a user name and a password for a door that is not a page: the directory's own binds."""

import hashlib
from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import AccountFacts
from cuaso.foundation.identity.logic.keep_account import facts_of
from cuaso.foundation.identity.models import Account
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, TooMany
from cuaso.kernel.subjects import Subject

WINDOW: Final = timedelta(minutes=5)
AT_ONE_NAME: Final = 5
FROM_ONE_ADDRESS: Final = 300
_CODE_DIGITS: Final = 6


def check_password(*, username: str, password: str, address: str, door: str) -> AccountFacts:
    """Return the official's account that the password opens.

    Whoever has an authenticator app puts its six digits after the password. Raises NotAllowed,
    the same for whatever does not fit; TooMany after five failures of a name from one address in
    five minutes, and when too many passwords are being checked. Success stands in the ledger.
    """
    name = username.strip().lower()
    _require_patience(name, address)
    row = Account.objects.filter(username=name, kind=Account.Kind.OFFICIAL).first()
    if row is None:
        # As long as a real check: the answer's time tells nothing.
        Account().set_password(password)
    if row is None or not row.is_active or not _fits(row, password):
        _count(name, address)
        raise NotAllowed(
            code="identity.password_does_not_fit",
            what="Tên đăng nhập hoặc mật khẩu không đúng.",
            mend="Hãy kiểm tra lại; nếu dùng ứng dụng xác thực, hãy gõ sáu số liền sau mật khẩu.",
        )
    with transaction.atomic():
        audit.record(
            actor=Actor(kind="official", name=row.display_name, person_id=row.person_id),
            act="identity.password_checked",
            subject=Subject(kind="identity.account", id=row.id),
            content={"door": door, "address": address},
        )
    return facts_of(row)


def _fits(row: Account, password: str) -> bool:
    factor = Authenticator.objects.filter(user=row, type=Authenticator.Type.TOTP).first()
    if factor is None:
        passkey = Authenticator.objects.filter(user=row, type=Authenticator.Type.WEBAUTHN)
        return row.check_password(password) and not passkey.exists()
    secret, code = password[:-_CODE_DIGITS], password[-_CODE_DIGITS:]
    return row.check_password(secret) and bool(TOTP(factor).validate_code(code))


def _require_patience(name: str, address: str) -> None:
    spent = cache.get_many([_key(name, address), _key("", address)])
    if (
        spent.get(_key(name, address), 0) >= AT_ONE_NAME
        or spent.get(_key("", address), 0) >= FROM_ONE_ADDRESS
    ):
        raise TooMany(
            code="identity.too_many_passwords",
            what="Đã thử quá nhiều lần.",
            why="Số lần thử được giới hạn để không ai dò được mật khẩu.",
            mend="Hãy chờ 5 phút rồi thử lại.",
        )


def _count(name: str, address: str) -> None:
    for key in (_key(name, address), _key("", address)):
        cache.add(key, 0, timeout=int(WINDOW.total_seconds()))
        cache.incr(key)


def _key(name: str, address: str) -> str:
    window = int(clock.now().timestamp() // WINDOW.total_seconds())
    return "door:" + hashlib.sha256(f"{name}|{address}|{window}".encode()).hexdigest()
