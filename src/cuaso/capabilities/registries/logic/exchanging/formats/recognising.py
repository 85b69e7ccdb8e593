"""Tells by its content what a file is that people take for a sheet, whatever it is called."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import AGAIN, refused
from cuaso.capabilities.registries.logic.exchanging.formats.opening import Kind, kind_of
from cuaso.kernel import archives

_HEAD: Final = 4096
_LARGEST_OLD: Final = 32 * 1024**2
_NAMES: Final[dict[Kind, str]] = {
    "xlsx": "bảng tính Excel (.xlsx)",
    "xls": "bảng tính Excel đời cũ (.xls)",
    "csv": "văn bản CSV",
}
_ENDINGS: Final[dict[Kind, frozenset[str]]] = {
    "xlsx": frozenset({".xlsx"}),
    "xls": frozenset({".xls"}),
    "csv": frozenset({".csv", ".txt"}),
}
_SHEETS: Final = frozenset({".xlsx", ".xls", ".csv"})


@dataclass(frozen=True, kw_only=True)
class _Strange:
    """A kind of file that holds no rows: what it is called, and what to do."""

    name: str
    mend: str


_COPY: Final = "Hãy chép bảng sang một bảng tính mới, lưu ở dạng .xlsx rồi nhập lại."
_PDF: Final = _Strange(
    name="tài liệu PDF",
    mend="Hãy xin lại bảng ở dạng .xlsx hoặc .csv từ nơi lập ra nó, hoặc chép bảng sang bảng mẫu.",
)
_HTML: Final = _Strange(name="trang web (HTML)", mend=AGAIN)
_WORD: Final = _Strange(name="văn bản Word", mend=_COPY)
_SLIDES: Final = _Strange(name="bài trình chiếu", mend=_COPY)
_PICTURE: Final = _Strange(
    name="tệp ảnh", mend="Hãy gõ số liệu trong ảnh vào bảng mẫu của sổ rồi nhập."
)
_PACKED: Final = _Strange(
    name="tệp nén không phải ZIP", mend="Hãy giải nén, rồi gửi bảng tính hoặc nén lại bằng ZIP."
)
_XML: Final = _Strange(name="tệp XML", mend=AGAIN)
_OLD_XML: Final = _Strange(name="bảng tính Excel dạng XML 2003", mend=AGAIN)
_BINARY: Final = _Strange(name="bảng tính Excel nhị phân (.xlsb)", mend=AGAIN)
_OPEN: Final = _Strange(name="bảng tính OpenDocument (.ods)", mend=AGAIN)
_OPEN_TEXT: Final = _Strange(name="văn bản OpenDocument", mend=_COPY)
_JSON: Final = _Strange(
    name="tệp JSON", mend="Hãy xuất lại ở dạng .csv hoặc .xlsx từ nơi lập ra tệp."
)
_BEGINNINGS: Final = {
    b"%PDF-": _PDF,
    b"{\\rtf": _Strange(name="văn bản RTF", mend=_COPY),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"Rar!": _PACKED,
    b"7z\xbc\xaf": _PACKED,
    b"\x1f\x8b": _PACKED,
}
_PARTS: Final = {
    "word/document.xml": _WORD,
    "ppt/presentation.xml": _SLIDES,
    "xl/workbook.bin": _BINARY,
}
_OLD_PARTS: Final = {"WordDocument": _WORD, "PowerPoint Document": _SLIDES}
_TAGS: Final = ("<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<style")


def refuse_strange(file: BinaryIO, name: str) -> None:
    """Raise Invalid, saying what it is, for a file that is no sheet and no archive of ours."""
    found = _found(file)
    if found is not None:
        ending = PurePath(name).suffix.lower()
        called = f"Tệp có đuôi {ending} nhưng" if ending in _SHEETS else "Tệp này"
        raise refused(f"{called} bên trong là {found.name}, không phải bảng tính.", found.mend)


def otherwise(file: BinaryIO, name: str) -> str:
    """Say that a file is called by another ending than its content has, "" where it is not."""
    kind, ending = kind_of(file), PurePath(name).suffix.lower()
    if ending not in _SHEETS or ending in _ENDINGS[kind]:
        return ""
    return f"Tệp có đuôi {ending} nhưng bên trong là {_NAMES[kind]}; hệ thống đọc theo nội dung."


def _found(file: BinaryIO) -> _Strange | None:
    file.seek(0)
    head = file.read(_HEAD)
    for beginning, strange in _BEGINNINGS.items():
        if head.startswith(beginning):
            return strange
    if head.startswith(b"PK\x03\x04"):
        return _in_parts(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _in_old_parts(file)
    return _in_text(head)


def _in_parts(file: BinaryIO) -> _Strange | None:
    """Look into an office file; what is damaged is told by who reads it."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = frozenset(packed.namelist())
            if {"mimetype", "content.xml"} <= names:
                return _OPEN if b"spreadsheet" in packed.read("mimetype")[:200] else _OPEN_TEXT
    except archives.BROKEN:
        return None
    return next((strange for part, strange in _PARTS.items() if part in names), None)


def _in_old_parts(file: BinaryIO) -> _Strange | None:
    """Look for the streams of an office file until 2003; one with a workbook is a workbook."""
    file.seek(0)
    content = file.read(_LARGEST_OLD)
    if any(_stream(name) in content for name in ("Workbook", "Book")):
        return None
    return next((one for name, one in _OLD_PARTS.items() if _stream(name) in content), None)


def _stream(name: str) -> bytes:
    return f"{name}\x00".encode("utf-16-le")


def _in_text(head: bytes) -> _Strange | None:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="ignore").lstrip().lower()
    if text.startswith(_TAGS) or (text.startswith("<?xml") and "<html" in text):
        return _HTML
    if text.startswith("mime-version:") and "text/html" in text:
        return _HTML
    if text.startswith("<?xml"):
        return _OLD_XML if "schemas-microsoft-com:office:spreadsheet" in text else _XML
    return _JSON if text.startswith(('{"', "[{")) else None
