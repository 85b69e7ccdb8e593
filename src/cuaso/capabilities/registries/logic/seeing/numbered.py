"""Whose the personal numbers of a record are, asked by the statement that reads its row."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.storing import prepared
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.directory import api as directory

# People by their numbers, None for a number that nobody has.
Persons = Mapping[str, UUID | None]
NOBODY: Final[Persons] = MappingProxyType({})


def row(built: Built, id: UUID) -> tuple[Row | None, Persons]:
    """Return the row of a record, None for none, and whose the numbers in its columns are."""
    text = built.worked_out("row with its people", lambda: _statement(built))
    found = prepared.first(text, [id])
    if found is None:
        return None, NOBODY
    width = built.fetching.width
    made: Row = built.fetching.made(found[:width])
    return made, told(found[width:])


def asking(built: Built) -> tuple[str, ...]:
    """Return the columns of the row `r` that hold personal numbers, then what asks for whose each
    is. Numbers in rows of groups are not among them.
    """
    return built.worked_out("whose numbers", lambda: _asking(built))


def told(cells: Sequence[Any]) -> Persons:
    """Return what `asking` was answered; what is no plain number stays to be asked as it is."""
    half = len(cells) // 2
    found = zip(cells[:half], cells[half:], strict=True)
    return {number: person for number, person in found if number and number.isdecimal()}


def _statement(built: Built) -> str:
    asked = ", ".join((built.fetching.selected("r"), *asking(built)))
    return f'select {asked} from "{built.table}" as r where r.row_id = %s'  # noqa: S608 our own names


def _asking(built: Built) -> tuple[str, ...]:
    numbers = tuple(_numbers(built))
    return (*numbers, *map(directory.person_id_of, numbers))


def _numbers(built: Built) -> Iterator[str]:
    for column in built.columns:
        if column.one is not None and column.one.number == "personal" and column.kind == "text":
            yield f'r."{column.name}"'
