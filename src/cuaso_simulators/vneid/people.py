"""The invented people who may sign in."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cuaso.kernel.text import matches

PERSONAL_NUMBER_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Person:
    personal_number: str
    name: str
    birth_date: str
    sex: str
    phone: str


def read(path: Path) -> tuple[Person, ...]:
    """Read invented people from a CSV file with a heading row; a row without a number is left out.

    Columns: personal_number, name, birth_date (ISO), sex, phone; others are ignored.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_persons(csv.DictReader(file)))


def _persons(rows: Iterable[dict[str, str]]) -> Iterable[Person]:
    for row in rows:
        number = (row.get("personal_number") or "").strip()
        if len(number) == PERSONAL_NUMBER_DIGITS and number.isdigit():
            yield Person(
                personal_number=number,
                name=(row.get("name") or "").strip(),
                birth_date=(row.get("birth_date") or "").strip(),
                sex=(row.get("sex") or "").strip(),
                phone=(row.get("phone") or "").strip(),
            )


def search(people: Iterable[Person], *, query: str, limit: int) -> tuple[Person, ...]:
    """Find people by name, with or without diacritics, or by the beginning of the number."""
    found = [
        person
        for person in people
        if not query or person.personal_number.startswith(query) or matches(query, person.name)
    ]
    return tuple(found[:limit])
