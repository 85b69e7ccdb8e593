"""How time is counted.

working_day   The start moves to the next working moment; the day on which it then stands is day
              zero and is not counted; the deadline is the close of the n-th working day after it.
              Zero days is the close of day zero ("trong ngày").
working_hour  Minutes of office hours from the next working moment.
day           Calendar days. The legal day of the start, worked or not, is day zero; the deadline
              is the close of the n-th day after it, and moves to the next working day when that
              day is not worked.
month, year   The day of the same number in the later month, or that month's last day; then as
              for calendar days.

A moment of closing belongs to its day: what is due at 17:00 may be done at 17:00. So an amount
may be split: five working days are three and then two.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Final

from cuaso.kernel.clock import legal_date
from cuaso.kernel.durations import Duration
from cuaso.kernel.periods import add_months
from cuaso.kernel.working_time.calendar import Calendar

_MONTHS: Final = {"month": 1, "year": 12}


@dataclass(frozen=True, kw_only=True)
class CountingRule:
    """Law on counting, as data. `unverified` until the official text was read."""

    first_day_counts: bool
    end_moves_to_working_day: bool
    source: str
    unverified: bool


CIVIL_CODE_2015: Final = CountingRule(
    first_day_counts=False,
    end_moves_to_working_day=True,
    source="Bộ luật Dân sự 91/2015/QH13, Điều 147 và khoản 5 Điều 148",
    unverified=True,
)


def due_moment(
    start_at: datetime, amount: Duration, calendar: Calendar, rule: CountingRule
) -> datetime:
    """Return when `amount` ends, counted from `start_at`; aware UTC."""
    if amount.unit == "working_hour":
        return add_working_minutes(start_at, 60 * amount.amount, calendar)
    if amount.unit == "working_day":
        first = legal_date(calendar.next_working_moment(start_at))
        return calendar.closing(_working_day_after(first, amount.amount, calendar, rule))
    target = nominal_day(legal_date(start_at), amount, rule)
    if rule.end_moves_to_working_day:
        target = calendar.working_day_from(target)
    if calendar.closing(target) < start_at:
        target = calendar.next_working_day(target)
    return calendar.closing(target)


def nominal_day(first: date, amount: Duration, rule: CountingRule) -> date:
    """Return the last day of a calendar amount, before it moves off a day that is not worked."""
    counted = timedelta(days=1 if rule.first_day_counts and amount.amount else 0)
    if amount.unit == "day":
        return first + timedelta(days=amount.amount) - counted
    return add_months(first, amount.amount * _MONTHS[amount.unit]) - counted


def add_working_minutes(start_at: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Return the moment by which so many minutes of office hours have passed."""
    moment = calendar.next_working_moment(start_at)
    left = timedelta(minutes=minutes)
    for day in calendar.working_days_from(legal_date(moment)):
        for start, end in calendar.spans(day):
            begin = max(start, moment)
            if begin <= end and left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
    raise AssertionError  # working_days_from never ends


def working_minutes_between(a: datetime, b: datetime, calendar: Calendar) -> int:
    """Return whole minutes of office hours from a to b; negative when b lies before a."""
    if b < a:
        return -working_minutes_between(b, a, calendar)
    worked = timedelta()
    day, last = legal_date(a), legal_date(b)
    while day <= last:
        worked += _overlap(a.astimezone(UTC), b.astimezone(UTC), day, calendar)
        day += timedelta(days=1)
    return int(worked / timedelta(minutes=1))


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Return the number of working days in the half-open stretch [start, end)."""
    days = (start + timedelta(days=step) for step in range((end - start).days))
    return sum(calendar.is_working_day(day) for day in days)


def _working_day_after(first: date, amount: int, calendar: Calendar, rule: CountingRule) -> date:
    steps = amount - 1 if rule.first_day_counts and amount else amount
    return next(islice(calendar.working_days_from(first), steps, None))


def _overlap(a: datetime, b: datetime, day: date, calendar: Calendar) -> timedelta:
    worked = (min(b, end) - max(a, start) for start, end in calendar.spans(day))
    return sum((part for part in worked if part > timedelta()), timedelta())
