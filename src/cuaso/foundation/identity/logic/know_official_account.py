"""What other engines may know of officials' accounts, and how a new one is named."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable

from cuaso.foundation.identity.contracts import AccountCard, AccountState
from cuaso.foundation.identity.models import Account
from cuaso.kernel.text import words


def official_account(person_id: UUID) -> AccountCard | None:
    """Return the official's account of a person, None for none."""
    row = Account.objects.filter(person_id=person_id, kind=Account.Kind.OFFICIAL).first()
    return _card(row) if row else None


def account_cards(ids: Iterable[UUID]) -> dict[UUID, AccountCard]:
    """Return accounts by id; those that do not exist are left out."""
    return {row.id: _card(row) for row in Account.objects.filter(pk__in=list(ids))}


def free_username(name: str) -> str:
    """Return a user name that nobody has: the given name and the first letters of the others, as
    `lamvth` of Võ Thị Hạ Lam, with a number when that is taken.
    """
    *others, own = words(name) or ("canbo",)
    wished = own + "".join(word[0] for word in others)
    taken = set(
        Account.objects.filter(username__startswith=wished).values_list("username", flat=True)
    )
    number = 1
    while (fresh := wished if number == 1 else f"{wished}{number}") in taken:
        number += 1
    return fresh


def _card(row: Account) -> AccountCard:
    return AccountCard(
        id=row.id,
        person_id=row.person_id,
        username=row.username,
        name=row.display_name,
        state=_state(row),
    )


def _state(row: Account) -> AccountState:
    if not row.is_active:
        return "closed"
    return "active" if is_password_usable(row.password) else "pending"
