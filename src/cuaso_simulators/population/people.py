"""Invented people: the same for the same seed, every one marked as invented."""

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from cuaso_simulators.population.names import (
    FAMILIES,
    FEMALE_MIDDLES,
    FEMALE_NAMES,
    MALE_MIDDLES,
    MALE_NAMES,
    VILLAGES,
)

COUPLES = 1000
SINGLES = 400
BINH_DINH = "052"
_OLDEST = date(1950, 1, 1)
_YOUNGEST = date(2005, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One invented person; dates are ISO 8601, codes are those of packs/province/codes."""

    personal_number: str
    name: str
    birth_date: str
    sex: str
    ethnic_group: str = "01"
    nationality: str = "VN"
    residence: str = ""
    place_code: str = ""
    marital_status: str = "single"
    spouse_number: str = ""
    invented: bool = True

    def facts(self) -> dict[str, object]:
        return asdict(self)


def personal_number(*, place: str, birth_date: date, sex: str, serial: int) -> str:
    """Return 12 digits: place of registration, century and sex, year, serial."""
    mark = 2 * ((birth_date.year - 1900) // 100) + (sex == "female")
    return f"{place}{mark}{birth_date.year % 100:02d}{serial:06d}"


def population(*, seed: int, people_csv: Path | None) -> dict[str, Person]:
    """Return everybody by personal number; the file's people come first and keep theirs."""
    dice = random.Random(seed)  # noqa: S311 invented people, no secret
    everybody = {person.personal_number: person for person in _from_file(people_csv)}
    for serial in range(COUPLES):
        husband = _invent(dice, sex="male", serial=2 * serial + 1)
        wife = _invent(dice, sex="female", serial=2 * serial + 2)
        for person in _married(husband, wife):
            everybody.setdefault(person.personal_number, person)
    for serial in range(SINGLES):
        sex = dice.choice(("male", "female"))
        single = _invent(dice, sex=sex, serial=10_000 + serial)
        everybody.setdefault(single.personal_number, single)
    return everybody


def _invent(dice: random.Random, *, sex: str, serial: int) -> Person:
    middles, names = (MALE_MIDDLES, MALE_NAMES) if sex == "male" else (FEMALE_MIDDLES, FEMALE_NAMES)
    born = _OLDEST + timedelta(days=dice.randrange((_YOUNGEST - _OLDEST).days))
    name = f"{dice.choice(FAMILIES)} {dice.choice(middles)} {dice.choice(names)}"
    return Person(
        personal_number=personal_number(place=BINH_DINH, birth_date=born, sex=sex, serial=serial),
        name=name,
        birth_date=born.isoformat(),
        sex=sex,
        residence=dice.choice(VILLAGES),
    )


def _married(husband: Person, wife: Person) -> tuple[Person, Person]:
    return (
        replace(husband, marital_status="married", spouse_number=wife.personal_number),
        replace(wife, marital_status="married", spouse_number=husband.personal_number),
    )


def _from_file(path: Path | None) -> Iterator[Person]:
    """Yield the people of a pack's people.csv who have a personal number."""
    if path is None or not path.exists():
        return
    rows = {row["key"]: row for row in _rows(path) if row.get("personal_number")}
    spouses = dict(_spouses(path.with_name("ties.csv")))
    for key, row in rows.items():
        person = _from_row(row)
        spouse = rows.get(spouses.get(key, ""))
        if spouse is None:
            yield person
        else:
            yield replace(person, marital_status="married", spouse_number=spouse["personal_number"])


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(file)]


def _spouses(ties: Path) -> Iterator[tuple[str, str]]:
    """Two guardians of one child are taken for its married parents."""
    guardians: dict[str, list[str]] = {}
    for row in _rows(ties):
        if row["kind"] == "guardian":
            guardians.setdefault(row["other_key"], []).append(row["person_key"])
    for pair in guardians.values():
        if len(pair) == 2:  # noqa: PLR2004 a couple
            yield pair[0], pair[1]
            yield pair[1], pair[0]


def _from_row(row: Mapping[str, str]) -> Person:
    return Person(
        personal_number=row["personal_number"],
        name=row["name"],
        birth_date=row["birth_date"],
        sex=row["sex"],
        place_code=row["place_code"],
        residence=row["address"],
    )
