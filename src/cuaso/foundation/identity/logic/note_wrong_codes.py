"""Who has the password but not the second factor is told of to the account's owner."""

from typing import Final

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.count_tries import over
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

ACT: Final = "identity.codes_guessed"
# One wrong code, or two, is a slip of the hand.
SLIPS: Final = 2
KEEPER: Final = system("Đăng nhập")


def note_wrong_code(account: Account) -> None:
    """Note a wrong code after a right password; the owner learns of the third within ten minutes,
    and not again while these last. Source: OWASP ASVS 5.0.0, V6.3.5.
    """
    if not over(f"wrong-code:{account.id}", limit=SLIPS):
        return
    if over(f"wrong-code-told:{account.id}", limit=1):
        return
    with transaction.atomic():
        subject = Subject(kind="identity.account", id=account.id)
        audit.record(actor=KEEPER, act=ACT, subject=subject, content={"wrong": SLIPS + 1})
        tell_factor(account, act=ACT)
