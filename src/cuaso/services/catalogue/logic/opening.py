"""Open an export: its bytes within bounds, as text whatever it was packed with, or a workbook."""

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cuaso.services.catalogue.logic import sheet_gate
from cuaso.services.catalogue.logic.damage import refuse

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 128 * MEBIBYTE
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_AS_UTF8: Final = "Hãy lưu lại tệp ở bảng mã UTF-8 rồi nhập lại."
_AGAIN: Final = "Hãy xuất hoặc tải lại tệp rồi nhập lại."


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file's name, the digest of its bytes as they lie on disk, and its text.

    `workbook` holds the packed bytes of a spreadsheet that passed the gate, else nothing.
    """

    name: str
    sha256: str
    text: str = ""
    workbook: bytes = b""


def opened(path: Path, *, most_bytes: int = MOST_BYTES) -> Opened:
    """Read a file, packed by gzip or not, or a spreadsheet (.xlsx).

    Raise Invalid on anything that is neither UTF-8 text nor a plain workbook of at most
    `most_bytes`.
    """
    if not path.is_file():
        raise refuse(
            file=path.name,
            say="không có tệp này, hoặc đây không phải một tệp thường.",
            mend="Hãy kiểm tra đường dẫn.",
        )
    try:
        with path.open("rb") as file:
            return _opened(path.name, file, most_bytes)
    except OSError as error:
        raise refuse(
            file=path.name,
            say=f"không đọc được tệp ({error.strerror or error}).",
            mend="Hãy kiểm tra quyền đọc tệp hoặc xuất lại tệp.",
        ) from error


def _opened(name: str, file: BinaryIO, most_bytes: int) -> Opened:
    packed = file.read(most_bytes + 1)
    if len(packed) > most_bytes:
        raise _too_large(name, most_bytes)
    digest = hashlib.sha256(packed).hexdigest()
    if packed.startswith(_ZIP):
        sheet_gate.check(name, packed, most_bytes=most_bytes)
        return Opened(name=name, sha256=digest, workbook=packed)
    if packed.startswith(_OLD_OFFICE):
        raise refuse(
            file=name,
            say="đây là bảng tính Excel kiểu cũ (.xls) hoặc có mật khẩu.",
            mend="Hãy mở bảng tính, bỏ mật khẩu và lưu lại ở dạng .xlsx rồi nhập lại.",
        )
    content = _unpacked(name, packed, most_bytes) if packed.startswith(_GZIP) else packed
    return Opened(name=name, sha256=digest, text=_decoded(name, content))


def _unpacked(name: str, packed: bytes, most_bytes: int) -> bytes:
    unpacked = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            while piece := stream.read(MEBIBYTE):
                unpacked += piece
                if len(unpacked) > most_bytes:
                    raise _too_large(name, most_bytes)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise refuse(
            file=name, say="tệp gzip bị cụt hoặc hỏng, không giải nén được.", mend=_AGAIN
        ) from error
    return bytes(unpacked)


def _decoded(name: str, content: bytes) -> str:
    if content.startswith(_UTF16):
        raise refuse(file=name, say="tệp ở bảng mã UTF-16.", mend=_AS_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse(
            file=name, line=line, say=f"byte thứ {error.start} không phải UTF-8.", mend=_AS_UTF8
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refuse(file=name, line=line, say="có ký tự NUL, không phải văn bản.", mend=_AGAIN)
    if not text.strip():
        raise refuse(file=name, say="tệp rỗng.", mend=_AGAIN)
    return text


def _too_large(name: str, most_bytes: int) -> Exception:
    return refuse(
        file=name,
        say=f"nội dung dài hơn {most_bytes // MEBIBYTE} MiB sau khi giải nén.",
        mend="Hãy kiểm tra xem đây có đúng là bản xuất danh mục không, hoặc chia tệp ra.",
    )
