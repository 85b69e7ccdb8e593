"""How much working time is left, in words."""

from dataclasses import dataclass
from datetime import datetime

from cuaso.kernel.working_time.calendar import Calendar
from cuaso.kernel.working_time.counting import working_minutes_between


@dataclass(frozen=True, kw_only=True)
class Remaining:
    """Working minutes until the deadline, negative when it has passed; and a Vietnamese phrase."""

    minutes: int
    late: bool
    say: str


def remaining(now: datetime, due: datetime, calendar: Calendar) -> Remaining:
    """Return the working time from `now` to `due`; a day is the calendar's office hours."""
    minutes = working_minutes_between(now, due, calendar)
    late = now > due
    amount = _say_minutes(abs(minutes), day_minutes=calendar.hours.minutes)
    if late:
        say = f"Quá hạn {amount}" if amount else "Vừa quá hạn"
    else:
        say = f"Còn {amount}" if amount else "Đến hạn"
    return Remaining(minutes=minutes, late=late, say=say)


def _say_minutes(minutes: int, *, day_minutes: int) -> str:
    days, rest = divmod(minutes, day_minutes)
    hours, odd = divmod(rest, 60)
    parts = [f"{days} ngày"] if days else []
    parts += [f"{hours} giờ"] if hours else []
    parts += [f"{odd} phút"] if odd and not days else []
    return f"{' '.join(parts)} làm việc" if parts else ""
