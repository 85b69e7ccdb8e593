"""Durations as people write them: `5 ngày làm việc`, `8 giờ làm việc`, `60 ngày`."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import one_line

Unit = Literal["working_day", "working_hour", "day", "month", "year"]

_VIETNAMESE: Final[dict[Unit, str]] = {
    "working_day": "ngày làm việc",
    "working_hour": "giờ làm việc",
    "day": "ngày",
    "month": "tháng",
    "year": "năm",
}
_ENGLISH: Final[dict[Unit, str]] = {
    "working_day": "working day",
    "working_hour": "working hour",
    "day": "day",
    "month": "month",
    "year": "year",
}
_UNIT_OF: Final = {words: unit for unit, words in _VIETNAMESE.items()}
_SAME_DAY: Final = frozenset({"trong ngày", "ngay trong ngày", "trong ngày làm việc"})
_AMOUNT = re.compile(r"(\d{1,4}) (.+)", re.ASCII)


@dataclass(frozen=True)
class Duration:
    """An amount of one unit. Units never convert into each other: only a calendar knows how.

    `Duration(0, "working_day")` is law's "ngay trong ngày": by the end of the same working day.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0 or self.unit not in get_args(Unit):
            raise _unreadable(f"{self.amount} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read Vietnamese words; raise Invalid (`durations.unreadable`) on anything else."""
        said = one_line(text).lower()
        if said in _SAME_DAY:
            return cls(0, "working_day")
        found = _AMOUNT.fullmatch(said)
        unit = _UNIT_OF.get(found[2]) if found else None
        if found is None or unit is None:
            raise _unreadable(text)
        return cls(int(found[1]), unit)

    def __str__(self) -> str:
        if self == Duration(0, "working_day"):
            return "trong ngày"
        return f"{self.amount} {_VIETNAMESE[self.unit]}"

    @property
    def english(self) -> str:
        """The same words in English."""
        if self == Duration(0, "working_day"):
            return "the same day"
        return f"{self.amount} {_ENGLISH[self.unit]}{'' if self.amount == 1 else 's'}"


def _unreadable(text: str) -> Invalid:
    return Invalid(
        code="durations.unreadable",
        what=f"Không đọc được thời hạn “{text}”.",
        why="Thời hạn gồm một số nguyên và một đơn vị.",
        mend="Hãy viết theo mẫu: “5 ngày làm việc”, “8 giờ làm việc”, “60 ngày”, “3 tháng”, "
        "“1 năm” hoặc “trong ngày”.",
    )
