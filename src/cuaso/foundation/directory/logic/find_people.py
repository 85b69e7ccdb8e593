from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import once
from cuaso.kernel.text import closeness, words

# Every act asks who somebody is: Django would think about it longer than PostgreSQL.
_NAMES: Final = tuple(str(one.attname) for one in models.Person._meta.concrete_fields)  # noqa: SLF001 Django's own documented door
_ONE: Final = f"select {', '.join(_NAMES)} from directory_person where"  # noqa: S608 our own column names
_BY_ID: Final = f"{_ONE} id = %s"
# The index holds no empty number: a plan for any number uses it only where that is said.
_BY_NUMBER: Final = f"{_ONE} personal_number = %s and personal_number <> '' limit 1"
_CHANGED: Final = "directory.people_changed"


def person(id: UUID) -> contracts.Person:
    """Return a person or business; raise NotFound. Asked for once a moment, until the moment
    itself changes anybody.
    """
    if once(_CHANGED, list[UUID]):
        return _person(id)
    return once((_BY_ID, id), lambda: _person(id))


def remember_change(id: UUID) -> None:
    """Let this moment read people anew from now on; what is rolled back may come to be so, too."""
    once(_CHANGED, list[UUID]).append(id)


def _person(id: UUID) -> contracts.Person:
    row = _one(_BY_ID, id)
    if row is None:
        raise NotFound(
            code="directory.no_person",
            what="Không tìm thấy người hoặc tổ chức này.",
            mend="Hãy tìm lại theo số định danh hoặc họ tên.",
        )
    return views.person(row)


def people(ids: Iterable[UUID]) -> dict[UUID, contracts.Person]:
    """Return people and businesses by id, in one query; who is not known is left out."""
    rows = models.Person.objects.filter(pk__in=set(ids))
    return {row.id: views.person(row) for row in rows}


def find_person(personal_number: str) -> contracts.Person | None:
    """Return the person of a 12-digit number, spaces allowed, or None."""
    digits = "".join(personal_number.split())
    row = _one(_BY_NUMBER, digits) if digits else None
    return views.person(row) if row else None


def person_id_of(number: str) -> str:
    """Return SQL that gives the id of the person whose 12 digits another expression of SQL gives,
    null for nobody: for a statement that asks who somebody is beside its own question.
    """
    return (
        f"(select p.id from directory_person as p"  # noqa: S608 names of our own
        f" where p.personal_number = {number} and p.personal_number <> '' limit 1)"
    )


def _one(statement: str, value: UUID | str) -> models.Person | None:
    with audit.planned() as cursor:
        cursor.execute(statement, [value])
        row = cursor.fetchone()
    return models.Person.from_db(connection.alias, _NAMES, row) if row else None


def find_business(tax_code: str) -> contracts.Person | None:
    """Return the business of a tax code, or None."""
    stated = "".join(tax_code.split())
    row = models.Person.objects.filter(tax_code=stated).first() if stated else None
    return views.person(row) if row else None


def find_people(text: str, limit: int = 20) -> tuple[contracts.Person, ...]:
    """Return people and businesses that have a word beginning with each typed word.

    Searched: name, personal number, tax code, phone. Marks are optional; names that agree with
    the typed marks come first. Who shows the result logs the look.
    """
    asked = words(text)
    if not asked:
        return ()
    rows = models.Person.objects.found_by(asked).order_by("sort_key", "pk")
    found = sorted(rows[: 10 * limit], key=lambda row: -closeness(text, row.name))
    return tuple(views.person(row) for row in found[:limit])


def wards_of(person_id: UUID, on: date | None = None) -> tuple[contracts.Person, ...]:
    """Return those whose guardian the person is on a day (today)."""
    return _tied("guardian", person_id, on)


def businesses_of(person_id: UUID, on: date | None = None) -> tuple[contracts.Person, ...]:
    """Return the businesses that the person represents on a day (today)."""
    return _tied("representative", person_id, on)


def acts_for(
    person_id: UUID, on: date | None = None
) -> tuple[tuple[contracts.Person, ...], tuple[contracts.Person, ...]]:
    """Return a person's wards and businesses on a day (today); for who has none, in one query."""
    ties = models.Tie.objects.valid_on(on or clock.today()).filter(person_id=person_id)
    kinds = set(ties.values_list("kind", flat=True).distinct())
    wards = wards_of(person_id, on) if "guardian" in kinds else ()
    businesses = businesses_of(person_id, on) if "representative" in kinds else ()
    return wards, businesses


def _tied(kind: str, person_id: UUID, on: date | None) -> tuple[contracts.Person, ...]:
    ties = models.Tie.objects.valid_on(on or clock.today()).filter(kind=kind, person_id=person_id)
    rows = models.Person.objects.filter(pk__in=ties.values("other_id"))
    return tuple(views.person(row) for row in rows.order_by("sort_key", "pk"))
