"""A declared field: what a form asks or a registry keeps. One shape for both."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.shape import (
    Cel,
    Day,
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

TypeName = Literal[
    "text", "long_text", "code", "integer", "decimal", "vnd", "date", "moment", "choice",
    "multi_choice", "yes_no", "person", "place", "address", "phone", "email", "file",
]  # fmt: skip

_LENGTHS: Final = frozenset({"min_length", "max_length", "pattern", "pattern_say"})
_NUMBERS: Final = frozenset({"min", "max", "unit"})
_DAYS: Final = frozenset({"not_before", "not_after"})

OPTIONS_OF: Final[Mapping[str, frozenset[str]]] = {
    "text": _LENGTHS | {"normalise"},
    "long_text": frozenset({"min_length", "max_length"}),
    "code": _LENGTHS | {"number"},
    "integer": _NUMBERS,
    "decimal": _NUMBERS | {"digits"},
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
}
_ALL_OPTIONS: Final = frozenset().union(*OPTIONS_OF.values())


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
    number: Literal["", "personal", "tax", "agency"] = ""
    normalise: Literal["", "name", "upper"] = ""
    min_length: int = Key(default=0, ge=0)
    max_length: int | None = Key(default=None, ge=1, le=20_000)
    pattern: str = Key(default="", max_length=200)
    pattern_say: Line = ""
    min: Line = ""
    max: Line = ""
    digits: int = Key(default=2, ge=1, le=6)
    unit: Line = ""
    not_before: Day | Literal["today", ""] = ""
    not_after: Day | Literal["today", ""] = ""
    accept: Names = ()
    personal: YesNo = Key(default=False, description="Dữ liệu cá nhân, chỉ người có việc mới xem.")
    source: Line = ""
    unverified: YesNo = False
    since: Day | None = Key(default=None, alias="from_day")
    until: Day | None = Key(default=None, alias="to_day")

    @model_validator(mode="before")
    @classmethod
    def _type_from_codes(cls, given: Loose) -> Loose:
        """`codes:` alone already says choice."""
        if isinstance(given, Mapping) and given.get("codes") and not given.get("type"):
            return {**given, "type": "choice"}
        return given

    @model_validator(mode="after")
    def _options_fit_type(self) -> Self:
        allowed = OPTIONS_OF[self.type]
        strange = sorted((self.model_fields_set & _ALL_OPTIONS) - allowed)
        if strange:
            raise mistake(
                f"Mục “{strange[0]}” không dùng với kiểu {self.type}.",
                suggestion(strange[0], allowed) or f"Kiểu {self.type} không có mục riêng.",
            )
        if self.type in ("choice", "multi_choice") and not self.codes:
            raise mistake("Ô chọn thiếu danh mục.", "Hãy viết thêm “codes: tên_danh_mục”.")
        if self.pattern and not self.pattern_say:
            raise mistake(
                "Có “pattern” mà thiếu “pattern_say”.",
                "Hãy viết một câu cho người dân biết phải gõ thế nào.",
            )
        return self

    def stands_on(self, day: date) -> bool:
        """Say whether the field belongs to the form on a legal day."""
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)
