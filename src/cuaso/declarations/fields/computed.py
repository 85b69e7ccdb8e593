"""Fields that nobody types: a CEL expression over the other answers, of a declared type."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from cuaso.declarations import expressions
from cuaso.declarations.cel_kinds import kind_of
from cuaso.declarations.expressions import (
    HANOI,
    SCALE,
    BadExpression,
    Expression,
    Kind,
    Shape,
    Undecided,
    UnlikeNumbers,
)
from cuaso.declarations.fields.choices import YesOrNo
from cuaso.declarations.fields.days import Day
from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong
from cuaso.declarations.fields.numbers import Dong, Integer, Measured
from cuaso.declarations.fields.texts import Text
from cuaso.declarations.shape import Loose

_FITS: Final[Mapping[str, frozenset[Kind]]] = {
    "integer": frozenset({"integer", "any"}),
    "decimal": frozenset({"decimal", "integer", "any"}),
    "vnd": frozenset({"integer", "decimal", "any"}),
    "text": frozenset({"text", "any"}),
    "date": frozenset({"day", "any"}),
    "yes_no": frozenset({"yes_no", "any"}),
}
_GIVES: Final[Mapping[Kind, str]] = {
    "integer": "số nguyên", "decimal": "số thập phân", "text": "chữ", "day": "ngày",
    "yes_no": "có hay không", "list": "danh sách", "map": "nhóm ô", "any": "giá trị chưa rõ",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A compiled formula; `kind` says whether a number comes scaled."""

    expression: Expression
    kind: Kind


def formula(one: Field, names: Mapping[str, Shape]) -> Formula:
    """Compile the formula of a computed field; raise BadExpression when it gives another type."""
    try:
        compiled = expressions.compile(one.is_, names)
    except UnlikeNumbers as unlike:
        raise BadExpression(
            f"Công thức “{one.is_}” trộn số nguyên với số thập phân quanh “{unlike.sign}”.",
            "Hãy viết số có dấu chấm (1.0), và không nhân hay chia hai số thập phân.",
        ) from None
    kind = kind_of(one.is_, names)
    if kind not in _FITS[one.as_]:
        raise BadExpression(
            f"Công thức “{one.is_}” cho {_GIVES[kind]}, khai báo là {one.as_}.",
            "Hãy sửa “as” hoặc công thức.",
        )
    return Formula(expression=compiled, kind=kind)


def compute(one: Field, made: Formula, values: Mapping[str, object]) -> object:
    """Return the typed value for these answers, None while one that is read is missing.

    Raise Wrong in words when all answers are there and yet give no value.
    """
    try:
        result = made.expression.evaluate(values)
    except Undecided as failed:
        if any(expressions.blank(_reach(values, path)) for path in made.expression.paths):
            return None
        raise Wrong(f"{one.title} chưa tính được. {failed.what} {failed.mend}") from None
    value = _typed(one, made.kind, result)
    if value is None and result is not None:
        raise Wrong(f"{one.title} chưa tính được: công thức không cho đúng kiểu {one.as_}.")
    return value


def _typed(one: Field, kind: Kind, result: object) -> object:
    if isinstance(result, bool):
        return result if one.as_ == "yes_no" else None
    if isinstance(result, int):
        return _number(one, Decimal(result) / SCALE if kind == "decimal" else Decimal(result))
    if isinstance(result, datetime):
        return result.astimezone(HANOI).date() if one.as_ == "date" else None
    return result if isinstance(result, str) and one.as_ == "text" else None


def _number(one: Field, value: Decimal) -> object:
    if one.as_ == "decimal":
        return value.quantize(Decimal(10) ** -one.digits, rounding=ROUND_HALF_UP)
    whole = one.as_ in ("integer", "vnd")
    return int(value.to_integral_value(rounding=ROUND_HALF_UP)) if whole else None


def _reach(values: Mapping[str, object], path: tuple[str, ...]) -> object:
    here: object = values
    for part in path:
        here = here.get(part) if isinstance(here, Mapping) else None
    return here


class Computed(FieldType):
    """Behaves as the type of its result, but is never typed and never asked for."""

    input = "computed"
    typed = False

    def __init__(self, inner: FieldType) -> None:
        self.inner = inner
        self.cel = inner.cel

    def of(self, one: Field) -> FieldType:
        return _BY_RESULT[one.as_]

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        raise Wrong(f"{one.title} do hệ thống tính, không ai gõ vào.")

    def show(self, one: Field, value: Loose, context: Context) -> str:
        return self.inner.show(one, value, context)

    def edit(self, one: Field, value: Loose) -> str:
        return self.inner.edit(one, value)

    def store(self, value: Loose) -> Loose:
        return self.inner.store(value)

    def load(self, kept: Loose) -> object:
        return self.inner.load(kept)

    def schema(self, one: Field) -> dict[str, Any]:
        return self.inner.schema(one) | {"readOnly": True}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        return ""


_BY_RESULT: Final[Mapping[str, Computed]] = {
    "integer": Computed(Integer()),
    "decimal": Computed(Measured()),
    "text": Computed(Text()),
    "date": Computed(Day()),
    "yes_no": Computed(YesOrNo()),
    "vnd": Computed(Dong()),
}
