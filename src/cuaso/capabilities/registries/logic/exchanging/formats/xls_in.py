"""Reads XLS, the workbook of Excel until 2003: texts of cells as people see them, nothing run.

A formula gives the value that was last computed. Files under a password or with programs are
refused. Memory holds the whole workbook, so the size of a file is bounded.
"""

import io
import os
import struct
from collections.abc import Generator
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

import xlrd
from xlrd.compdoc import CompDocError

from cuaso.capabilities.registries.logic.exchanging.formats.lines import (
    AGAIN,
    Line,
    Sheet,
    refused,
)
from cuaso.capabilities.registries.logic.exchanging.formats.merged import Range, filled, told
from cuaso.capabilities.registries.logic.exchanging.formats.xlsx_saying import (
    LAST_DAY,
    day_text,
    number_text,
    wrong_cell,
)
from cuaso.kernel import archives
from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import nfc

MOST_BYTES: Final = 32 * 1024**2
_BEGINS: Final = (datetime(1899, 12, 30), datetime(1904, 1, 1))  # noqa: DTZ001 clocks on paper
# What the library raises at a file that is no such workbook, or a damaged one.
_BROKEN: Final = (xlrd.XLRDError, CompDocError, struct.error, *archives.UNREADABLE)
_VISIBLE: Final = 0
_PROGRAMS: Final = "_VBA_PROJECT".encode("utf-16-le")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")


def sheets(file: BinaryIO) -> tuple[Sheet, ...]:
    """Return the visible sheets of a workbook; raise Invalid in words for one that is not read."""
    book = _opened(_content(file))
    found = tuple(_sheet(book, one) for one in book.sheets() if one.visibility == _VISIBLE)
    if not found:
        raise refused("Tệp không có trang tính nào.", AGAIN)
    return found


def _content(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise refused(
            f"Tệp .xls đời cũ lớn {size // 1024**2} MB, quá {MOST_BYTES // 1024**2} MB.", AGAIN
        )
    file.seek(0)
    content = file.read()
    if _LOCKED in content:
        raise _locked()
    if _PROGRAMS in content:
        raise refused("Bảng tính có chương trình (macro).", AGAIN)
    return content


def _opened(content: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
    except _BROKEN as error:
        if "encrypted" in str(error):
            raise _locked() from None
        raise refused(f"Bảng tính hỏng ({type(error).__name__}).", AGAIN) from None


def _locked() -> Invalid:
    return refused("Bảng tính có mật khẩu.", "Hãy bỏ mật khẩu, lưu lại ở dạng .xlsx rồi nhập lại.")


def _sheet(book: xlrd.Book, one: xlrd.sheet.Sheet) -> Sheet:
    merged = sorted(
        ((left, top + 1, right - 1, bottom) for top, bottom, left, right in one.merged_cells),
        key=lambda range_: range_[1],
    )
    read = partial(_lines, one, merged, _BEGINS[bool(book.datemode)])
    return Sheet(name=one.name, read=read, remarks=told(merged))


def _lines(
    one: xlrd.sheet.Sheet, merged: list[Range], begins: datetime
) -> Generator[Line, None, None]:
    every = (_line(one, row, begins) for row in range(one.nrows))
    return (line for line in filled(every, merged) if any(line.cells) or line.faults)


def _line(one: xlrd.sheet.Sheet, row: int, begins: datetime) -> Line:
    line = Line(row + 1, [])
    kinds, values = one.row_types(row), one.row_values(row)
    for at, (kind, value) in enumerate(zip(kinds, values, strict=True)):
        if kind == xlrd.XL_CELL_ERROR:
            line.faults[at] = wrong_cell(xlrd.error_text_from_code.get(value, "#?"))
        line.cells.append(_said(kind, value, begins))
    return line


def _said(kind: int, value: str | float, begins: datetime) -> str:
    if isinstance(value, str):
        return nfc(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "Có" if value else "Không"
    if kind == xlrd.XL_CELL_DATE and 0 <= value <= LAST_DAY:
        return day_text(begins, value)
    return number_text(value) if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) else ""
