"""Stretches of days: half-open periods of validity, and the periods that reports speak of."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import one_line


@dataclass(frozen=True)
class Period:
    """Days from `start` up to, but without, `end`; None is without limit."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise Invalid(
                code="periods.empty",
                what=f"Thời gian từ {self.start:%d/%m/%Y} đến trước {self.end:%d/%m/%Y} là rỗng.",
                mend="Ngày kết thúc phải sau ngày bắt đầu.",
            )

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        return _before(self.start, other.end) and _before(other.start, self.end)

    @property
    def last(self) -> date | None:
        """The last day that belongs to the period, None when it has no end."""
        return self.end - timedelta(days=1) if self.end else None

    def __str__(self) -> str:
        if self.start and self.last:
            return f"từ {self.start:%d/%m/%Y} đến hết {self.last:%d/%m/%Y}"
        if self.start:
            return f"từ {self.start:%d/%m/%Y}"
        return f"đến hết {self.last:%d/%m/%Y}" if self.last else "không thời hạn"


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


ALWAYS = Period()


@dataclass(frozen=True, order=True)
class Year:
    year: int

    @classmethod
    def parse(cls, text: str) -> "Year":
        """Read `2026` or `năm 2026`."""
        return cls(*_numbers(text, r"(?:năm )?(\d{4})", example="2026"))

    @property
    def period(self) -> Period:
        return Period(date(self.year, 1, 1), date(self.year + 1, 1, 1))

    def next(self) -> "Year":
        return Year(self.year + 1)

    def __str__(self) -> str:
        return f"năm {self.year}"


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    quarter: int

    def __post_init__(self) -> None:
        _require(1 <= self.quarter <= 4, text=f"{self.quarter}/{self.year}", example="quý 3/2026")  # noqa: PLR2004 quarters of a year

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read `quý 3/2026` or `2026-Q3`."""
        if "q" in text.lower() and "-" in text:
            return cls(*_numbers(text, r"(\d{4})-q([1-4])", example="2026-Q3"))
        number, year = _numbers(text, r"(?:quý )?([1-4])/(\d{4})", example="quý 3/2026")
        return cls(year, number)

    @property
    def period(self) -> Period:
        first = 3 * self.quarter - 2
        return Period(date(self.year, first, 1), Month(self.year, first + 2).period.end)

    def next(self) -> "Quarter":
        return Quarter(*_carry(self.year, self.quarter, length=4))

    def __str__(self) -> str:
        return f"quý {self.quarter}/{self.year}"


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    def __post_init__(self) -> None:
        _require(1 <= self.month <= 12, text=f"{self.month}/{self.year}", example="tháng 3/2026")  # noqa: PLR2004 months of a year

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `tháng 3/2026`, `03/2026` or `2026-03`."""
        if "-" in text:
            return cls(*_numbers(text, r"(\d{4})-(\d{1,2})", example="2026-03"))
        number, year = _numbers(text, r"(?:tháng )?(\d{1,2})/(\d{4})", example="tháng 3/2026")
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def period(self) -> Period:
        year, month = _carry(self.year, self.month, length=12)
        return Period(date(self.year, self.month, 1), date(year, month, 1))

    def next(self) -> "Month":
        return Month(*_carry(self.year, self.month, length=12))

    def __str__(self) -> str:
        return f"tháng {self.month}/{self.year}"


@dataclass(frozen=True, order=True)
class Week:
    """A week of ISO 8601: from Monday; week 1 holds the year's first Thursday."""

    year: int
    week: int

    def __post_init__(self) -> None:
        weeks = date(self.year, 12, 28).isocalendar().week
        _require(1 <= self.week <= weeks, text=f"{self.week}/{self.year}", example="tuần 12/2026")

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read `tuần 12/2026` or `2026-W12`."""
        if "w" in text.lower():
            return cls(*_numbers(text, r"(\d{4})-w(\d{1,2})", example="2026-W12"))
        number, year = _numbers(text, r"(?:tuần )?(\d{1,2})/(\d{4})", example="tuần 12/2026")
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> "Week":
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @property
    def period(self) -> Period:
        monday = date.fromisocalendar(self.year, self.week, 1)
        return Period(monday, monday + timedelta(days=7))

    def next(self) -> "Week":
        return Week.of(date.fromisocalendar(self.year, self.week, 1) + timedelta(days=7))

    def __str__(self) -> str:
        return f"tuần {self.week}/{self.year}"


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _carry(year: int, number: int, *, length: int) -> tuple[int, int]:
    return (year + 1, 1) if number == length else (year, number + 1)


def _numbers(text: str, pattern: str, *, example: str) -> tuple[int, ...]:
    found = re.fullmatch(pattern, one_line(text).lower(), re.ASCII)
    _require(found is not None, text=text, example=example)
    return tuple(int(group) for group in found.groups()) if found else ()


def _require(condition: bool, *, text: str, example: str) -> None:  # noqa: FBT001 what must hold
    if not condition:
        raise Invalid(
            code="periods.unreadable",
            what=f"Không đọc được kỳ thời gian “{text}”.",
            mend=f"Hãy viết theo mẫu: “{example}”.",
        )
