"""The first password of an account: by a code that is given once, by hand, at the counter.

Nothing of the code is kept: it is derived from the stand-in for a password that an account has
while it waits, so a new code makes the old one worthless, and so does the first password.
"""

import base64
import hmac
import re
from datetime import date, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import ActivationCode
from cuaso.foundation.identity.models import Account
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold

HOLDS: Final = timedelta(days=7)
SHORTEST: Final = 12
_EPOCH: Final = date(2025, 1, 1)
_ROUND: Final = 1024
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS: Final = 5
# Beside such words a password has at least so many letters of its own.
_HOUSE_WORDS: Final = ("cuaso", "gialai", "binhdinh", "dichvucong", "matkhau", "password")
_OWN_LETTERS: Final = 8


def give_activation_code(*, actor: Actor, account_id: UUID, reason: str = "") -> ActivationCode:
    """Return a code for an account that waits to be activated; the one before is void from now.

    Raises NotFound, Conflict for an account that is closed or was activated.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise NotFound(code="identity.no_account", what="Không có tài khoản này.")
        if not account.is_active or is_password_usable(account.password):
            raise Conflict(
                code="identity.not_to_activate",
                what="Không cấp mã kích hoạt cho tài khoản này.",
                why="Tài khoản đã kích hoạt, hoặc đã khóa.",
                mend="Hãy xem lại tình trạng của tài khoản.",
            )
        account.set_unusable_password()
        account.save(update_fields=["password"])
        audit.record(
            actor=actor,
            act="identity.activation_code_given",
            subject=Subject(kind="identity.account", id=account.id),
            content={"holds_days": HOLDS.days},
            reason=reason,
        )
    return ActivationCode(
        username=account.username,
        code=_grouped(_code(account, clock.today())),
        until=clock.today() + HOLDS,
    )


def activate(*, username: str, code: str, password: str, again: str) -> None:
    """Give an account its first password; raise Invalid, the same for whatever does not fit of
    user name and code.
    """
    with transaction.atomic():
        named = Account.objects.select_for_update().filter(username=username.strip().lower())
        account = named.first()
        if account is None or not _opens(account, code):
            raise _unfit(Problem(field="code", say="Tên đăng nhập hoặc mã kích hoạt không đúng."))
        if problems := password_problems(account, password, again):
            raise _unfit(*problems)
        account.set_password(password)
        account.save(update_fields=["password"])
        audit.record(
            actor=Actor(kind="official", name=account.display_name, person_id=account.person_id),
            act="identity.account_activated",
            subject=Subject(kind="identity.account", id=account.id),
            content={},
        )


def _opens(account: Account, typed: str) -> bool:
    waits = account.is_active and not is_password_usable(account.password)
    given = re.sub(r"[\s-]", "", typed).upper()
    days = [clock.today() - timedelta(days=back) for back in range(HOLDS.days + 1)]
    right = [hmac.compare_digest(_code(account, day).encode(), given.encode()) for day in days]
    return waits and any(right)


def _code(account: Account, day: date) -> str:
    """Return ten letters that only this house can make of the account's stand-in, and the day."""
    told = f"{account.pk}:{account.password}:{day.isoformat()}".encode()
    key = sha256(b"cuaso.identity.activation:" + settings.SECRET_KEY.encode()).digest()
    letters = base64.b32encode(hmac.new(key, told, sha256).digest()).decode()[:10]
    return letters + _two_letters((day - _EPOCH).days % _ROUND)


def _two_letters(number: int) -> str:
    high, low = divmod(number, 1 << _BITS)
    return _ALPHABET[high] + _ALPHABET[low]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def password_problems(account: Account, password: str, again: str) -> list[Problem]:
    """Return what is wrong with a new password: too short, easy to guess, not typed twice alike."""
    found = []
    if len(password) < SHORTEST:
        say = f"Mật khẩu cần ít nhất {SHORTEST} ký tự."
        found.append(Problem(field="password", say=say))
    elif _is_near(account, password) or _is_common(password):
        say = "Mật khẩu này dễ đoán. Hãy dùng một câu dài mà chỉ ông/bà nhớ."
        found.append(Problem(field="password", say=say))
    if password != again:
        found.append(Problem(field="again", say="Hai lần nhập mật khẩu không giống nhau."))
    return found


def _is_near(account: Account, password: str) -> bool:
    """Whether it names its own account, or is little more than words that anybody here tries."""
    said = fold(password).replace(" ", "").replace("-", "")
    if account.username in password.lower():
        return True
    for word in (*_HOUSE_WORDS, fold(account.display_name).replace(" ", "")):
        said = said.replace(word, "") if word else said
    return len(said) < _OWN_LETTERS


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _unfit(*problems: Problem) -> Invalid:
    return Invalid(
        code="identity.not_activated",
        what="Chưa kích hoạt được tài khoản.",
        why="Có chỗ chưa đúng trong những gì ông/bà đã nhập.",
        mend="Hãy xem từng chỗ được nêu. Mã hết hạn hoặc bị mất thì xin mã mới tại quầy.",
        problems=problems,
    )
