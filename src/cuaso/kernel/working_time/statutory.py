"""The calendar of Vietnam: statutory days and swaps, and what the province adds to them.

Statutory days, Tết and the swaps that the government announced come from the package `holidays`.
For a year whose swaps were not yet announced it holds the days by rule only; the announcement is
entered as an override.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from holidays.countries.vietnam import Vietnam

from cuaso.kernel.working_time.calendar import Calendar, OfficeHours

_SWAP = re.compile(r"thay cho ngày (\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """What differs from the statutory calendar, each day with its reason in Vietnamese.

    `closed` adds days off (a storm, an announced swap); `working` makes a day worked, whether it
    was a week-end or a holiday, and wins over `closed`.
    """

    closed: Mapping[date, str] = field(default_factory=dict)
    working: Mapping[date, str] = field(default_factory=dict)


NO_OVERRIDES = Overrides()


def vietnam_calendar(
    years: Iterable[int],
    overrides: Overrides = NO_OVERRIDES,
    *,
    hours: OfficeHours | None = None,
) -> Calendar:
    """Return the working calendar of these years with the province's overrides laid over it."""
    known = frozenset(years)
    holidays: dict[date, str] = {}
    working: dict[date, str] = {}
    for year in sorted(known):
        closed, swapped = _statutory(year)
        holidays |= closed
        working |= swapped
    holidays |= overrides.closed
    working = {day: why for day, why in working.items() if day not in overrides.closed}
    working |= overrides.working
    return Calendar(
        hours=hours or OfficeHours(),
        holidays=MappingProxyType({d: why for d, why in holidays.items() if d not in working}),
        working_weekends=MappingProxyType(working),
        years=known,
    )


@lru_cache(maxsize=64)
def _statutory(year: int) -> tuple[Mapping[date, str], Mapping[date, str]]:
    stock = Vietnam(years=year, language="vi")  # type: ignore[no-untyped-call] # ships no annotation
    holidays = dict(stock.items())
    worked = {day for day in stock.weekend_workdays if day.year == year}
    reasons = {_swapped_day(name): day for day, name in holidays.items()}
    working = {day: _make_up(reasons.get(day)) for day in worked}
    return MappingProxyType(holidays), MappingProxyType(working)


def _swapped_day(name: str) -> date | None:
    found = _SWAP.search(name)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


def _make_up(day_off: date | None) -> str:
    return f"làm bù cho ngày nghỉ {day_off:%d/%m/%Y}" if day_off else "ngày làm bù"
