"""Opens an archive that brings a sheet together with the files that its rows name.

Whatever is packed to burst, to write elsewhere or to hide is refused before anything is stored.
"""

import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import MOST_BYTES, refused
from cuaso.kernel import archives
from cuaso.kernel.errors import Invalid

MOST_FILES: Final = 2_000
LARGEST_FILE: Final = 10 * 1024**2
MOST_UNPACKED: Final = 500 * 1024**2
_TIGHTEST: Final = 200
_SMALL: Final = 1024**2
_LONGEST: Final = 300
_PORTION: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_IN_UTF8: Final = 0x800
_SHEETS: Final = frozenset({".xlsx", ".xls", ".csv", ".txt"})
_WORKBOOK: Final = "[Content_Types].xml"
# What systems leave in an archive beside what people put there.
_LEFT_THERE: Final = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_ONE_SHEET: Final = "Hãy để một bảng tính .xlsx, .xls hoặc .csv cạnh các tệp rồi nén lại."


@dataclass(frozen=True, kw_only=True)
class Packed:
    """One file of an archive: its path there, as people write it, and what reads it."""

    path: str
    part: zipfile.ZipInfo


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A sheet with the files beside it."""

    packed: zipfile.ZipFile
    sheet: Packed
    files: tuple[Packed, ...]

    def chunks(self, one: Packed) -> Iterator[bytes]:
        """Yield the content of a file, no more of it than it said that there is; raise Invalid."""
        with _read_whole(), self.packed.open(one.part) as content:
            while chunk := content.read(_PORTION):
                yield chunk


def is_archive(file: BinaryIO) -> bool:
    """Say whether the content is an archive that is no workbook."""
    file.seek(0)
    if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
        return False
    try:
        with zipfile.ZipFile(file) as packed:
            return _WORKBOOK not in packed.namelist()
    except archives.BROKEN:
        return False


@contextmanager
def opened(file: BinaryIO) -> Iterator[tuple[Archive, BinaryIO]]:
    """Yield an archive and its sheet, to read and seek in; raise Invalid in a sentence."""
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        raise _unfit(f"Tệp nén lớn {size // 1024**2} MB, quá {MOST_BYTES // 1024**2} MB.")
    with _read_whole():
        packed = zipfile.ZipFile(file)
    with packed, TemporaryFile() as sheet:
        archive = _archive(packed)
        for chunk in archive.chunks(archive.sheet):
            sheet.write(chunk)
        yield archive, sheet


@contextmanager
def _read_whole() -> Iterator[None]:
    """Say in a sentence what an archive that is cut or damaged raises."""
    try:
        yield
    except archives.BROKEN as error:
        raise _unfit(f"Tệp nén hỏng ({type(error).__name__}).") from None


def _archive(packed: zipfile.ZipFile) -> Archive:
    parts = [one for one in packed.infolist() if not one.is_dir()]
    _require_bounded(parts)
    every = [Packed(path=path, part=one) for one in parts if (path := _path(one))]
    _require_once(every)
    every = _without_folder(every)
    sheets = [one for one in every if PurePosixPath(one.path).suffix.lower() in _SHEETS]
    beside = [one for one in sheets if "/" not in one.path]
    found = beside if len(beside) == 1 else sheets
    if len(found) != 1:
        named = ", ".join(f"“{one.path}”" for one in found[:5])
        why = f"Tệp nén có nhiều bảng tính: {named}." if found else "Tệp nén không có bảng tính."
        raise refused(why, _ONE_SHEET)
    (sheet,) = found
    others = tuple(one for one in every if one is not sheet)
    for one in others:
        if one.part.file_size > LARGEST_FILE:
            raise _unfit(f"“{one.path}” lớn quá {LARGEST_FILE // 1024**2} MB.")
    return Archive(packed=packed, sheet=sheet, files=others)


def _require_bounded(parts: Sequence[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_FILES + 1:
        raise _unfit(f"Tệp nén có {len(parts)} tệp, mỗi lần nhận nhiều nhất {MOST_FILES}.")
    tight = any(
        one.file_size > _SMALL and one.file_size > _TIGHTEST * max(one.compress_size, 1)
        for one in parts
    )
    if tight or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise refused(
            "Tệp nén bung ra lớn bất thường, có thể là tệp phá hoại.",
            f"Hãy nén lại, tổng các tệp không quá {MOST_UNPACKED // 1024**2} MB, hoặc chia ra.",
        )


def _path(one: zipfile.ZipInfo) -> str:
    """Return the path of a file, "" for what no person put there; raise Invalid for a trick."""
    name = unicodedata.normalize("NFC", _in_words(one)).replace("\\", "/")
    steps = name.split("/")
    if {step.lower() for step in steps} & _LEFT_THERE:
        return ""
    hidden = any(unicodedata.category(sign).startswith("C") for sign in name)
    outside = name.startswith("/") or ".." in steps or ":" in name or "" in steps
    link = stat.S_ISLNK(one.external_attr >> 16)
    if hidden or outside or link or len(name) > _LONGEST:
        shown = "".join(sign for sign in name if sign.isprintable())[:80]
        raise refused(
            f"Tệp nén có tên không an toàn: “{shown}”.",
            "Hãy nén lại các tệp thường bằng phần mềm của máy rồi gửi lại.",
        )
    if one.flag_bits & _ENCRYPTED:
        raise refused("Tệp nén có mật khẩu.", "Hãy nén lại không đặt mật khẩu.")
    return name


def _in_words(one: zipfile.ZipInfo) -> str:
    """Return a name as it was written: many programs write UTF-8 and do not say so."""
    if one.flag_bits & _IN_UTF8:
        return one.filename
    try:
        return one.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return one.filename


def _require_once(every: Sequence[Packed]) -> None:
    times = Counter(one.path.casefold() for one in every)
    twice = next((one.path for one in every if times[one.path.casefold()] > 1), "")
    if twice:
        raise refused(
            f"Tệp nén có hai tệp ở cùng một chỗ: “{twice}”.", "Hãy đổi tên một tệp rồi nén lại."
        )


def _without_folder(every: list[Packed]) -> list[Packed]:
    """Leave out the one folder that everything stands in: people pack a folder as well as files."""
    heads = {one.path.partition("/")[0] for one in every}
    if len(heads) != 1 or any("/" not in one.path for one in every):
        return every
    inside = [Packed(path=one.path.partition("/")[2], part=one.part) for one in every]
    return _without_folder(inside)


def _unfit(why: str) -> Invalid:
    return refused(why, "Hãy chia ra hoặc thu nhỏ tệp, nén lại bằng ZIP rồi gửi lại.")
