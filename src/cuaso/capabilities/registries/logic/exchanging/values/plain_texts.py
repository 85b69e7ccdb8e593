"""Reads many texts of one column at once, those that are written as the house itself writes them.

Reading changes nothing in such a text: a pattern and the bounds of its field are all there is to
ask. Any other text is left to the field's own type, which mends it or says what is wrong.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from unicodedata import is_normalized

from cuaso.declarations.fields import Context, Field, Wrong, type_of
from cuaso.declarations.fields.days import limits
from cuaso.declarations.fields.numbers import bound

Read = Callable[[Collection[str]], dict[str, Any]]
_LOOSE: Final = re.compile(r"[^\S ]|  |\x00")
_LONGEST: Final[Mapping[str, int]] = {"text": 200, "code": 60}
_PERSONAL: Final = re.compile(r"[0-9]{12}")
_PHONE: Final = re.compile(r"0[235789][0-9]{8,9}")
_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_MEASURED: Final = re.compile(r"[0-9]{1,15}(?:,([0-9]{1,6}))?")
_OLDEST: Final = 1850
_PREFIX: Final = 3


def plain_reader(one: Field, context: Context) -> Read | None:
    """Return what reads the plain texts of a field to their values and leaves the others out.

    It takes texts that are not empty and have no white space around. None: no text is read so.
    """
    make = _MAKERS.get(one.type)
    return make(one, context) if make is not None else None


def _text(one: Field, context: Context) -> Read:  # noqa: ARG001 a maker like the others
    least, most = one.min_length, one.max_length or _LONGEST[one.type]
    fits = re.compile(one.pattern).fullmatch if one.pattern else None
    normalise = one.normalise if one.type == "text" else ""

    def read(texts: Collection[str]) -> dict[str, Any]:
        found: Iterable[str] = (text for text in _tight(texts) if least <= len(text) <= most)
        if normalise == "name":
            found = (text for text in found if not (text.isupper() or text.islower()))
        if normalise == "upper":
            found = (text for text in found if text == text.upper())
        if fits is not None:
            found = filter(fits, found)
        return {text: text for text in found}

    return read


def _code(one: Field, context: Context) -> Read | None:
    if not one.number:
        return _text(one, context)
    if one.number != "personal":
        return None
    proven: dict[str, bool] = {}

    def is_place(digits: str) -> bool:
        """Only the first three of twelve digits say whether they are a number."""
        place = digits[:_PREFIX]
        if place not in proven:
            proven[place] = _is_read(one, digits, context)
        return proven[place]

    return lambda texts: {
        text: text for text in texts if _PERSONAL.fullmatch(text) and is_place(text)
    }


def _is_read(one: Field, text: str, context: Context) -> bool:
    try:
        return bool(type_of(one).parse(one, text, context) == text)
    except Wrong:
        return False


def _phone(one: Field, context: Context) -> Read:  # noqa: ARG001 a maker like the others
    return lambda texts: {text: text for text in filter(_PHONE.fullmatch, texts)}


def _day(one: Field, context: Context) -> Read:
    first, last = limits(one, context)
    earliest = max(first or date.min, date(_OLDEST, 1, 1))
    latest = last or date.max

    def read(texts: Collection[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for text in texts:
            parts = _DAY.fullmatch(text)
            if parts is None:
                continue
            day, month, year = map(int, parts.groups())
            try:
                value = date(year, month, day)
            except ValueError:
                continue
            if earliest <= value <= latest:
                found[text] = value
        return found

    return read


def _integer(one: Field, context: Context) -> Read:  # noqa: ARG001 a maker like the others
    within = _within(one)
    return lambda texts: {
        text: value for text in filter(_WHOLE.fullmatch, texts) if within(value := int(text))
    }


def _decimal(one: Field, context: Context) -> Read:  # noqa: ARG001 a maker like the others
    within, digits = _within(one), one.digits

    def read(texts: Collection[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for text in texts:
            parts = _MEASURED.fullmatch(text)
            if parts is None or len(parts[1] or "") > digits:
                continue
            value = Decimal(text.replace(",", "."))
            if within(value):
                found[text] = value
        return found

    return read


def _within(one: Field) -> Callable[[Any], bool]:
    least, most = bound(one, one.min), bound(one, one.max)
    return lambda value: (least is None or value >= least) and (most is None or value <= most)


def _tight(texts: Collection[str]) -> Collection[str]:
    """Return the texts in NFC with single spaces and nothing that is to be taken off."""
    whole = "\n".join(texts)
    single = whole.count("\n") == len(texts) - 1
    composed = whole.isascii() or is_normalized("NFC", whole)
    if single and composed and "'" not in whole and not _LOOSE.search(whole.replace("\n", "")):
        return texts
    return [
        text
        for text in texts
        if text[0] != "'" and is_normalized("NFC", text) and not _LOOSE.search(text)
    ]


_MAKERS: Final[Mapping[str, Callable[[Field, Context], Read | None]]] = {
    "text": _text,
    "code": _code,
    "phone": _phone,
    "date": _day,
    "integer": _integer,
    "decimal": _decimal,
}
