"""Refuses or converts the cells of a sheet that are written for old fonts, and tells of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.formats.old_letters import FONTS, ColumnLetters

_PORTION: Final = 2_000
_LONGEST: Final = 60


@dataclass(slots=True)
class Found:
    """The first cell of a column that is of an old font, and how many there are."""

    font: str
    line: int
    text: str
    made: str
    cells: int = 0


class Lettering:
    """Reads the lines of one sheet; `columns` are the places to be looked at, with their headings.
    With `convert` cells of old fonts are written in Unicode, without it they are refused.
    """

    def __init__(self, columns: Mapping[int, str], *, convert: bool) -> None:
        self._columns, self.converts = columns, convert
        self._letters: dict[int, ColumnLetters] = {}
        self.found: dict[int, Found] = {}

    def read(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Yield the lines; columns are judged by all of their texts so far."""
        self._letters = {at: ColumnLetters() for at in self._columns}
        self.found = {}
        while portion := list(islice(lines, _PORTION)):
            self._learn(portion)
            for at, letters in self._letters.items():
                if letters.font:
                    self._column(portion, at, letters)
            yield from portion

    def state(self) -> str:
        """Return "old", "converted", or "" where nothing is of an old font."""
        return ("converted" if self.converts else "old") if self.found else ""

    def said(self) -> list[str]:
        """Say of each column what was found in it."""
        return [
            f"Cột “{self._columns[at]}” có {one.cells} ô viết bằng phông {FONTS[one.font][0]}"
            f"{', đã đổi sang Unicode' if self.converts else ', chưa đổi sang Unicode'};"
            f" ví dụ dòng {one.line}: “{one.text}” là “{one.made}”."
            for at, one in sorted(self.found.items())
        ]

    def _learn(self, portion: Sequence[Line]) -> None:
        columns = list(zip_longest(*(line.cells for line in portion), fillvalue=""))
        for at, letters in self._letters.items():
            if at < len(columns):
                letters.learn(columns[at])
        sure = {letters.font for letters in self._letters.values() if letters.font}
        for font in sure:
            for letters in self._letters.values():
                letters.follow(font)

    def _column(self, portion: Sequence[Line], at: int, letters: ColumnLetters) -> None:
        for line in portion:
            if at >= len(line.cells) or at in line.faults:
                continue
            text = line.cells[at]
            made = letters.told(text)
            if not made:
                continue
            shown, meant = text[:_LONGEST], made[:_LONGEST]
            one = self.found.setdefault(at, Found(letters.font, line.number, shown, meant))
            one.cells += 1
            if self.converts:
                line.cells[at] = made
            else:
                line.faults[at] = (
                    f"Ô viết bằng phông {FONTS[letters.font][0]}: “{shown}” là “{meant}”."
                    " Hãy chọn đổi sang Unicode rồi đọc lại, hoặc đổi phông trong tệp."
                )
