"""A declared field: what a form asks or a registry keeps. One shape for both."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final, Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.fields.patterns import fault_of
from cuaso.declarations.shape import (
    Cel,
    Day,
    DayEdge,
    Declaration,
    Line,
    Loose,
    Name,
    Names,
    YesNo,
    YesNoOrCel,
    mistake,
)
from cuaso.declarations.trouble import suggestion
from cuaso.kernel.errors import Invalid
from cuaso.kernel.geography.vn2000 import ZONES, find_zone
from cuaso.kernel.money import parse_vnd

TypeName = Literal[
    "text", "long_text", "code", "integer", "decimal", "vnd", "date", "moment", "choice",
    "multi_choice", "yes_no", "person", "organisation", "place", "address", "phone", "email",
    "file", "period", "reference", "point", "line", "polygon", "computed", "chainage",
]  # fmt: skip
ResultName = Literal["integer", "decimal", "text", "date", "yes_no", "vnd"]

_LONGEST: Final = 200
_LENGTHS: Final = frozenset({"min_length", "max_length", "pattern", "pattern_say"})
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_NUMBERS: Final = frozenset({"min", "max", "unit"})
_DAYS: Final = frozenset({"not_before", "not_after"})

OPTIONS_OF: Final[Mapping[str, frozenset[str]]] = {
    "text": _LENGTHS | {"normalise"},
    "long_text": frozenset({"min_length", "max_length"}),
    "code": _LENGTHS | {"number"},
    "integer": _NUMBERS,
    "decimal": _NUMBERS | {"digits"},
    "chainage": frozenset({"min", "max"}),
    "vnd": frozenset({"min", "max"}),
    "date": _DAYS,
    "moment": _DAYS,
    "choice": frozenset({"codes"}),
    "multi_choice": frozenset({"codes", "max"}),
    "yes_no": frozenset(),
    "person": frozenset({"parts"}),
    "place": frozenset({"level"}),
    "address": frozenset({"level"}),
    "phone": frozenset(),
    "email": frozenset(),
    "file": frozenset({"accept", "max"}),
    "organisation": frozenset({"parts", "number", "codes"}),
    "period": _DAYS,
    "reference": frozenset({"to", "brings"}),
    "point": frozenset({"zone", "anywhere"}),
    "line": frozenset({"zone", "anywhere"}),
    "polygon": frozenset({"zone", "anywhere"}),
    "computed": frozenset({"is", "as", "unit", "digits"}),
}
_ALL_OPTIONS: Final = frozenset().union(*OPTIONS_OF.values())
# What a person would type or a source would give; a computed field has none of it.
_ANSWERS: Final = frozenset({"default", "examples", "from", "required", "same_as"})
_TARGET: Final = re.compile(r"([a-z][a-z0-9-]*/)?[a-z][a-z0-9_]*")
_NEEDED: Final[Mapping[str, tuple[str, str, str]]] = {
    "choice": ("codes", "Ô chọn thiếu danh mục.", "Hãy viết thêm “codes: tên_danh_mục”."),
    "multi_choice": ("codes", "Ô chọn thiếu danh mục.", "Hãy viết thêm “codes: tên_danh_mục”."),
    "reference": ("to", "Ô tham chiếu thiếu sổ.", "Hãy viết thêm “to: tên_sổ” hoặc “to: gói/sổ”."),
    "computed": ("is_", "Ô tính thiếu công thức.", "Hãy viết thêm “is: biểu_thức”."),
}
# An option that alone says the type.
_TYPE_OF: Final = {"codes": "choice", "to": "reference", "is": "computed"}


class Field(Declaration):
    """One field. `required` and `when` take yes, no or a CEL condition."""

    title: Line = Key(min_length=1, description="Tên ô, như người dân đọc trên màn hình.")
    title_en: Line = ""
    type: TypeName = "text"
    hint: Line = ""
    hint_en: Line = ""
    required: YesNoOrCel = True
    when: Cel = Key(default="", description="Ô chỉ hiện khi điều kiện CEL này đúng.")
    prefill: Line = Key(
        default="", alias="from", description="Nguồn điền sẵn, ví dụ population.full_name."
    )
    same_as: Line = Key(default="", description="Ô khác để chép sang khi người dân chọn “giống”.")
    default: Line = ""
    examples: Names = Key(default=(), description="Câu trả lời mẫu, dùng khi thử tờ khai.")
    codes: Name | Literal[""] = Key(default="", description="Danh mục mã của ô chọn.")
    level: Literal["province", "commune"] = "commune"
    parts: Names = ()
    number: Literal["", "personal", "tax", "agency", "organisation"] = ""
    normalise: Literal["", "name", "upper"] = ""
    min_length: int = Key(default=0, ge=0)
    max_length: int | None = Key(default=None, ge=1, le=20_000)
    pattern: str = Key(default="", max_length=200)
    pattern_say: Line = ""
    min: Line = ""
    max: Line = ""
    digits: int = Key(default=2, ge=1, le=6)
    unit: Line = ""
    not_before: DayEdge = ""
    not_after: DayEdge = ""
    accept: Names = ()
    to: Line = Key(default="", description="Sổ được tham chiếu: tên_sổ hoặc gói/tên_sổ.")
    brings: dict[Name, ResultName] = Key(
        default={}, description="Ô của sổ kia mà luật đọc được qua ô này, và kiểu của nó."
    )
    zone: Line = Key(default="", description="Kinh tuyến trục của tọa độ VN-2000, ví dụ 108-15.")
    anywhere: YesNo = Key(default=False, description="yes: nhận cả nơi ở ngoài Việt Nam.")
    is_: Cel = Key(default="", alias="is", description="Công thức CEL của ô tính.")
    as_: ResultName = Key(default="text", alias="as", description="Kiểu của kết quả ô tính.")
    personal: YesNo = Key(default=False, description="Dữ liệu cá nhân, chỉ người có việc mới xem.")
    source: Line = ""
    unverified: YesNo = False
    since: Day | None = Key(default=None, alias="from_day")
    until: Day | None = Key(default=None, alias="to_day")

    @model_validator(mode="before")
    @classmethod
    def _type_from_option(cls, given: Loose) -> Loose:
        """`codes:` alone already says choice, `to:` reference, `is:` computed."""
        if not isinstance(given, Mapping) or given.get("type"):
            return given
        said = next((name for option, name in _TYPE_OF.items() if given.get(option)), "")
        return {**given, "type": said} if said else given

    @model_validator(mode="after")
    def _options_fit_type(self) -> Self:
        allowed = OPTIONS_OF[self.type]
        strange = sorted((self._written & _ALL_OPTIONS) - allowed)
        if strange:
            raise mistake(
                f"Mục “{strange[0]}” không dùng với kiểu {self.type}.",
                suggestion(strange[0], allowed) or f"Kiểu {self.type} không có mục riêng.",
            )
        needed, what, mend = _NEEDED.get(self.type, ("title", "", ""))
        if not getattr(self, needed):
            raise mistake(what, mend)
        if self.pattern and not self.pattern_say:
            raise mistake(
                "Có “pattern” mà thiếu “pattern_say”.",
                "Hãy viết một câu cho người dân biết phải gõ thế nào.",
            )
        fault = self.pattern and fault_of(self.pattern, longest=self.max_length or _LONGEST)
        if fault:
            raise mistake(
                f"“pattern”: {fault}",
                r"Hãy viết mẫu thẳng, mỗi chỗ lặp có hạn, ví dụ BĐ-\d{5}-TS.",
            )
        return self

    @model_validator(mode="after")
    def _bounds_are_numbers(self) -> Self:
        for name, text in (("min", self.min), ("max", self.max)):
            if text and not _is_bound(text, money=self.type == "vnd"):
                example = "150.000 đồng" if self.type == "vnd" else "1.5"
                raise mistake(f"“{name}: {text}” không phải số.", f"Hãy viết số, ví dụ {example}.")
        return self

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        if self.to and not _TARGET.fullmatch(self.to):
            raise mistake(f"“{self.to}” không phải tên một sổ.", "Hãy viết tên_sổ hoặc gói/tên_sổ.")
        if self.zone and find_zone(self.zone) is None:
            raise mistake(f"Không có kinh tuyến trục “{self.zone}”.", suggestion(self.zone, ZONES))
        answered = sorted(self._written & _ANSWERS)
        if self.type == "computed" and answered:
            raise mistake(
                f"Ô tính không nhận “{answered[0]}”.", "Không ai gõ vào ô tính; hãy bỏ mục này."
            )
        return self

    @property
    def _written(self) -> frozenset[str]:
        return frozenset(map(_keys_of(type(self)).__getitem__, self.model_fields_set))

    def stands_on(self, day: date) -> bool:
        """Say whether the field belongs to the form on a legal day."""
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


def _is_bound(text: str, *, money: bool) -> bool:
    if not money:
        return _NUMBER.fullmatch(text) is not None
    try:
        parse_vnd(text)
    except Invalid:
        return False
    return True


@cache
def _keys_of(kind: type[Field]) -> Mapping[str, str]:
    """Return under which key each value of a field is written."""
    return {name: one.alias or name for name, one in kind.model_fields.items()}
