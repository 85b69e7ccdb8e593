"""Tell officials who answer for something that has happened, or is about to: by their roles."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.foundation.identity import api as identity
from cuaso.kernel.subjects import Subject

TEMPLATE: Final = "official_notice"


def who_answers_for(agency_id: UUID) -> tuple[Person, ...]:
    """Return who leads the agency and who audits it, in it or else nearest above (auditors below
    the branches of that one too), and who administers it.
    """
    heads = next((found for one in _upward(agency_id) if (found := _in(one, "leader"))), ())
    auditors = next((found for one in _upward(agency_id) if (found := _below(one, "auditor"))), ())
    return tuple({one.id: one for one in (*heads, *auditors, *_in(agency_id, "admin"))}.values())


def province_administrators() -> tuple[Person, ...]:
    return _in(directory.province().committee_id, "admin")


def tell_people(
    people: Iterable[Person], *, sentence: str, page: str, about: Subject, key: str
) -> None:
    """Queue the sentence for each, once a key; `page` is where they look and act."""
    with transaction.atomic():
        for person in people:
            own = Recipient(
                name=person.name,
                person_id=person.id,
                email=person.email or _work_address(person.id),
                phone=person.phone,
            )
            _send(own, sentence=sentence, page=page, about=about, key=f"{key}:{person.id}")


def tell_address(
    address: str, *, name: str, sentence: str, page: str, about: Subject, key: str
) -> None:
    """Queue the sentence for a system's contact where that is an e-mail address."""
    if "@" not in address or " " in address.strip():
        return
    with transaction.atomic():
        contact = Recipient(name=name, email=address.strip())
        _send(contact, sentence=sentence, page=page, about=about, key=f"{key}:contact")


def _send(to: Recipient, *, sentence: str, page: str, about: Subject, key: str) -> None:
    link = f"{settings.PUBLIC_URL}{page}"
    context = {"applicant_name": to.name, "reason": sentence, "link": link}
    messages.send(template=TEMPLATE, to=to, context=context, subject=about, key=key)


def _upward(agency_id: UUID) -> Iterable[UUID]:
    one: UUID | None = agency_id
    while one is not None:
        yield one
        one = directory.agency(one).parent_id


def _in(agency_id: UUID, role: str) -> tuple[Person, ...]:
    return tuple(one.person for one in directory.holders(agency_id, role))


def _below(agency_id: UUID, role: str) -> tuple[Person, ...]:
    return tuple(one.person for one in directory.holders_below(agency_id, role))


def _work_address(person_id: UUID) -> str:
    card = identity.official_account(person_id)
    known = identity.addresses_of(card.id) if card else None
    return known[1] if known else ""
