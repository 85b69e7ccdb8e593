"""Texts: plain, long, codes, telephone numbers, e-mail addresses."""

import random
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong, length
from cuaso.declarations.fields.people import SAMPLE_NAMES, personal_number
from cuaso.kernel.errors import Invalid
from cuaso.kernel.numbers import AgencyCode, PersonalNumber, TaxCode
from cuaso.kernel.text import nfc, normalise_name, one_line

_LINE: Final = 200
_PAGE: Final = 4000
_EMAIL: Final = re.compile(r"[^@\s,;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE: Final = re.compile(r"(?:\+84|0084|84|0)([235789]\d{8,9})")
_CLASS: Final = re.compile(r"\\d\{(\d+)\}")
_UP_TO: Final = re.compile(r"\{(\d+),\d+\}")
_OPTIONAL: Final = re.compile(r"\(([^()|]*)\)\?")
_EITHER: Final = re.compile(r"\(([^()|]*)\|[^()]*\)")


def _organisation(text: str) -> object:
    """Read the number of an organisation: letters name an agency, digits alone a taxpayer."""
    lettered = any(letter.isalpha() for letter in text)
    return AgencyCode.parse(text) if lettered else TaxCode.parse(text)


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "personal": PersonalNumber.parse,
    "tax": TaxCode.parse,
    "agency": AgencyCode.parse,
    "organisation": _organisation,
}


class Text(FieldType):
    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        text = one_line(typed)
        if one.normalise == "name":
            text = normalise_name(text)
        if one.normalise == "upper":
            text = text.upper()
        return fits_pattern(one, length(one, text, most=one.max_length or _LINE))

    def schema(self, one: Field) -> dict[str, Any]:
        limits = {"type": "string", "maxLength": one.max_length or _LINE}
        return limits | ({"pattern": f"^(?:{one.pattern})$"} if one.pattern else {})

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        if one.normalise == "name":
            return dice.choice(SAMPLE_NAMES)
        text = of_pattern(one.pattern, dice) if one.pattern else f"{one.title} (ví dụ)"
        return text[: one.max_length or _LINE].ljust(one.min_length, "x")


class LongText(Text):
    input = "textarea"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        lines = [" ".join(line.split()) for line in nfc(typed).strip().splitlines()]
        return length(one, "\n".join(lines), most=one.max_length or _PAGE)

    def schema(self, one: Field) -> dict[str, Any]:
        return {"type": "string", "maxLength": one.max_length or _PAGE}


class Code(FieldType):
    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        if one.number:
            return _read_number(one, typed)
        return fits_pattern(one, length(one, one_line(typed), most=one.max_length or 60))

    def schema(self, one: Field) -> dict[str, Any]:
        if one.number == "personal":
            return {"type": "string", "pattern": "^\\d{12}$"}
        limits = {"type": "string", "maxLength": one.max_length or 60}
        return limits | ({"pattern": f"^(?:{one.pattern})$"} if one.pattern else {})

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        if one.number == "personal":
            return personal_number(dice)
        if one.number in ("tax", "organisation"):
            return "0100109106"
        if one.number == "agency":
            return "H08.12.05"
        return of_pattern(one.pattern, dice) if one.pattern else f"MA-{dice.randint(1, 999):03d}"


class Phone(FieldType):
    input = "tel"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        digits = re.sub(r"[\s.\-()]", "", typed)
        found = _PHONE.fullmatch(digits)
        if found is None:
            raise Wrong(
                f"{one.title} phải là số ở Việt Nam, 10 hoặc 11 chữ số, ví dụ 0905 123 456."
            )
        return "0" + found[1]

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "pattern": "^0\\d{9,10}$"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        return f"09{dice.randint(0, 99_999_999):08d}"


class Email(FieldType):
    input = "email"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        address = one_line(typed)
        if len(address) > 254 or not _EMAIL.fullmatch(address):  # noqa: PLR2004 RFC 5321
            raise Wrong(f"{one.title} phải có dạng ten@noicungcap.vn.")
        return address

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "format": "email"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        return f"congdan{dice.randint(1, 9999)}@example.vn"


def fits_pattern(one: Field, text: str) -> str:
    """Return the text when it fits the field's pattern; raise Wrong with the field's sentence."""
    if one.pattern and not re.fullmatch(one.pattern, text):
        raise Wrong(one.pattern_say)
    return text


def of_pattern(pattern: str, dice: random.Random) -> str:
    r"""Return text of a simple pattern: literal letters, `\d{n}`, `\d{n,m}`, `(…)?`, `[A-Z]`,
    `[A-Z]?` (left out), `(a|b)` (the first).
    """
    plain = _EITHER.sub(r"\1", _UP_TO.sub(r"{\1}", pattern)).replace("[A-Z]?", "")
    whole = _OPTIONAL.sub(r"\1", plain)
    text = _CLASS.sub(
        lambda found: f"{dice.randint(0, 10 ** int(found[1]) - 1):0{found[1]}d}", whole
    )
    text = text.replace("\\d", str(dice.randint(0, 9))).replace("[A-Z]", dice.choice("ABCDEG"))
    return text.replace("\\", "")


def _read_number(one: Field, typed: str) -> str:
    try:
        return str(_READERS[one.number](typed))
    except Invalid as refusal:
        raise Wrong(f"{one.title} “{one_line(typed)[:40]}” chưa đúng. {refusal.why}") from None
