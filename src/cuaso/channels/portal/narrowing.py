"""Narrow what was found by level and field: what the address says, and what each choice leaves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from django.utils.translation import gettext_lazy as later

from cuaso.kernel import text
from cuaso.services.catalogue.contracts import Tally
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import ProcedureCard

LEVEL, FIELD = "cap", "linh-vuc"
LONGEST = 120


class Narrowed(TypedDict, total=False):
    """What a search is narrowed by; what is not narrowed is not there."""

    level: str
    field: str


class Choices(TypedDict):
    """What a page offers."""

    levels: tuple["Choice", ...]
    fields: tuple["Choice", ...]


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level in the address, as our procedures and as the national catalogue name it."""

    here: str
    elsewhere: str
    title: object


LEVELS: Final[Mapping[str, Level]] = {
    "xa": Level(here="commune", elsewhere="Cấp xã", title=later("Cấp xã")),
    "tinh": Level(here="province", elsewhere="Cấp tỉnh", title=later("Cấp tỉnh")),
    "bo": Level(here="ministry", elsewhere="Cấp bộ", title=later("Cấp bộ")),
}
OF_HERE: Final = {level.here: level.elsewhere for level in LEVELS.values()}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a filter: how many finds it leaves."""

    value: str
    title: object
    number: int
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What the reader narrowed by; `""` where they did not."""

    level: str = ""
    field: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """What an address says of it."""
        return {name: value for name, value in ((LEVEL, self.level), (FIELD, self.field)) if value}

    @property
    def here(self) -> Narrowed:
        """Narrow our own procedures."""
        return self._of(LEVELS[self.level].here if self.level else "")

    @property
    def elsewhere(self) -> Narrowed:
        """Narrow what the national portal describes."""
        return self._of(LEVELS[self.level].elsewhere if self.level else "")

    def _of(self, level: str) -> Narrowed:
        narrowed: Narrowed = {}
        if level:
            narrowed["level"] = level
        if self.field:
            narrowed["field"] = self.field
        return narrowed

    def takes_level(self, levels: Iterable[str]) -> bool:
        return not self.level or LEVELS[self.level].elsewhere in levels

    def takes_field(self, field: str) -> bool:
        return not self.field or self.field == field


def read(asked: Mapping[str, str]) -> Narrowing:
    """Read a page's address; a level that does not exist narrows nothing, a field that we know may
    be typed without marks.
    """
    level, field = asked.get(LEVEL, ""), asked.get(FIELD, "").strip()[:LONGEST]
    known = {text.fold(one): one for one in procedures.fields()}
    return Narrowing(
        level=level if level in LEVELS else "", field=known.get(text.fold(field), field)
    )


def of_cards(cards: Iterable[ProcedureCard]) -> tuple[Tally, ...]:
    """Count our own procedures."""
    counted = Counter((card.field, card.level) for card in cards)
    return of_rows((field, level, number) for (field, level), number in counted.items())


def of_rows(rows: Iterable[tuple[str, str, int]]) -> tuple[Tally, ...]:
    """Say counts of our own procedures in the words of the national catalogue."""
    return tuple(
        Tally(field=field, levels=(OF_HERE.get(level, level),), number=number)
        for field, level, number in rows
    )


def fitting(cards: Iterable[ProcedureCard], wanted: Narrowing) -> tuple[ProcedureCard, ...]:
    """Return our own procedures that fit."""
    return tuple(
        card
        for card in cards
        if wanted.takes_field(card.field) and wanted.takes_level((OF_HERE.get(card.level, ""),))
    )


def choices(counted: Sequence[Tally], wanted: Narrowing) -> Choices:
    """Return the options: each counts what it leaves beside the other filter."""
    return {
        "levels": tuple(
            choice
            for value, level in LEVELS.items()
            if (choice := _level(value, level, counted, wanted)).number or choice.chosen
        ),
        "fields": tuple(_fields(counted, wanted)),
    }


def _level(value: str, level: Level, counted: Sequence[Tally], wanted: Narrowing) -> Choice:
    number = sum(
        one.number
        for one in counted
        if level.elsewhere in one.levels and wanted.takes_field(one.field)
    )
    return Choice(value=value, title=level.title, number=number, chosen=value == wanted.level)


def _fields(counted: Sequence[Tally], wanted: Narrowing) -> Iterable[Choice]:
    numbers: Counter[str] = Counter()
    for one in counted:
        if wanted.takes_level(one.levels):
            numbers[one.field] += one.number
    if wanted.field:
        numbers.setdefault(wanted.field, 0)
    for field in sorted(numbers, key=text.sort_key):
        if field:
            yield Choice(
                value=field, title=field, number=numbers[field], chosen=field == wanted.field
            )
