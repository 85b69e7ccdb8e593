"""What a system is told about a person: no more than its scopes open."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.logic.list_capacities import Stock
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.terms import SCOPES
from cuaso.kernel.errors import NotFound

_OF_PERSON: Final = frozenset(
    {
        *SCOPES["phone"],
        *SCOPES["personal_number"],
    }
)


def opened_by(scopes: Iterable[str]) -> set[str]:
    return {claim for scope in scopes for claim in SCOPES.get(scope, ())}


def claims_about(account: Account, *, names: set[str], capacity_key: str = "") -> dict[str, Any]:
    """Return those claims that are known; what is not known is left out, never null."""
    told = _of_account(account)
    if names & _OF_PERSON:
        told |= _of_person(account)
    if names & {"capacity", "posts"}:
        told |= _of_capacities(account, key=capacity_key)
    known = {name: value for name, value in told.items() if value not in ("", None)}
    return {name: value for name, value in known.items() if name in names}


def _of_account(account: Account) -> dict[str, Any]:
    official = account.kind == Account.Kind.OFFICIAL
    return {
        "name": account.display_name,
        "preferred_username": account.username if official else "",
        "account_kind": account.kind,
        "locale": "vi-VN",
        "zoneinfo": "Asia/Ho_Chi_Minh",
        "email": account.email,
        # An address is typed in by an administrator; nobody has proven it.
        "email_verified": False if account.email else None,
    }


def _of_person(account: Account) -> dict[str, Any]:
    try:
        person: Person = directory.person(account.person_id)
    except NotFound:
        return {}
    return {
        "phone_number": person.phone,
        "phone_number_verified": False if person.phone else None,
        "personal_number": person.personal_number,
        "birthdate": person.birth_date.isoformat() if person.birth_date else "",
    }


def _of_capacities(account: Account, *, key: str) -> dict[str, Any]:
    stock = tuple(Stock(account))
    current = next((one for one in stock if one.key == key), None) or next(iter(stock), None)
    posts = [_told(one) for one in stock if one.kind == "official"]
    return {"capacity": _told(current) if current else None, "posts": posts or None}


def _told(capacity: Capacity) -> Mapping[str, Any]:
    told: dict[str, Any] = {"kind": capacity.kind, "title": capacity.title, "key": capacity.key}
    if capacity.actor.agency_id is not None:
        agency = directory.agency(capacity.actor.agency_id)
        told |= {
            "agency": {"id": str(agency.id), "code": agency.code, "name": agency.name},
            "roles": sorted(capacity.actor.roles),
        }
    if capacity.actor.for_id is not None:
        told["for"] = str(capacity.actor.for_id)
    return told
