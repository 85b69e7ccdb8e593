"""Decide by content what a file is, and refuse what is not what it claims to be."""

import codecs
import zipfile
from pathlib import Path

from cuaso.foundation.files.contracts import DOCX, HEIC, JPEG, PDF, PHOTOS, PNG, TEXT, XLS, XLSX
from cuaso.foundation.files.logic.names import WORDS, claimed_types, words_of
from cuaso.foundation.files.logic.pictures import check_picture
from cuaso.foundation.files.logic.refusals import unacceptable
from cuaso.kernel import archives

HEAD = 4096
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
MOST_PARTS = 5_000
MOST_UNPACKED = 200 << 20


def examine(path: Path, *, name: str, declared_type: str, allowed: frozenset[str]) -> str:
    """Return the file's media type by its content.

    Raises Invalid when it is empty, a program, of no known type, not what name and sender claim,
    not among `allowed`, or made to burst: a picture over 50 megapixels, an archive that unpacks
    to over 200 MB.
    """
    found = _recognise(path, allowed)
    for claim in claimed_types(name, declared_type, allowed):
        if claim != found:
            raise unacceptable(
                "type_differs",
                f"Nội dung tệp là {WORDS[found]}, không phải loại mà tên tệp cho biết.",
                mend="Hãy chọn đúng tệp, hoặc lưu lại tệp từ phần mềm đã tạo ra nó.",
            )
    if found not in allowed:
        raise unacceptable(
            "type_not_allowed",
            f"Chỗ này không nhận {WORDS[found]}.",
            mend=f"Hãy dùng một trong các loại: {words_of(allowed)}.",
        )
    if found in PHOTOS:
        check_picture(path)
    return found


def _recognise(path: Path, allowed: frozenset[str]) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise unacceptable("empty", "Tệp không có nội dung.", mend="Hãy chọn tệp khác.")
    if head.startswith(_PROGRAMS):
        raise unacceptable(
            "program",
            "Đây là tệp chương trình, hệ thống không nhận.",
            mend=f"Hãy chọn đúng tệp giấy tờ: {words_of(allowed)}.",
        )
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if found := _by_magic(head):
        return found
    if head.startswith(_OLD_OFFICE):
        if XLS in allowed:
            return XLS
        raise unacceptable(
            "old_office",
            "Đây là tệp Office kiểu cũ (DOC, XLS) hoặc có đặt mật khẩu.",
            mend="Hãy bỏ mật khẩu và lưu lại thành DOCX, XLSX hoặc PDF.",
        )
    if _is_text(path):
        return TEXT
    raise unacceptable(
        "type_unknown",
        "Hệ thống không nhận ra loại tệp này.",
        mend=f"Hãy chuyển sang một trong các loại: {words_of(allowed)}.",
    )


def _by_magic(head: bytes) -> str:
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return ""


def _office(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
            names = set(archive.namelist())
    except archives.BROKEN as error:
        raise unacceptable(
            "broken", "Tệp bị hỏng hoặc có mật khẩu.", mend="Hãy lưu lại rồi gửi lại."
        ) from error
    kinds = {kind for part, kind in _PARTS.items() if part in names}
    if "[Content_Types].xml" not in names or len(kinds) != 1:
        raise unacceptable(
            "archive",
            "Đây là tệp nén, hệ thống không nhận.",
            mend="Hãy giải nén và gửi từng tệp.",
        )
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise unacceptable(
            "macro",
            "Tệp Office này có chứa lệnh tự chạy (macro).",
            mend="Hãy lưu lại thành DOCX, XLSX hoặc PDF không có macro.",
        )
    return kinds.pop()


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Unpack every part once, within the limit: a part that lies about its size has a bad CRC."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise unacceptable(
            "bomb",
            "Tệp này bung ra quá lớn nên không được nhận.",
            mend="Hãy lưu lại thành PDF hoặc tách nhỏ.",
        )
    for part in parts:
        with archive.open(part) as content:
            while content.read(1 << 20):
                pass


def _is_text(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                if not _is_readable(decoder.decode(chunk)):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


_CONTROLS = {chr(code) for code in range(32)} - set("\t\n\r\f")


def _is_readable(text: str) -> bool:
    return _CONTROLS.isdisjoint(text)
