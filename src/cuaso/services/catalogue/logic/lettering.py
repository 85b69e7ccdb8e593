"""Tell text whose letters were lost or belong to an encoding from before Unicode."""

import re
from typing import Final

# Letters that Vietnamese text in Unicode can hardly do without, and no other encoding shows.
_OURS: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
# TCVN 5712 (fonts .VnTime): signs that a reader of Latin letters sees within words; a mark of
# trade or copyright ends one.
_TCVN3: Final = re.compile(
    "[®¨©ª«¬¸µ¶·¹¾»¼½](?=[a-z®¨©ª«¬¸µ¶·¹¾»¼½])|(?<=[a-zA-Z®¨©ª«¬¸µ¶·¹¾»¼½])[¨ª«¬¸µ¶·¹¾»¼½]"
)
# One of these is enough: a sign or a capital where only a small letter can stand.
_TCVN3_INSIDE: Final = re.compile(
    "(?<=[a-zA-Z])[®¨©ª«¬¸µ¶·¹¾»¼½](?=[a-z])|(?<=[a-z])[\xc0-\xd6\xd8-\xde](?=[a-z])"
)
# VNI Windows: the mark is a letter of its own after the vowel, đ is ñ.
_VNI: Final = re.compile("[aeouyAEOUY][ùøûõïêáàåãäéèúüëâÙØÛÕÏÊÁÀÅÃÄÉÈÚÜËÂ]|[öôÖÔ][ùøûõïÙØÛÕÏ]")
# The bytes of a Vietnamese letter, each shown as a letter of Windows 1252 or Latin 1.
_TWICE: Final = re.compile(
    "á[»º][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|Ä[\x90\x91‘]|Æ[°¡]"
)
_ASKED: Final = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_FEW: Final = 2


def fault(text: str) -> str:
    """Return what is wrong with the letters of a text, as the end of a sentence, "" for nothing."""
    if "\ufffd" in text:
        return "có chữ đã mất khi đổi bảng mã (ký tự \ufffd)."
    if _TWICE.search(text):
        return "có chữ hỏng vì UTF-8 bị đọc bằng bảng mã khác."
    if text.isascii() or _OURS.search(text):
        return ""
    if _TCVN3_INSIDE.search(text) or len(_TCVN3.findall(text)) >= _FEW:
        return "viết bằng phông chữ cũ TCVN3 (ABC, .VnTime)."
    if "ñ" in text.lower() and len(_VNI.findall(text)) >= _FEW:
        return "viết bằng phông chữ cũ VNI."
    return ""


def lost(title: str) -> bool:
    """Say whether a title has lost letters to question marks ("Th? t?c")."""
    return bool(_ASKED.search(title))
