"""What a spreadsheet must be before it is read: small, whole, pointing at nothing outside."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from cuaso.kernel import archives
from cuaso.services.catalogue.logic.damage import refuse

MOST_PARTS: Final = 2_000
CHUNK: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_AGAIN: Final = "Hãy mở bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."
_FOREIGN: Final = {
    "xl/externallinks/": "bảng tính có liên kết sang tệp khác.",
    "xl/connections": "bảng tính có kết nối tới nguồn dữ liệu bên ngoài.",
    "xl/querytables/": "bảng tính có kết nối tới nguồn dữ liệu bên ngoài.",
    "xl/vbaproject": "bảng tính có macro.",
    "xl/activex/": "bảng tính có thành phần chạy được.",
    "xl/embeddings/": "bảng tính có tệp nhúng bên trong.",
}
# A web address in a cell is a hyperlink: it is shown, never opened.
_LINK: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_OUTSIDE: Final = re.compile(rb"TargetMode\s*=\s*[\"']External")
_HYPERLINK: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_ENTITY: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_BOM: Final = b"\xef\xbb\xbf"


def check(name: str, packed: bytes, *, most_bytes: int) -> None:
    """Raise Invalid unless the packed workbook is small, whole, and points at nothing outside.

    Looks at every part without keeping it; declared sizes bound what is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            parts = archive.infolist()
            _refuse_other_archive(name, parts)
            _refuse_size(name, parts, most_bytes)
            for part in parts:
                _refuse_foreign(name, part.filename)
                _refuse_content(name, archive, part)
    except archives.BROKEN as error:
        raise refuse(
            file=name, say="bảng tính Excel bị cụt hoặc hỏng, không mở được.", mend=_AGAIN
        ) from error


def _refuse_other_archive(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise refuse(
            file=name,
            say="đây là tệp nén .zip, không phải bảng tính.",
            mend="Hãy giải nén rồi nhập tệp bên trong.",
        )


def _refuse_size(name: str, parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if sum(part.file_size for part in parts) > most_bytes or len(parts) > MOST_PARTS:
        raise refuse(
            file=name,
            say=f"nội dung bảng tính dài hơn {most_bytes // CHUNK} MiB sau khi giải nén, "
            "hoặc có quá nhiều phần.",
            mend="Hãy kiểm tra xem đây có đúng là bản xuất danh mục không, hoặc chia tệp ra.",
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise refuse(file=name, say="bảng tính có mật khẩu.", mend="Hãy bỏ mật khẩu rồi nhập lại.")
    if len({part.filename.casefold() for part in parts}) != len(parts):
        raise refuse(file=name, say="bảng tính có hai phần trùng tên.", mend=_AGAIN)


def _refuse_foreign(name: str, part: str) -> None:
    for beginning, say in _FOREIGN.items():
        if part.casefold().lstrip("/").startswith(beginning):
            mend = "Hãy chép riêng trang danh mục sang một tệp .xlsx mới, chỉ dán giá trị."
            raise refuse(file=name, say=say, mend=mend)


def _refuse_content(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    kind = part.filename.casefold()
    if not kind.endswith((".xml", ".rels", ".vml")):
        return
    first = True
    for piece in _pieces(archive, part):
        if (first and not _is_utf8(piece)) or b"\0" in piece or _ENTITY.search(piece):
            say = f"phần {part.filename} của bảng tính không phải XML thường."
            raise refuse(file=name, say=say, mend=_AGAIN)
        first = False
    if kind.endswith(".rels") and _points_outside(archive.read(part)):
        raise refuse(
            file=name,
            say="bảng tính có liên kết sang tệp khác.",
            mend="Hãy chép riêng trang danh mục sang một tệp .xlsx mới, chỉ dán giá trị.",
        )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part piece by piece, each with the end of the one before it."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            yield tail + piece
            tail = piece[-16:]


def _is_utf8(beginning: bytes) -> bool:
    declared = _DECLARED.match(beginning.removeprefix(_BOM).lstrip())
    return declared is None or declared.group(1).lower() in (b"utf-8", b"utf8", b"us-ascii")


def _points_outside(content: bytes) -> bool:
    return any(
        _OUTSIDE.search(link) and not _HYPERLINK.search(link) for link in _LINK.findall(content)
    )
