"""Read the export from a spreadsheet: the same columns, one record a row, every cell as text.

Nothing is computed: a formula stands as its text, and what is cut or merged is told.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cuaso.kernel.archives import UNREADABLE
from cuaso.services.catalogue.logic.cleaning import COLUMNS, PASSED_OVER
from cuaso.services.catalogue.logic.damage import Fault
from cuaso.services.catalogue.logic.raw import CODE, MOST_RECORDS, Raw, column_of

MOST_COLUMNS: Final = 200
HEADER_WITHIN: Final = 30
# Excel itself cuts a cell at this length.
CUT_AT: Final = 32_767
KNOWN: Final = frozenset(COLUMNS) | PASSED_OVER
_HEADER: Final = (
    f"Hãy đặt tên cột như bản xuất của Cổng dịch vụ công quốc gia ({CODE}, …) ở đầu trang tính."
)
_AGAIN: Final = "Hãy mở bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."
_LITERAL: Final = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"_x00(0[9ADad])_")
_DECIMALS: Final = re.compile(r"0+\.(0+)")
_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"
)
Row = Sequence[Cell]


class _Unfit(Exception):
    """A cell that must not be taken, with the sentence to say."""


def found(packed: bytes) -> Iterator[Raw | Fault]:
    """Yield every record of the one visible sheet that has the export's columns, or its fault.

    Merged captions above and in the header are passed over; `line` is the row of the sheet.
    """
    with warnings.catch_warnings():
        # What the reader leaves out (pictures, colours, rules) is no part of an export.
        warnings.simplefilter("ignore")
        try:
            yield from _found(load_workbook(io.BytesIO(packed), read_only=True, keep_links=False))
        except UNREADABLE as error:
            say = f"không đọc được bảng tính ({type(error).__name__})."
            yield Fault(line=0, say=say, mend=_AGAIN)


def _found(book: Workbook) -> Iterator[Raw | Fault]:
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    fitting = [one for one in shown if CODE in _named(list(islice(_rows(one), HEADER_WITHIN)))]
    if len(fitting) != 1:
        say = (
            "có nhiều hơn một trang tính có cột mã thủ tục."
            if fitting
            else "không trang tính nào có cột mã thủ tục."
        )
        mend = "Hãy để lại một trang danh mục trong tệp." if fitting else _HEADER
        yield Fault(line=0, say=say, mend=mend)
        return
    yield from _records(book, fitting[0])


def _rows(sheet: Worksheet) -> Iterator[Row]:
    """Yield rows by what is in them, whatever size the sheet states, one beyond each bound."""
    sheet.reset_dimensions()
    rows: Iterator[Row] = sheet.iter_rows(
        max_row=HEADER_WITHIN + MOST_RECORDS + 1, max_col=MOST_COLUMNS + 1
    )
    return rows


def _records(book: Workbook, sheet: Worksheet) -> Iterator[Raw | Fault]:
    rows = enumerate(_rows(sheet), start=1)
    top = [row for _, row in islice(rows, HEADER_WITHIN)]
    begin, names = _header(top)
    fault = _unfit_header(names, line=begin) or _merged_below(book, sheet, header=begin)
    if fault:
        yield fault
        return
    for line, row in chain(enumerate(top[begin:], start=begin + 1), rows):
        if line > begin + MOST_RECORDS:
            say = f"có nhiều hơn {MOST_RECORDS:,} dòng.".replace(",", ".")
            yield Fault(line=line, say=say, mend="Hãy chia tệp ra.")
            return
        if any(_holds(cell) for cell in row):
            yield _record(line, row, names)


def _header(top: Sequence[Row]) -> tuple[int, dict[int, str]]:
    """Return after which row the records begin, and the name of each column.

    A header may spread over rows (merged captions): each column has its lowest name.
    """
    named = [index for index, row in enumerate(top) if set(_names(row).values()) & KNOWN]
    first = next(index for index in named if CODE in _named(top[: index + 1]))
    while named and first + 1 in named and CODE not in _names(top[first + 1]).values():
        first += 1
    names: dict[int, str] = {}
    for index in range(named[0], first + 1):
        names |= _names(top[index])
    return first + 1, names


def _named(top: Sequence[Row]) -> set[str]:
    return {name for row in top for name in _names(row).values()}


def _names(row: Row) -> dict[int, str]:
    """Return the names in a row: "Mã thủ tục" is called as the export's `ma_thu_tuc`."""
    return {
        index: column_of(cell.value)
        for index, cell in enumerate(row)
        if isinstance(cell.value, str) and cell.value.strip()
    }


def _unfit_header(names: Mapping[int, str], *, line: int) -> Fault | None:
    said = list(names.values())
    twice = next((name for name in said if said.count(name) > 1), "")
    if twice:
        return Fault(line=line, say=f"cột {twice} có hai lần.", mend=_HEADER)
    if max(names) >= MOST_COLUMNS:
        say = f"có nhiều hơn {MOST_COLUMNS} cột."
        return Fault(line=line, say=say, mend="Hãy bỏ những cột không thuộc bản xuất.")
    return None


def _record(line: int, row: Row, names: Mapping[int, str]) -> Raw | Fault:
    values: dict[str, object] = {}
    for index, cell in enumerate(row):
        if not _holds(cell):
            continue
        place = f"{get_column_letter(index + 1)}{line}"
        if index not in names:
            say = f"ô {place} có nội dung nhưng cột không có tên."
            return Fault(line=line, say=say, mend=_HEADER)
        try:
            values[names[index]] = _text(cell)
        except _Unfit as unfit:
            say = f"ô {place} {unfit}"
            return Fault(line=line, say=say, mend="Hãy sửa ô này, hoặc xuất lại ở dạng JSON.")
    return Raw(line=line, values=values)


def _holds(cell: Cell) -> bool:
    value = cell.value
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _text(cell: Cell) -> str:
    """Return what stands in a cell as text: a number as its format shows it, a day as written."""
    value = cell.value
    if cell.data_type == "e":
        message = f"mang lỗi {value}."
        raise _Unfit(message)
    if cell.data_type == "f":
        return _formula(str(getattr(value, "text", value)))
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value, str(cell.number_format))
        case datetime() if value.time() != time(0):
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
    said = str(value)
    if len(said) == CUT_AT:
        message = f"dài đúng {CUT_AT} ký tự: bảng tính đã cắt mất phần sau."
        raise _Unfit(message)
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), said)


def _formula(said: str) -> str:
    """Return a formula as its text; `="1.001193"` only keeps a text from becoming a number."""
    literal = _LITERAL.fullmatch(said)
    return literal.group(1).replace('""', '"') if literal else said


def _number(value: float, shown: str) -> str:
    fixed = _DECIMALS.fullmatch(shown)
    if fixed:
        return f"{value:.{len(fixed.group(1))}f}"
    return str(int(value)) if value.is_integer() else repr(value)


def _merged_below(book: Workbook, sheet: Worksheet, *, header: int) -> Fault | None:
    """Return the fault of a merged range among the records; the reader itself sees none."""
    # openpyxl tells merged ranges only when it loads a whole sheet into memory.
    content = book._archive.read(sheet._worksheet_path)  # noqa: SLF001
    for found in _MERGED.finditer(content):
        left, above, right, below = (part.decode() for part in found.groups())
        if int(below) > header:
            return Fault(
                line=max(int(above), header + 1),
                say=f"có ô gộp {left}{above}:{right}{below} trong phần dữ liệu.",
                mend="Hãy bỏ gộp ô và ghi đủ từng dòng.",
            )
    return None
