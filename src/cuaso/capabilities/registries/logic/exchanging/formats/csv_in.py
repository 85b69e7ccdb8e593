"""Reads CSV as offices have it: UTF-8, UTF-16, Windows-1258 or 1252; semicolon, comma or tab."""

import csv
import io
from collections.abc import Generator
from itertools import islice, pairwise
from typing import BinaryIO, Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import (
    MOST_COLUMNS,
    Line,
    Sheet,
    refused,
)
from cuaso.capabilities.registries.logic.exchanging.formats.old_letters import is_old
from cuaso.kernel.text import nfc

_DELIMITERS: Final = {";": "dấu chấm phẩy", ",": "dấu phẩy", "\t": "phím Tab"}
_TRIED: Final = 20
_PORTION: Final = 1 << 20
_MARKS: Final = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS: Final = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
_WINDOWS: Final = {"cp1258": "Windows-1258", "cp1252": "Windows-1252"}


def sheets(file: BinaryIO) -> tuple[Sheet, ...]:
    """Return the one sheet of a CSV file; raise Invalid for what is no text."""
    encoding = encoding_of(file)
    delimiter = _delimiter(file, encoding)
    remarks = []
    if encoding in _WINDOWS:
        remarks.append(
            f"Tệp không ghi bảng mã; hệ thống đọc theo {_WINDOWS[encoding]}."
            " Hãy xem lại vài dòng có dấu trước khi nhập."
        )
    if delimiter != ";":
        remarks.append(f"Các cột được tách bằng {_DELIMITERS[delimiter]}.")

    def read() -> Generator[Line, None, None]:
        return _lines(file, encoding, delimiter)

    return (Sheet(name="CSV", read=read, remarks=tuple(remarks)),)


def _lines(file: BinaryIO, encoding: str, delimiter: str) -> Generator[Line, None, None]:
    text = _opened(file, encoding)
    composed = encoding == "cp1258"
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            if len(cells) > MOST_COLUMNS:
                raise refused(
                    f"Dòng {number} có {len(cells)} cột.",
                    f"Bảng chỉ nhận nhiều nhất {MOST_COLUMNS} cột; hãy bỏ cột thừa.",
                )
            if any(cells):
                yield Line(number, [nfc(one) for one in cells] if composed else cells)
    except csv.Error as error:
        raise refused(
            f"Tệp CSV hỏng ({error}).", "Hãy lưu lại từ bảng tính rồi nhập lại."
        ) from None
    finally:
        # A reading that was left half-way ends when nobody holds it, maybe after its file.
        if not file.closed:
            text.detach()


def _opened(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a text file, guessed from what it holds; raise Invalid."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        raise refused("Tệp không phải văn bản.", "Hãy chọn tệp .xlsx hoặc .csv.")
    if _decodes(file, "utf-8"):
        return "utf-8-sig"
    file.seek(0)
    sample = file.read(_PORTION)
    old = is_old([sample.decode("cp1252", errors="replace")])
    if not old and _is_1258(sample) and _decodes(file, "cp1258"):
        return "cp1258"
    if _decodes(file, "cp1252"):
        return "cp1252"
    raise refused(
        "Bảng mã của tệp không phải UTF-8, Windows-1258 hay Windows-1252.",
        "Hãy lưu lại ở dạng “CSV UTF-8” rồi nhập lại.",
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    text = _opened(file, encoding)
    try:
        while text.read(_PORTION):
            pass
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
    return True


def _is_1258(sample: bytes) -> bool:
    """Say whether tone marks stand behind vowels, as in Windows-1258 and in no other page."""
    text = sample.decode("cp1258", errors="replace")
    marks = [before in _VOWELS for before, mark in pairwise(text) if mark in _MARKS]
    placed, strange = marks.count(True), marks.count(False)
    return placed + sum(text.count(letter) for letter in "ĐđƠơƯưĂă") > strange and placed >= strange


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """Return the sign by which the first lines fall into the most columns, evenly."""
    text = _opened(file, encoding)
    first = list(islice(text, _TRIED))
    text.detach()

    def columns(sign: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(first, delimiter=sign) if row]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count) if widths else 0
        return (usual > 1, widths.count(usual) * usual)

    return max(_DELIMITERS, key=columns)
