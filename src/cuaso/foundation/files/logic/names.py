import re
import unicodedata
from collections.abc import Container

from cuaso.foundation.files.contracts import DOCX, HEIC, JPEG, PDF, PNG, TEXT, XLS, XLSX, XML
from cuaso.foundation.files.logic.refusals import unacceptable

LONGEST = 150
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069<>:"|?*]+')
TYPE_OF_EXTENSION = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "heic": HEIC,
    "heif": HEIC,
    "docx": DOCX,
    "xlsx": XLSX,
    "xls": XLS,
    "txt": TEXT,
}
_OF_THE_HOUSE = {**TYPE_OF_EXTENSION, "xml": XML}
EXTENSION_OF_TYPE = {kind: name for name, kind in reversed(_OF_THE_HOUSE.items())}
WORDS = {
    PDF: "PDF",
    JPEG: "ảnh JPEG",
    PNG: "ảnh PNG",
    HEIC: "ảnh HEIC",
    DOCX: "văn bản Word (DOCX)",
    XLSX: "bảng tính Excel (XLSX)",
    XLS: "bảng tính Excel kiểu cũ (XLS)",
    TEXT: "văn bản thuần (TXT)",
}
_SAME = {"image/jpg": JPEG, "image/pjpeg": JPEG, "image/heif": HEIC, "application/x-pdf": PDF}
_NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream"}


def clean_name(name: str, media_type: str) -> str:
    """Return a name that is safe to show and to offer for download, with its extension."""
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    flat = _UNSAFE.sub("", flat).rstrip(" .")
    stem, dot, extension = flat.rpartition(".")
    if not dot or extension.lower() not in _OF_THE_HOUSE:
        stem, extension = flat, EXTENSION_OF_TYPE[media_type]
    return f"{stem.strip(' .')[:LONGEST] or 'tep'}.{extension.lower()}"


def claimed_types(
    name: str, declared_type: str, allowed: Container[str] = frozenset(WORDS)
) -> set[str]:
    """Return the types that the name and the sender claim; raise Invalid for an unknown claim,
    which offers the types that are `allowed`.
    """
    claims = set()
    declared = declared_type.split(";", maxsplit=1)[0].strip().lower()
    if declared not in _NO_CLAIM:
        claims.add(_SAME.get(declared, declared))
    _, dot, extension = name.strip().rpartition(".")
    if dot and re.fullmatch(r"[A-Za-z0-9]{1,8}", extension):
        claims.add(_type_of(extension.lower(), allowed))
    return claims


def _type_of(extension: str, allowed: Container[str]) -> str:
    if known := TYPE_OF_EXTENSION.get(extension):
        return known
    raise unacceptable(
        "type_unknown",
        f"Hệ thống không nhận tệp có đuôi “.{extension}”.",
        mend=f"Hãy chuyển sang một trong các loại: {words_of(allowed)}.",
    )


def words_of(types: Container[str]) -> str:
    """Return media types as people say them, in a fixed order."""
    return ", ".join(word for kind, word in WORDS.items() if kind in types)
