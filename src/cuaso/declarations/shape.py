"""The base of every declared value: frozen, nothing undeclared, scalars cast from text."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cuaso.declarations.trouble import suggestion
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import one_line

# A value whose type its declaration knows, not Python: what was read, typed or kept.
Loose = Any
_RESERVED = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "item",
        "today",
        "channel",
        "capacity",
        "same",
    ]
)
# today, and a day that lies some years, months or days from it
NEAR_TODAY = re.compile(r"today(?: ([+-]) ([1-9]\d{0,2}) (năm|tháng|ngày))?")
_YES = {"yes": True, "có": True, "no": False, "không": False}


class Declaration(BaseModel):
    """A frozen declared value. Unknown keys are mistakes, each with the nearest known key."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _only_declared_keys(cls, given: Loose) -> Loose:
        if not isinstance(given, Mapping):
            return given
        known = cls.keys()
        strange = [key for key in given if key not in known]
        if strange:
            remedies = {key: suggestion(key, known) for key in strange}
            raise PydanticCustomError("unknown_keys", "unknown keys", {"remedies": remedies})
        return {key: value for key, value in given.items() if value is not None}

    @classmethod
    def keys(cls) -> frozenset[str]:
        """Return the keys that may be written."""
        return _keys(cls)

    def replace(self, **changes: object) -> Self:
        """Return a copy with some values changed; what was computed of the old ones is not kept."""
        copy = self.model_copy(update=changes)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


@cache
def _keys(kind: type[Declaration]) -> frozenset[str]:
    return frozenset(item.alias or name for name, item in kind.model_fields.items())


def mistake(what: str, remedy: str = "") -> PydanticCustomError:
    """Return an error for a validator of a declared value: what is wrong and how to mend it."""
    return PydanticCustomError("mistake", "mistake", {"what": what, "remedy": remedy})


def _yes_no(given: object) -> object:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip().lower() in _YES:
        return _YES[given.strip().lower()]
    raise mistake(f"“{given}” không phải có hay không.", "Hãy viết yes hoặc no.")


def _day(given: object) -> object:
    if isinstance(given, date):
        return given
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise mistake(f"Không có ngày {given} trong lịch.") from None
    raise mistake(f"“{given}” không phải một ngày.", "Hãy viết năm-tháng-ngày: 2025-07-01.")


def _day_edge(given: object) -> object:
    if isinstance(given, str) and (not given or NEAR_TODAY.fullmatch(given)):
        return given
    if isinstance(given, str) and given.startswith("today"):
        raise mistake(
            f"Không đọc được “{given}”.", "Hãy viết today, today + 5 năm hoặc today - 18 tháng."
        )
    return _day(given)


def _hour(given: object) -> object:
    if isinstance(given, time):
        return given
    if isinstance(given, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", given):
        return time.fromisoformat(given)
    raise mistake(f"“{given}” không phải giờ trong ngày.", "Hãy viết theo mẫu 15:00.")


def _duration(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return Duration.parse(given)
    except Invalid as refusal:
        raise mistake(refusal.what, refusal.mend) from None


def _free_name(name: str) -> str:
    if name in _RESERVED:
        raise mistake(
            f"“{name}” là từ riêng của ngôn ngữ khai báo, không dùng làm tên.", "Hãy chọn tên khác."
        )
    return name


def _one_line(given: object) -> object:
    return one_line(given) if isinstance(given, str) else given


def _list_of_one(given: object) -> object:
    return [given] if isinstance(given, str) else given


YesNo = Annotated[bool, BeforeValidator(_yes_no, json_schema_input_type=Literal["yes", "no"])]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
DayEdge = Annotated[
    date | str,
    BeforeValidator(_day_edge, json_schema_input_type=str),
    Field(description="Một ngày, today, hoặc today + 5 năm, today - 22 năm."),
]
Hour = Annotated[
    time,
    BeforeValidator(_hour, json_schema_input_type=str),
    PlainSerializer(lambda hour: f"{hour:%H:%M}", return_type=str, when_used="json"),
]
Lasting = Annotated[
    Duration,
    BeforeValidator(_duration, json_schema_input_type=str),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["5 ngày làm việc", "trong ngày"]}),
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$"), AfterValidator(_free_name)]
FieldPath = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
FolderName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Line = Annotated[str, BeforeValidator(_one_line, json_schema_input_type=str)]
Cel = Annotated[str, Field(max_length=1000)]
YesNoOrCel = Annotated[YesNo | Cel, Field(union_mode="left_to_right")]
Names = Annotated[
    tuple[str, ...], BeforeValidator(_list_of_one, json_schema_input_type=list[str] | str)
]
