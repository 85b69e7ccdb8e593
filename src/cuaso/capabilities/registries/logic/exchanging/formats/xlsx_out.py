"""Writes a workbook as a stream of bytes: one sheet, any number of rows, memory for a few.

A text never becomes a formula: it is stored as text, and marked so that a spreadsheet leaves it
one when the cell is edited.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

Value = str | int | Decimal | date | None
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_STRANGE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x0d\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EXACT: Final = 15
_BEGINS: Final = date(1899, 12, 30)
_FIRST: Final = date(1900, 3, 1)
_PORTION: Final = 256 * 1024
_NS: Final = "http://schemas.openxmlformats.org"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES: Final = (
    f'{_HEAD}<Types xmlns="{_NS}/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.styles+xml"/></Types>'
)
_RELS: Final = (
    f'{_HEAD}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{_NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_BOOK_RELS: Final = (
    f'{_HEAD}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{_NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_NS}/officeDocument/2006/relationships/styles"'
    ' Target="styles.xml"/></Relationships>'
)
# Formats of cells: 0 general, 1 a day, 2 text that looks like a formula, 3 heading, 4 text.
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_NS}/spreadsheetml/2006/main">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class _Sink(io.RawIOBase):
    """Takes what the archive writes and gives it away in portions."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, given: object) -> int:
        part = bytes(given)  # type: ignore[call-overload] # any buffer
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def workbook(rows: Iterable[Sequence[Value]], *, name: str, heading: int = 1) -> Iterator[bytes]:
    """Yield a workbook of one sheet; the first `heading` rows are set as headings."""
    sink = _Sink()
    packed = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
    book = (
        f'{_HEAD}<workbook xmlns="{_NS}/spreadsheetml/2006/main"'
        f' xmlns:r="{_NS}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{_attribute(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    for path, text in (
        ("[Content_Types].xml", _TYPES),
        ("_rels/.rels", _RELS),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", _BOOK_RELS),
        ("xl/styles.xml", _STYLES),
    ):
        packed.writestr(path, text)
    with packed.open("xl/worksheets/sheet1.xml", "w") as part:
        for text in _portions(_sheet(rows, heading)):
            part.write(text.encode())
            yield sink.take()
    packed.close()
    yield sink.take()


def _portions(texts: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= _PORTION:
            yield "".join(waiting)
            waiting.clear()
            size = 0
    yield "".join(waiting)


def _sheet(rows: Iterable[Sequence[Value]], heading: int) -> Iterator[str]:
    yield (
        f'{_HEAD}<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetViews>'
        f'<sheetView workbookViewId="0"><pane ySplit="{heading}" topLeftCell="A{heading + 1}"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" defaultColWidth="18"/><sheetData>'
    )
    letters: list[str] = []
    for number, row in enumerate(rows, start=1):
        while len(letters) < len(row):
            letters.append(column_letters(len(letters)))
        cells = [
            _cell(f"{letter}{number}", value, heading=number <= heading)
            for letter, value in zip(letters, row, strict=False)
            if value is not None and value != ""
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def column_letters(index: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(place: str, value: Value, *, heading: bool) -> str:
    if isinstance(value, str):
        style = 3 if heading else 2 if _FORMULA.match(value) else 4
        return (
            f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(_escaped(value))}</t></is></c>"
        )
    if isinstance(value, date) and not isinstance(value, datetime):
        if value < _FIRST:
            return _cell(place, f"{value:%d/%m/%Y}", heading=heading)
        return f'<c r="{place}" s="1"><v>{(value - _BEGINS).days}</v></c>'
    plain = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if len(plain.lstrip("-").replace(".", "").lstrip("0")) > _EXACT:
        return _cell(place, plain.replace(".", ","), heading=heading)
    return f'<c r="{place}"><v>{plain}</v></c>'


def _escaped(text: str) -> str:
    return _STRANGE.sub(lambda found: f"_x{ord(found[0]):04X}_", text) if text else text


def _attribute(name: str) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip() or "Trang"
    return escape(plain, {'"': "&quot;"})
