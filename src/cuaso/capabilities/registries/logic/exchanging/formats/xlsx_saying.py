"""Says the rows of a workbook as lines: texts of cells as people see them, nothing run.

A formula gives the value that was last computed.
"""

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from cuaso.capabilities.registries.logic.exchanging.formats import xlsx_plain
from cuaso.capabilities.registries.logic.exchanging.formats.lines import MOST_COLUMNS, Line

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_DAY: Final = 2_958_465
_KEPT: Final = 50_000
_NEVER_COMPUTED: Final = "Ô là công thức chưa có giá trị. Hãy dán lại dạng giá trị."


@dataclass(frozen=True, kw_only=True)
class Book:
    packed: zipfile.ZipFile
    texts: list[str]
    dated: tuple[bool, ...]
    begins: datetime


class Saying:
    """Says the rows of one sheet as lines, one after the other."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._columns: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._number = 0

    def plain_line(self, attributes: str, inside: str) -> Line:
        """Return a row that is given as it stands."""
        line = Line(xlsx_plain.number_of(attributes) or self._number + 1, [])
        try:
            self._fill(line, inside)
        except xlsx_plain.Strange:
            return self.line(fragment("row", attributes, inside))
        self._number = line.number
        return line

    def _fill(self, line: Line, inside: str) -> None:
        cells, columns, said = line.cells, self._columns, xlsx_plain.said
        for letters, style, kind, formula, value, own, text, strange in xlsx_plain.cells(inside):
            if strange or (own and (kind != "inlineStr" or formula)):
                raise xlsx_plain.Strange
            at = len(cells)
            if letters and columns.get(letters) != at:
                at = self._place(line, letters)
            if at >= MOST_COLUMNS:
                break
            if own:
                cells.append(plain(said(text)))
            elif value:
                cells.append(self._valued(line, at, kind, style, said(value)))
            else:
                if formula:
                    line.faults[at] = _NEVER_COMPUTED
                cells.append("")

    def line(self, row: Any) -> Line:  # noqa: ANN401 lxml's element
        """Return a row."""
        line = self._begun(int(row.get("r") or 0))
        for cell in row:
            at = self._place(line, (cell.get("r") or "").rstrip("0123456789"))
            if at >= MOST_COLUMNS:
                break
            line.cells.append(_said(self._book, cell, line, at, self._numbers))
        return line

    def _begun(self, number: int) -> Line:
        self._number = number or self._number + 1
        return Line(self._number, [])

    def _place(self, line: Line, letters: str) -> int:
        """Return the column of a cell; those that were passed over are empty."""
        cells = line.cells
        if not letters:
            return len(cells)
        at = self._columns.get(letters)
        if at is None:
            at = self._columns[letters] = index_of(letters)
        if len(cells) < at < MOST_COLUMNS:
            cells.extend([""] * (at - len(cells)))
        return at

    def _valued(self, line: Line, at: int, kind: str, style: str, value: str) -> str:
        if kind == "s":
            return self._book.texts[int(value)]
        if kind in ("", "n"):
            return _number(self._book, value, style, self._numbers)
        return "" if kind == "inlineStr" else _other(kind, value, line, at)


def _said(
    book: Book,
    cell: Any,  # noqa: ANN401 lxml's element
    line: Line,
    at: int,
    numbers: dict[tuple[str, str], str],
) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _inline(cell)
    value = None
    for part in cell:
        if part.tag.endswith("}v"):
            value = part.text
    if value is None:
        if any(part.tag.endswith("}f") for part in cell):
            line.faults[at] = _NEVER_COMPUTED
        return ""
    if kind == "s":
        return book.texts[int(value)]
    return (
        _number(book, value, cell.get("s", ""), numbers)
        if kind == "n"
        else _other(kind, value, line, at)
    )


def _inline(cell: Any) -> str:  # noqa: ANN401 lxml's element
    if len(cell) == 1 and len(cell[0]) == 1 and cell[0][0].tag.endswith("}t"):
        return plain(cell[0][0].text or "")
    return "".join(text_of(part) for part in cell if part.tag.endswith("}is"))


def _other(kind: str, value: str, line: Line, at: int) -> str:
    if kind == "e":
        line.faults[at] = wrong_cell(value)
        return ""
    if kind == "b":
        return "Có" if value in ("1", "true") else "Không"
    return plain(value)


def wrong_cell(error: str) -> str:
    """Return what is said of a cell that holds an error of the spreadsheet, such as #REF!."""
    return f"Ô mang lỗi {error} của bảng tính. Hãy sửa ô này."


def _number(book: Book, value: str, style: str, known: dict[tuple[str, str], str]) -> str:
    key = (value, style)
    if key not in known:
        if len(known) > _KEPT:
            known.clear()
        known[key] = _number_text(book, value, style)
    return known[key]


def _number_text(book: Book, value: str, style: str) -> str:
    """Return a number as people write it: a day where the format shows one, a decimal comma."""
    number = float(value)
    dated = style and 0 <= int(style) < len(book.dated) and book.dated[int(style)]
    if dated and 0 <= number <= LAST_DAY:
        return day_text(book.begins, number)
    return number_text(number)


def number_text(number: float) -> str:
    """Return a number as people write it, with a decimal comma."""
    said = f"{Decimal(f'{number:.15g}'):f}"
    if "." in said:
        said = said.rstrip("0").rstrip(".").replace(".", ",")
    return said


def day_text(begins: datetime, number: float) -> str:
    """Return a serial number of Excel as 05/07/2025, with the time of day where it has one."""
    moment = begins + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return f"{moment:%H:%M}"
    if number == int(number):
        return f"{moment:%d/%m/%Y}"
    return f"{moment:%d/%m/%Y %H:%M}"


def index_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def fragment(tag: str, attributes: str, inside: str) -> Any:  # noqa: ANN401 lxml's element
    """Return one element read by itself."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    whole = f'<{tag} xmlns="{MAIN[1:-1]}"{attributes}>{inside}</{tag}>'
    return etree.fromstring(whole, parser)


def _local(element: Any) -> str:  # noqa: ANN401 lxml's element
    return str(etree.QName(element).localname)


def text_of(element: Any) -> str:  # noqa: ANN401 lxml's element
    said = "".join(
        one.text or ""
        for one in element.iter("{*}t")
        if one.getparent() is element or _local(one.getparent()) == "r"
    )
    return plain(said)


def plain(said: str) -> str:
    if "_x" not in said:
        return said
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
