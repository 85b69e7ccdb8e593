"""Numbers: whole, measured (decimal), and đồng."""

import random
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Invalid
from cuaso.kernel.money import format_vnd, parse_vnd
from cuaso.kernel.text import one_line

_WHOLE: Final = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d{1,15})")
_MEASURED: Final = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d{1,15})([.,]\d{1,6})?")
_CHAINAGE: Final = re.compile(
    r"(KM)?\s*(?P<km>\d{1,4})(\s*\+\s*(?P<metres>\d{3})|[.,](?P<part>\d{1,3}))?(\s*KM)?"
)
_FIRST_YEAR, _LAST_YEAR = 1000, 2200
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")


class Integer(FieldType):
    cel = "integer"
    input = "number"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        text = one_line(typed)
        if not _WHOLE.fullmatch(text):
            raise Wrong(f"{one.title} phải là số nguyên, ví dụ 3.")
        return within(one, Decimal(text.replace(".", "")), whole=True)

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        if _is_year(one):
            return str(value)
        return f"{value:,}".replace(",", ".") + (f" {one.unit}" if one.unit else "")

    def schema(self, one: Field) -> dict[str, Any]:
        limits = {"minimum": one.min, "maximum": one.max}
        return {"type": "integer"} | {key: int(text) for key, text in limits.items() if text}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        least = int(one.min) if one.min else 1
        return str(dice.randint(least, min(int(one.max), least + 9) if one.max else least + 9))


class Measured(FieldType):
    """A decimal: comma or point before the fraction; `1.500` is one thousand five hundred."""

    cel = "decimal"
    input = "decimal"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        text = one_line(typed)
        if not _MEASURED.fullmatch(text):
            raise Wrong(f"{one.title} phải là số, dùng dấu phẩy cho phần thập phân, ví dụ 12,5.")
        plain = text.replace(".", "") if "," in text or _GROUPED.fullmatch(text) else text
        value = _decimal(plain.replace(",", "."))
        if -int(value.as_tuple().exponent) > one.digits:
            raise Wrong(f"{one.title} chỉ nhận {one.digits} chữ số sau dấu phẩy.")
        within(one, value, whole=False)
        return value

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        text = f"{value:,f}".translate(str.maketrans(",.", ".,"))
        return text + (f" {one.unit}" if one.unit else "")

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return f"{value:f}".replace(".", ",")

    def store(self, value: Loose) -> Loose:
        return str(value)

    def load(self, kept: Loose) -> object:
        return Decimal(kept)

    def schema(self, one: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^-?\\d{{1,15}}(\\.\\d{{1,{one.digits}}})?$"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        least = Decimal(one.min) if one.min else Decimal(1)
        most = Decimal(one.max) if one.max else least + 9
        step = Decimal(dice.randint(0, 10)) / 10
        value = (least + (most - least) * step).quantize(Decimal(10) ** -one.digits)
        return f"{value:f}".replace(".", ",")


class Chainage(Measured):
    """A place along a road, kept as kilometres with three decimals: Km12+350 is 12.350.

    A point is never a thousand here: no road is twelve thousand kilometres long.
    """

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        found = _CHAINAGE.fullmatch(one_line(typed).upper())
        if not found:
            raise Wrong(f"{one.title} viết như Km12+350 hoặc 12,350.")
        metres = found["metres"] or (found["part"] or "").ljust(3, "0")
        value = Decimal(f"{found['km']}.{metres}")
        within(one, value, whole=False)
        return value

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        return chainage(value)

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return chainage(value)

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "pattern": r"^\d{1,4}(\.\d{1,3})?$"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        least = Decimal(one.min) if one.min else Decimal(0)
        most = Decimal(one.max) if one.max else least + 9
        return chainage(least + (most - least) * Decimal(dice.randint(0, 1000)) / 1000)

    def advice(self, one: Field, context: Context) -> str:  # noqa: ARG002
        if context.language == "en":
            return "Kilometre and metres, such as Km12+350."
        return "Ki-lô-mét và mét, ví dụ Km12+350."


def chainage(kilometres: Decimal) -> str:
    """Return Km12+350."""
    whole, metres = divmod(int((kilometres * 1000).to_integral_value()), 1000)
    return f"Km{whole}+{metres:03}"


class Dong(FieldType):
    cel = "integer"
    input = "number"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        try:
            amount = parse_vnd(typed)
        except Invalid:
            raise Wrong(f"{one.title} phải là số đồng, ví dụ 150.000.") from None
        return within(one, Decimal(amount), whole=True)

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        return format_vnd(value)

    def schema(self, one: Field) -> dict[str, Any]:
        limits = {"minimum": one.min or "0", "maximum": one.max}
        return {"type": "integer"} | {key: parse_vnd(text) for key, text in limits.items() if text}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        least = parse_vnd(one.min) if one.min else 1000
        most = parse_vnd(one.max) if one.max else least + 900_000
        return format_vnd(least + (most - least) // 1000 * dice.randint(0, 1000) // 1000 * 1000)


def _is_year(one: Field) -> bool:
    """Say whether the bounds are those of a year, which is written without a point."""
    least, most = bound(one, one.min), bound(one, one.max)
    if least is None or most is None or one.unit:
        return False
    return least >= _FIRST_YEAR and most <= _LAST_YEAR


def within(one: Field, value: Decimal, *, whole: bool) -> int | Decimal:
    """Return the number when it lies between the field's `min` and `max`; raise Wrong."""
    least, most = bound(one, one.min), bound(one, one.max)
    if least is not None and value < least:
        raise Wrong(f"{one.title} phải từ {one.min} trở lên.")
    if most is not None and value > most:
        raise Wrong(f"{one.title} không được quá {one.max}.")
    return int(value) if whole else value


def bound(one: Field, text: str) -> Decimal | None:
    """Return a declared bound as a number; raise ValueError when it is not one."""
    if not text:
        return None
    return Decimal(parse_vnd(text)) if one.type == "vnd" else _decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
