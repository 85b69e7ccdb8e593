"""Reads XLSX as a stream: texts of cells as people see them, merged cells filled, nothing run.

A formula gives the value that was last computed. Files that carry programs, point to other files,
or are packed to burst are refused. Memory holds the shared texts and one row.
"""

import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO, Final

from lxml import etree

from cuaso.capabilities.registries.logic.exchanging.lines import (
    MOST_COLUMNS,
    Line,
    Sheet,
    refused,
)

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_PARTS: Final = 5_000
_MOST_UNPACKED: Final = 4 * 1024**3
_SMALL: Final = 64 * 1024**2
_TIGHTEST: Final = 150
_MOST_MERGED: Final = 20_000
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"
)
_LAST_DAY: Final = 2_958_465
_PORTION: Final = 1 << 20
_KEPT: Final = 50_000
_AGAIN: Final = "Hãy mở bằng phần mềm bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."


@dataclass(frozen=True, kw_only=True)
class _Book:
    packed: zipfile.ZipFile
    texts: list[str]
    dated: tuple[bool, ...]
    begins: datetime


def sheets(file: BinaryIO) -> tuple[Sheet, ...]:
    """Return the visible sheets of a workbook; raise Invalid in words for one that is not read."""
    packed = _unpacked(file)
    try:
        book = _Book(
            packed=packed,
            texts=_shared_texts(packed),
            dated=_dated(packed),
            begins=_begins(packed),
        )
        found = [_sheet(book, name, path) for name, path in _visible(packed)]
    except (etree.XMLSyntaxError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise refused(f"Bảng tính hỏng ({type(error).__name__}).", _AGAIN) from None
    if not found:
        raise refused("Tệp không có trang tính nào.", _AGAIN)
    return tuple(found)


def _unpacked(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    if file.read(8).startswith(b"\xd0\xcf\x11\xe0"):
        raise refused("Tệp là .xls đời cũ, hoặc có mật khẩu.", _AGAIN)
    try:
        packed = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise refused("Tệp không phải bảng tính .xlsx.", _AGAIN) from None
    parts = packed.infolist()
    names = [one.filename.lower() for one in parts]
    tight = any(
        one.file_size > _SMALL and one.file_size > _TIGHTEST * max(one.compress_size, 1)
        for one in parts
    )
    if tight or len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > _MOST_UNPACKED:
        raise refused(
            "Tệp nén bung ra lớn bất thường, có thể là tệp phá hoại.",
            "Hãy chép riêng phần dữ liệu sang một bảng tính mới rồi nhập lại.",
        )
    if any(name.startswith("xl/externallinks/") for name in names):
        raise refused(
            "Bảng tính lấy dữ liệu từ tệp khác.",
            "Hãy dán dữ liệu dạng giá trị (Paste Values), bỏ liên kết ngoài rồi nhập lại.",
        )
    if any("vbaproject" in name for name in names):
        raise refused("Bảng tính có chương trình (macro).", _AGAIN)
    return packed


def _tree(packed: zipfile.ZipFile, path: str) -> Any:  # noqa: ANN401 lxml's element
    content = packed.read(path)
    if b"<!DOCTYPE" in content[:4096]:
        raise refused("Bảng tính có khai báo XML không an toàn.", _AGAIN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


def _local(element: Any) -> str:  # noqa: ANN401 lxml's element
    return str(etree.QName(element).localname)


def _visible(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    book = _tree(packed, "xl/workbook.xml")
    targets = {
        one.get("Id"): one.get("Target", "") for one in _tree(packed, "xl/_rels/workbook.xml.rels")
    }
    for one in book.iter("{*}sheet"):
        target = targets.get(one.get(_OFFICE)) or next(
            (targets.get(value, "") for name, value in one.attrib.items() if name.endswith("}id")),
            "",
        )
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if one.get("state", "visible") == "visible" and path in packed.namelist():
            yield one.get("name", ""), path


def _begins(packed: zipfile.ZipFile) -> datetime:
    found = next(_tree(packed, "xl/workbook.xml").iter("{*}workbookPr"), None)
    late = found is not None and found.get("date1904") in ("1", "true")
    return datetime(1904, 1, 1) if late else datetime(1899, 12, 30)  # noqa: DTZ001 a clock on paper


def _shared_texts(packed: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    texts: list[str] = []
    with packed.open("xl/sharedStrings.xml") as stream:
        for element in _elements(stream, "si"):
            texts.append(_text_of(element))
            _forget(element)
    return texts


def _elements(stream: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 lxml's element
    walk = etree.iterparse(
        stream,
        events=("end",),
        tag=(f"{_MAIN}{name}", f"{_STRICT}{name}"),
        resolve_entities=False,
        no_network=True,
    )
    return (element for _, element in walk)


def _forget(element: Any) -> None:  # noqa: ANN401 lxml's element
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


def _text_of(element: Any) -> str:  # noqa: ANN401 lxml's element
    said = "".join(
        one.text or ""
        for one in element.iter("{*}t")
        if one.getparent() is element or _local(one.getparent()) == "r"
    )
    return _plain(said)


def _plain(said: str) -> str:
    if "_x" not in said:
        return said
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)


def _dated(packed: zipfile.ZipFile) -> tuple[bool, ...]:
    """Return for each cell format whether it shows a day."""
    if "xl/styles.xml" not in packed.namelist():
        return ()
    styles = _tree(packed, "xl/styles.xml")
    own = {
        int(one.get("numFmtId", "0")): _shows_day(one.get("formatCode", ""))
        for one in styles.iter("{*}numFmt")
    }
    formats = next(styles.iter("{*}cellXfs"), ())
    numbers = [int(one.get("numFmtId", "0")) for one in formats]
    return tuple(own.get(number, number in _DATES) for number in numbers)


def _shows_day(code: str) -> bool:
    return (
        bool(set(_LITERALS.sub("", code).lower()) & set("dmyh")) and "general" not in code.lower()
    )


def _sheet(book: _Book, name: str, path: str) -> Sheet:
    merged = _merged(book.packed, path)
    told = f"{len(merged)} vùng ô gộp được đọc như ghi cùng một giá trị ở mọi ô trong vùng."
    remarks = (told,) if merged else ()
    read: Callable[[], Generator[Line, None, None]] = partial(_lines, book, path, merged)
    return Sheet(name=name, read=read, remarks=remarks)


def _merged(packed: zipfile.ZipFile, path: str) -> list[tuple[int, int, int, int]]:
    """Return merged ranges as left, top, right, bottom; they stand at the end of a sheet."""
    found: list[tuple[int, int, int, int]] = []
    tail = b""
    with packed.open(path) as stream:
        head = stream.read(_PORTION)
        if b"<!DOCTYPE" in head[:4096]:
            raise refused("Bảng tính có khai báo XML không an toàn.", _AGAIN)
        while head:
            whole = tail + head
            if b"mergeCell" in whole:
                for one in _MERGED.finditer(whole):
                    if one.end() > len(tail):
                        left, top, right, bottom = (part.decode() for part in one.groups())
                        found.append((_index(left), int(top), _index(right), int(bottom)))
            tail = whole[-200:]
            head = stream.read(_PORTION)
    if len(found) > _MOST_MERGED:
        raise refused("Bảng tính có quá nhiều ô gộp.", "Hãy bỏ gộp ô rồi nhập lại.")
    return sorted(found, key=lambda one: one[1])


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _lines(
    book: _Book, path: str, merged: list[tuple[int, int, int, int]]
) -> Generator[Line, None, None]:
    waiting = list(reversed(merged))
    open_: list[tuple[tuple[int, int, int, int], str]] = []
    try:
        with book.packed.open(path) as stream:
            for line in _plain_lines(book, stream):
                if waiting or open_:
                    open_ = _fill(line, waiting, open_)
                if any(line.cells) or line.faults:
                    yield line
    except (etree.XMLSyntaxError, zipfile.BadZipFile, ValueError, EOFError) as error:
        raise refused(f"Bảng tính hỏng ({type(error).__name__}).", _AGAIN) from None


def _fill(
    line: Line,
    waiting: list[tuple[int, int, int, int]],
    open_: list[tuple[tuple[int, int, int, int], str]],
) -> list[tuple[tuple[int, int, int, int], str]]:
    """Write the value of a merged range into each of its cells that has none."""
    still = [one for one in open_ if one[0][3] >= line.number]
    while waiting and waiting[-1][1] <= line.number:
        range_ = waiting.pop()
        if range_[1] == line.number and range_[0] < len(line.cells):
            still.append((range_, line.cells[range_[0]]))
    if any(line.cells):
        for (left, _, right, _), text in still:
            last = min(right, MOST_COLUMNS - 1)
            line.cells.extend([""] * (last + 1 - len(line.cells)))
            for at in range(left, last + 1):
                line.cells[at] = line.cells[at] or text
    return still


def _plain_lines(book: _Book, stream: Any) -> Iterator[Line]:  # noqa: ANN401 a zip's stream
    columns: dict[str, int] = {}
    numbers: dict[tuple[str, str], str] = {}
    number = 0
    for row in _elements(stream, "row"):
        said = row.get("r")
        number = int(said) if said else number + 1
        line = Line(number, [])
        cells = line.cells
        for cell in row:
            reference = cell.get("r")
            at = len(cells)
            if reference:
                letters = reference.rstrip("0123456789")
                if letters not in columns:
                    columns[letters] = _index(letters)
                at = columns[letters]
            if at >= MOST_COLUMNS:
                break
            if at > len(cells):
                cells.extend([""] * (at - len(cells)))
            cells.append(_said(book, cell, line, at, numbers))
        _forget(row)
        yield line


def _said(
    book: _Book,
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
            line.faults[at] = "Ô là công thức chưa có giá trị. Hãy dán lại dạng giá trị."
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
        return _plain(cell[0][0].text or "")
    return "".join(_text_of(part) for part in cell if part.tag.endswith("}is"))


def _other(kind: str, value: str, line: Line, at: int) -> str:
    if kind == "e":
        line.faults[at] = f"Ô mang lỗi {value} của bảng tính. Hãy sửa ô này."
        return ""
    if kind == "b":
        return "Có" if value in ("1", "true") else "Không"
    return _plain(value)


def _number(book: _Book, value: str, style: str, known: dict[tuple[str, str], str]) -> str:
    key = (value, style)
    if key not in known:
        if len(known) > _KEPT:
            known.clear()
        known[key] = _number_text(book, value, style)
    return known[key]


def _number_text(book: _Book, value: str, style: str) -> str:
    """Return a number as people write it: a day where the format shows one, a decimal comma."""
    number = float(value)
    dated = style and int(style) < len(book.dated) and book.dated[int(style)]
    if dated and 0 <= number <= _LAST_DAY:
        return day_text(book.begins, number)
    plain = f"{Decimal(f'{number:.15g}'):f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".").replace(".", ",")
    return plain


def day_text(begins: datetime, number: float) -> str:
    """Return a serial number of Excel as 05/07/2025, with the time of day where it has one."""
    moment = begins + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return f"{moment:%H:%M}"
    if number == int(number):
        return f"{moment:%d/%m/%Y}"
    return f"{moment:%d/%m/%Y %H:%M}"
