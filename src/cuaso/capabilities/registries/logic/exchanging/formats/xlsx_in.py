"""Reads XLSX as a stream: texts of cells as people see them, merged cells filled, nothing run.

A formula gives the value that was last computed. Files that carry programs, point to other files,
or are packed to burst are refused. Memory holds the shared texts and one row.
"""

import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Final

from lxml import etree

from cuaso.capabilities.registries.logic.exchanging.formats import xlsx_plain
from cuaso.capabilities.registries.logic.exchanging.formats.lines import (
    AGAIN,
    Line,
    Sheet,
    refused,
)
from cuaso.capabilities.registries.logic.exchanging.formats.merged import Range, filled, told
from cuaso.capabilities.registries.logic.exchanging.formats.xlsx_saying import (
    MAIN,
    Book,
    Saying,
    fragment,
    index_of,
    plain,
    text_of,
)
from cuaso.kernel import archives

_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_PARTS: Final = 5_000
_MOST_UNPACKED: Final = 4 * 1024**3
_SMALL: Final = 16 * 1024**2
_TIGHTEST: Final = 150
_MOST_MERGED: Final = 20_000
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"
)
_PORTION: Final = 1 << 20


def sheets(file: BinaryIO) -> tuple[Sheet, ...]:
    """Return the visible sheets of a workbook; raise Invalid in words for one that is not read."""
    packed = _unpacked(file)
    try:
        book = Book(
            packed=packed,
            texts=_shared_texts(packed),
            dated=_dated(packed),
            begins=_begins(packed),
        )
        found = [_sheet(book, name, path) for name, path in _visible(packed)]
    except (etree.XMLSyntaxError, LookupError, *archives.BROKEN) as error:
        raise refused(f"Bảng tính hỏng ({type(error).__name__}).", AGAIN) from None
    if not found:
        raise refused("Tệp không có trang tính nào.", AGAIN)
    return tuple(found)


def _unpacked(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    try:
        packed = zipfile.ZipFile(file)
    except archives.BROKEN:
        raise refused("Tệp không phải bảng tính .xlsx.", AGAIN) from None
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
        raise refused("Bảng tính có chương trình (macro).", AGAIN)
    return packed


def _tree(packed: zipfile.ZipFile, path: str) -> Any:  # noqa: ANN401 lxml's element
    content = packed.read(path)
    if b"<!DOCTYPE" in content[:4096]:
        raise refused("Bảng tính có khai báo XML không an toàn.", AGAIN)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


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
    path = "xl/sharedStrings.xml"
    if path not in packed.namelist():
        return []
    with packed.open(path) as stream:
        pieces = xlsx_plain.Pieces(stream, outer="sst", tag="si")
        texts = [_shared_text(inside) for _, inside in pieces]
    if pieces.whole:
        return texts
    with packed.open(path) as stream:
        texts = []
        for element in _elements(stream, "si"):
            texts.append(text_of(element))
            _forget(element)
    return texts


def _shared_text(inside: str) -> str:
    try:
        return plain(xlsx_plain.shared(inside))
    except xlsx_plain.Strange:
        return text_of(fragment("si", "", inside))


def _elements(stream: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 lxml's element
    walk = etree.iterparse(
        stream,
        events=("end",),
        tag=(f"{MAIN}{name}", f"{_STRICT}{name}"),
        resolve_entities=False,
        no_network=True,
    )
    return (element for _, element in walk)


def _forget(element: Any) -> None:  # noqa: ANN401 lxml's element
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


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


def _sheet(book: Book, name: str, path: str) -> Sheet:
    merged = _merged(book.packed, path)
    read: Callable[[], Generator[Line, None, None]] = partial(_lines, book, path, merged)
    return Sheet(name=name, read=read, remarks=told(merged))


def _merged(packed: zipfile.ZipFile, path: str) -> list[Range]:
    """Return merged ranges as left, top, right, bottom; they stand at the end of a sheet."""
    found: list[Range] = []
    tail = b""
    with packed.open(path) as stream:
        head = stream.read(_PORTION)
        if b"<!DOCTYPE" in head[:4096]:
            raise refused("Bảng tính có khai báo XML không an toàn.", AGAIN)
        while head:
            whole = tail + head
            if b"mergeCell" in whole:
                for one in _MERGED.finditer(whole):
                    if one.end() > len(tail):
                        left, top, right, bottom = (part.decode() for part in one.groups())
                        found.append((index_of(left), int(top), index_of(right), int(bottom)))
            tail = whole[-200:]
            head = stream.read(_PORTION)
    if len(found) > _MOST_MERGED:
        raise refused("Bảng tính có quá nhiều ô gộp.", "Hãy bỏ gộp ô rồi nhập lại.")
    return sorted(found, key=lambda one: one[1])


def _lines(book: Book, path: str, merged: list[Range]) -> Generator[Line, None, None]:
    try:
        for line in filled(_every_line(book, path), merged):
            if any(line.cells) or line.faults:
                yield line
    except (etree.XMLSyntaxError, LookupError, *archives.BROKEN) as error:
        raise refused(f"Bảng tính hỏng ({type(error).__name__}).", AGAIN) from None


def _every_line(book: Book, path: str) -> Iterator[Line]:
    """Read lines as they are usually written; what follows anything else goes to the parser."""
    read = 0
    with book.packed.open(path) as stream:
        pieces = xlsx_plain.Pieces(stream, outer="sheetData", tag="row")
        saying = Saying(book)
        for attributes, inside in pieces:
            read += 1
            yield saying.plain_line(attributes, inside)
    if not pieces.whole:
        with book.packed.open(path) as stream:
            yield from islice(_parsed_lines(book, stream), read, None)


def _parsed_lines(book: Book, stream: Any) -> Iterator[Line]:  # noqa: ANN401 a zip's stream
    saying = Saying(book)
    for row in _elements(stream, "row"):
        yield saying.line(row)
        _forget(row)
