"""Which days and hours an agency works."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final

from cuaso.kernel.clock import VIETNAM, legal_date
from cuaso.kernel.errors import Invalid

Span = tuple[datetime, datetime]
MONDAY_TO_FRIDAY: Final = frozenset(range(5))
_LONGEST_CLOSURE_DAYS: Final = 366
_SATURDAY: Final = 5


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """An agency's hours on a working day, Vietnam time; `days` are weekdays, Monday is 0.

    The defaults make eight hours. They are customary, not a rule: an agency gives its own.
    """

    morning: tuple[time, time] | None = (time(7, 0), time(11, 30))
    afternoon: tuple[time, time] | None = (time(13, 30), time(17, 0))
    days: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        edges = [edge for part in self.parts for edge in part]
        if not edges or edges != sorted(set(edges)):
            raise Invalid(
                code="working_time.hours",
                what="Giờ làm việc không hợp lệ.",
                why="Mỗi buổi phải có giờ bắt đầu trước giờ kết thúc; buổi sáng trước buổi chiều.",
                mend="Hãy khai báo lại giờ làm việc của cơ quan.",
            )

    @property
    def parts(self) -> tuple[tuple[time, time], ...]:
        return tuple(part for part in (self.morning, self.afternoon) if part)

    @property
    def minutes(self) -> int:
        """Working minutes of one full day."""
        return sum(_minute(end) - _minute(start) for start, end in self.parts)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Office hours and the days that differ: holidays with reasons, worked week-ends with reasons.

    `years` are the years whose holidays are known: a day outside them is refused rather than
    guessed. None trusts every year (for calendars made by hand). A day in both mappings is worked.
    """

    hours: OfficeHours = field(default_factory=OfficeHours)
    holidays: Mapping[date, str] = field(default_factory=dict)
    working_weekends: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] | None = None
    # What was asked of this calendar before: lists ask it of the same days for each of their rows.
    _known: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def is_working_day(self, day: date) -> bool:
        return not self.why_closed(day)

    def why_closed(self, day: date) -> str:
        """Return why the day is not worked, `""` when it is."""
        self._require_known(day)
        if day in self.working_weekends:
            return ""
        if day in self.holidays:
            return self.holidays[day]
        if day.weekday() in self.hours.days:
            return ""
        return "nghỉ cuối tuần" if day.weekday() >= _SATURDAY else "cơ quan không làm việc"

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the worked stretches of the day as aware UTC moments."""
        known = self._known.get(day)
        if known is None:
            parts = self.hours.parts if self.is_working_day(day) else ()
            known = tuple((_moment(day, start), _moment(day, end)) for start, end in parts)
            self._known[day] = known
        return known

    def opening(self, day: date) -> datetime:
        """Return the first worked moment of a working day."""
        return _moment(day, self.hours.parts[0][0])

    def closing(self, day: date) -> datetime:
        """Return the last worked moment of a working day."""
        return _moment(day, self.hours.parts[-1][1])

    def is_working_moment(self, moment: datetime) -> bool:
        """Say whether work goes on; the moment of closing still belongs to the day."""
        return any(start <= moment <= end for start, end in self.spans(legal_date(moment)))

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        return next(self.working_days_from(day + timedelta(days=1)))

    def working_day_from(self, day: date) -> date:
        """Return `day` itself when it is worked, else the next working day."""
        return next(self.working_days_from(day))

    def next_working_moment(self, moment: datetime) -> datetime:
        """Return `moment` itself (in UTC) when it is worked, else the next opening."""
        day = legal_date(moment)
        for start, end in self.spans(day):
            if moment <= end:
                return max(moment, start).astimezone(UTC)
        return self.opening(self.next_working_day(day))

    def working_days_from(self, day: date) -> Iterator[date]:
        """Yield the working days from `day` on, without end."""
        closed = 0
        for step in count():
            current = day + timedelta(days=step)
            closed = 0 if self.is_working_day(current) else closed + 1
            if closed > _LONGEST_CLOSURE_DAYS:
                raise _never_open(day)
            if closed == 0:
                yield current

    def _require_known(self, day: date) -> None:
        if self.years is not None and day.year not in self.years:
            raise Invalid(
                code="working_time.year_unknown",
                what=f"Chưa có lịch làm việc của năm {day.year}.",
                why="Thời hạn chỉ được tính trên những năm đã có lịch nghỉ lễ, Tết.",
                mend="Hãy bổ sung lịch nghỉ của năm này rồi tính lại.",
                data={"year": day.year},
            )


def _never_open(day: date) -> Invalid:
    return Invalid(
        code="working_time.never_open",
        what=f"Không có ngày làm việc nào trong một năm kể từ {day:%d/%m/%Y}.",
        mend="Hãy kiểm tra lại lịch làm việc của cơ quan.",
    )


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=VIETNAM).astimezone(UTC)


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute
