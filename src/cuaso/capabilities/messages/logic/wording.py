"""Fill in templates; write what a phone without Vietnamese letters can show."""

import re
import unicodedata
from collections.abc import Mapping
from math import ceil

from cuaso.kernel.errors import Invalid

_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_PERSONAL_NUMBER = re.compile(r"(?<!\d)\d(?:[ .]?\d){11}(?!\d)")
_SIGNS = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "₫": "d",
    }
)
# GSM 03.38: these take two of the septets.
_DOUBLE = frozenset("^{}\\[~]|")
SINGLE_SMS, JOINED_SMS = 160, 153
HIDDEN = "(so dinh danh khong gui qua tin nhan)"


def holes(text: str) -> frozenset[str]:
    """Return the names that a text asks for; raise ValueError at a brace that is none."""
    if _BRACE.search(_HOLE.sub("", text)):
        message = "a brace stands alone"
        raise ValueError(message)
    return frozenset(_HOLE.findall(text))


def fill(text: str, context: Mapping[str, object]) -> str:
    """Return the text filled in, None as ""; raise Invalid where a name is not given at all."""
    missing = sorted(holes(text) - set(context))
    if missing:
        raise Invalid(
            code="messages.missing_context",
            what=f"Thông báo thiếu nội dung: {', '.join(missing)}.",
            mend="Hãy truyền đủ các giá trị mà mẫu thông báo cần.",
        )
    values = {name: "" if value is None else str(value) for name, value in context.items()}
    return _HOLE.sub(lambda hole: values[hole[1]], text)


def one_line(text: str) -> str:
    """Return a headline that cannot carry a second header."""
    return " ".join(text.split())


def for_phone(text: str) -> str:
    """Return plain ASCII without diacritics and without any personal number."""
    hidden = _PERSONAL_NUMBER.sub(HIDDEN, text)
    bare = unicodedata.normalize("NFD", hidden.translate(_SIGNS))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    kept = "".join(c if c == "\n" or " " <= c <= "~" else "?" for c in letters)
    return kept.strip()


def sms_parts(text: str) -> int:
    """Return how many SMS the plain text takes."""
    length = sum(2 if c in _DOUBLE else 1 for c in text)
    return 1 if length <= SINGLE_SMS else ceil(length / JOINED_SMS)


def masked(address: str) -> str:
    """Return an address that its owner knows again and nobody else learns."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"***{address[-3:]}" if address else ""
