"""Deadlines that explain themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from cuaso.kernel.clock import VIETNAM, legal_date
from cuaso.kernel.durations import Duration
from cuaso.kernel.working_time.calendar import Calendar
from cuaso.kernel.working_time.counting import (
    CIVIL_CODE_2015,
    CountingRule,
    due_moment,
    nominal_day,
)
from cuaso.kernel.working_time.words import say_day, say_moment

_WORKED = frozenset({"working_day", "working_hour"})


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When something is due, and why then: `steps` are full Vietnamese sentences.

    `start_at` is the moment from which it counts, after moving off closed hours and past the
    procedure's cut-off. Both moments are aware UTC; `due_at` is always a working moment.
    """

    due_at: datetime
    start_at: datetime
    amount: Duration
    steps: tuple[str, ...]
    source: str
    unverified: bool


def deadline(
    start_at: datetime,
    amount: Duration,
    calendar: Calendar,
    *,
    cut_off: time | None = None,
    rule: CountingRule = CIVIL_CODE_2015,
) -> Deadline:
    """Return when `amount`, counted from an aware moment, is due.

    `cut_off` is a procedure's rule such as 15:00 (Vietnam time): what comes in later on a working
    day counts from the next working day.
    """
    begin = _effective_start(start_at.astimezone(UTC), amount, calendar, cut_off)
    due_at = due_moment(begin, amount, calendar, rule)
    steps = (
        *_say_start(start_at, begin, calendar, cut_off),
        _say_amount(amount, rule),
        *_say_skipped(begin, due_at, amount, calendar),
        *_say_move(begin, due_at, amount, rule, calendar),
        f"Hạn hoàn thành là {say_moment(due_at)}.",
    )
    return Deadline(
        due_at=due_at,
        start_at=begin,
        amount=amount,
        steps=steps,
        source=rule.source,
        unverified=rule.unverified,
    )


def _effective_start(
    start_at: datetime, amount: Duration, calendar: Calendar, cut_off: time | None
) -> datetime:
    day = legal_date(start_at)
    if _is_late(start_at, calendar, cut_off):
        return calendar.opening(calendar.next_working_day(day))
    return calendar.next_working_moment(start_at) if amount.unit in _WORKED else start_at


def _is_late(start_at: datetime, calendar: Calendar, cut_off: time | None) -> bool:
    if cut_off is None or not calendar.is_working_day(legal_date(start_at)):
        return False
    return start_at.astimezone(VIETNAM).time() > cut_off


def _say_start(
    start_at: datetime, begin: datetime, calendar: Calendar, cut_off: time | None
) -> Iterator[str]:
    yield f"Bắt đầu lúc {say_moment(start_at)}."
    if begin == start_at:
        return
    closed = calendar.why_closed(legal_date(start_at))
    if cut_off is not None and _is_late(start_at, calendar, cut_off):
        why = f"Thời điểm này sau {cut_off:%H:%M}"
    else:
        why = (
            f"Ngày này không làm việc ({closed})" if closed else "Thời điểm này ngoài giờ làm việc"
        )
    yield f"{why}, nên thời hạn tính từ {say_moment(begin)}."


def _say_amount(amount: Duration, rule: CountingRule) -> str:
    if amount.unit == "working_hour" or amount.amount == 0:
        return f"Thời hạn là {amount}."
    return f"Thời hạn là {amount}, {'' if rule.first_day_counts else 'không '}tính ngày bắt đầu."


def _say_skipped(
    begin: datetime, due_at: datetime, amount: Duration, calendar: Calendar
) -> Iterator[str]:
    if amount.unit not in _WORKED:
        return
    first, last = legal_date(begin), legal_date(due_at)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    weekends = sum(day not in calendar.holidays and bool(calendar.why_closed(day)) for day in days)
    if weekends:
        yield f"Không tính {weekends} ngày nghỉ hằng tuần."
    closed = [day for day in days if day in calendar.holidays and calendar.why_closed(day)]
    for why, group in groupby(closed, key=lambda day: calendar.holidays[day]):
        yield f"Không tính {_say_days(list(group))}: {why}."
    for day in days:
        if day in calendar.working_weekends:
            yield f"Có tính {say_day(day)}: {calendar.working_weekends[day]}."


def _say_days(days: list[date]) -> str:
    return ", ".join(say_day(day) for day in days)


def _say_move(
    begin: datetime, due_at: datetime, amount: Duration, rule: CountingRule, calendar: Calendar
) -> Iterator[str]:
    if amount.unit in _WORKED:
        return
    nominal = nominal_day(legal_date(begin), amount, rule)
    if nominal != legal_date(due_at):
        why = calendar.why_closed(nominal)
        yield (
            f"Ngày cuối cùng là {say_day(nominal)}, không làm việc ({why}), "
            f"nên chuyển sang ngày làm việc tiếp theo ({rule.source})."
        )
