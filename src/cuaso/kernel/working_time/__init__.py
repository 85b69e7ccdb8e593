"""Working time in Vietnam, and deadlines that say why they fall on their day.

What the units mean is written in `counting.py`; which days are worked, in `calendar.py`.
"""

from cuaso.kernel.working_time.calendar import Calendar, OfficeHours
from cuaso.kernel.working_time.counting import (
    CIVIL_CODE_2015,
    CountingRule,
    add_working_minutes,
    working_days_between,
    working_minutes_between,
)
from cuaso.kernel.working_time.deadlines import Deadline, deadline
from cuaso.kernel.working_time.remaining import Remaining, remaining
from cuaso.kernel.working_time.statutory import Overrides, vietnam_calendar

__all__ = [
    "CIVIL_CODE_2015",
    "Calendar",
    "CountingRule",
    "Deadline",
    "OfficeHours",
    "Overrides",
    "Remaining",
    "add_working_minutes",
    "deadline",
    "remaining",
    "vietnam_calendar",
    "working_days_between",
    "working_minutes_between",
]
