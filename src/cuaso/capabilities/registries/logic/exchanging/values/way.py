"""How the texts of records come: in the cells of a sheet, or as a program sends them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    lines_of,
    parts_of,
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """What reads the texts of a field, which rows a group's cell has, and the texts of a row."""

    reader: type[CellReader]
    lines: Callable[[str], list[str]]
    parts: Callable[[str], list[str]]


SHEET: Final = Way(reader=CellReader, lines=lines_of, parts=parts_of)
