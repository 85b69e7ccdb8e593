"""Data elements as packs declare them, in the terms of ISO/IEC 11179-3.

One file is one object class: `elements/person.yaml` declares `person.sex`. What an element
may hold (its value domain) is dated like law: a new domain is a new version with a first day.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.fields.field import TypeName
from cuaso.declarations.law import Dated
from cuaso.declarations.shape import Declaration, Line, Name, Names, YesNo, mistake

Status = Literal[
    "incomplete", "candidate", "recorded", "qualified", "standard", "preferred_standard",
    "superseded", "retired",
]  # fmt: skip
TEXTS: Final = frozenset({"text", "long_text", "code", "phone", "email"})
NUMBERS: Final = frozenset({"integer", "decimal", "vnd"})
CHOICES: Final = frozenset({"choice", "multi_choice"})
# A pattern that every reader understands alike (JSON Schema, XSD, SHACL): no look-around, no
# back-references, no flags; and nothing repeated that repeats itself, which can run for ever.
_FOREIGN: Final = re.compile(r"\(\?|\\[1-9bBAZ]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_WITHOUT_END: Final = r"(?:[+*]|\{\d*,\})"
_RUNAWAY: Final = re.compile(
    rf"{_WITHOUT_END}[^()]*\){_WITHOUT_END}|\|[^()]*\){_WITHOUT_END}|\)\){_WITHOUT_END}"
)


class Domain(Declaration):
    """What values are permitted, and how they are written (value domain, representation)."""

    type: TypeName = "text"
    codes: Name | Literal[""] = Key(default="", description="Danh mục mã của giá trị.")
    unit: Line = ""
    pattern: str = Key(default="", max_length=200)
    pattern_say: Line = Key(default="", description="Một câu nói mẫu ấy bằng lời.")
    min_length: int = Key(default=0, ge=0)
    max_length: int | None = Key(default=None, ge=1, le=20_000)
    min: Line = ""
    max: Line = ""
    digits: int | None = Key(default=None, ge=1, le=6)
    examples: Names = Key(default=(), description="Vài giá trị đúng, bịa ra.")

    @model_validator(mode="before")
    @classmethod
    def _type_from_codes(cls, given: object) -> object:
        """`codes:` alone already says choice."""
        if isinstance(given, dict) and given.get("codes") and not given.get("type"):
            return {**given, "type": "choice"}
        return given

    @model_validator(mode="after")
    def _fits_type(self) -> Self:
        if (self.type in CHOICES) != bool(self.codes):
            raise mistake(
                "Danh mục mã và kiểu không khớp.",
                "Kiểu choice, multi_choice cần “codes”; các kiểu khác thì không.",
            )
        if self.pattern and self.type not in TEXTS:
            raise mistake("“pattern” chỉ dùng cho chữ và mã.", "Hãy bỏ “pattern” hoặc đổi kiểu.")
        if (self.min or self.max or self.unit) and self.type not in NUMBERS:
            raise mistake("“min”, “max”, “unit” chỉ dùng cho số.", "Hãy bỏ hoặc đổi kiểu.")
        for end in (self.min, self.max):
            if end and not _NUMBER.fullmatch(end):
                raise mistake(f"“{end}” không phải số.", "Hãy viết số, ví dụ 6 hoặc 1.5.")
        return self

    @model_validator(mode="after")
    def _pattern_is_plain(self) -> Self:
        if not self.pattern:
            return self
        if _FOREIGN.search(self.pattern) or _RUNAWAY.search(self.pattern):
            raise mistake(
                f"Mẫu “{self.pattern}” dùng phép mà không phải nơi nào cũng hiểu, hoặc chạy mãi.",
                "Chỉ dùng chữ, số, […], {n}, ?, +, *, |, (…), \\d; không lặp cái đã lặp.",
            )
        try:
            compiled = re.compile(self.pattern, re.ASCII)
        except re.error:
            raise mistake(f"Không đọc được mẫu “{self.pattern}”.", "Hãy xem lại ngoặc.") from None
        for example in self.examples:
            if not compiled.fullmatch(example):
                raise mistake(f"Giá trị mẫu “{example}” không theo mẫu.", "Hãy sửa một trong hai.")
        return self


class Element(Declaration):
    """One data element: a property of the object class, and its value domain over time."""

    title: Line = Key(min_length=2)
    title_en: Line = ""
    property: Line = Key(default="", description="Thuộc tính; mặc định là tên.")
    definition: Line = Key(min_length=5)
    also_called: Names = ()
    status: Status = "candidate"
    steward: Line = Key(default="", description="Cơ quan giữ; mặc định là của cả tệp.")
    replaced_by: Line = Key(default="", description="Phần tử thay thế, khi đã bị thay.")
    personal: YesNo = False
    domain: Dated[Domain] = Key(min_length=1)

    @model_validator(mode="after")
    def _superseded_by_something(self) -> Self:
        if (self.status == "superseded") != bool(self.replaced_by):
            raise mistake(
                "Trạng thái superseded và mục “replaced_by” phải đi cùng nhau.",
                "Hãy ghi phần tử thay thế, hoặc đổi trạng thái.",
            )
        return self


class ElementFile(Declaration):
    """The elements of one object class."""

    title: Line = Key(min_length=2, description="Lớp đối tượng, ví dụ Con người.")
    title_en: Line = ""
    definition: Line = ""
    steward: Line = Key(min_length=2, description="Khóa hoặc tên của cơ quan giữ.")
    elements: dict[Name, Element] = Key(min_length=1)

    def keyed(self, object_class: str) -> Iterator[tuple[str, Element]]:
        """Yield each element under its key, such as `person.sex`."""
        for name, one in self.elements.items():
            yield f"{object_class}.{name}", one


def domain_on(one: Element, day: date) -> Domain | None:
    """Return the value domain in force on a day, None before the first and after the last."""
    found = one.domain.find(day)
    return found.value if found else None
