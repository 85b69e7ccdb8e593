"""Workbooks that were damaged on the way, or by intent."""

import struct
import zipfile
from io import BytesIO

_BOOK = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": "<workbook/>",
    "xl/_rels/workbook.xml.rels": "<Relationships/>",
    "xl/worksheets/sheet1.xml": "<worksheet>" + "<row/>" * 200 + "</worksheet>",
}
WAYS = ("content", "name", "version", "place", "lzma", "cut")


def workbook(*, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, text in _BOOK.items():
            archive.writestr(name, text)
    return packed.getvalue()


def damaged(way: str) -> bytes:
    """Return a workbook that zipfile fails on, each way with another error."""
    whole = bytearray(workbook(method=zipfile.ZIP_LZMA if way == "lzma" else zipfile.ZIP_DEFLATED))
    listed = whole.index(b"PK\x01\x02")
    if way in {"content", "lzma"}:
        for one in _parts(bytes(whole)):
            begin = one.header_offset + 30 + len(one.filename) + (9 if way == "lzma" else 0)
            whole[begin : begin + 8] = b"\xff" * 8
    elif way == "name":
        struct.pack_into("<H", whole, listed + 8, 0x800)
        whole[listed + 46] = 0xFF
    elif way == "version":
        struct.pack_into("<H", whole, listed + 6, 97)
    elif way == "place":
        end = whole.index(b"PK\x05\x06")
        offset = struct.unpack_from("<I", whole, end + 16)[0]
        struct.pack_into("<I", whole, end + 16, offset + 40)
    else:
        del whole[len(whole) // 2 :]
    return bytes(whole)


def _parts(whole: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        return archive.infolist()
