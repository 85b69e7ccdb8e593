"""The calendar by which an agency works: statutory days, overrides, its own hours."""

from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import memory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.working_time import Calendar, OfficeHours, Overrides, vietnam_calendar

# Outside a moment other processes learn of a change within so many seconds, the one that made it
# at once; within one, the directory's stamp tells all of them at once.
FRESH_SECONDS = 5
YEARS_AROUND = 2
Span = tuple[time, time] | None


def working_calendar(*, on: date, agency_id: UUID | None = None) -> Calendar:
    """Return the calendar of the years around a day, with overrides for all and for the agency."""
    known = memory.stamp() or str(int(monotonic() // FRESH_SECONDS))
    return _calendar(on.year, agency_id, clock.today(), known)


@lru_cache(maxsize=256)
def _calendar(year: int, agency_id: UUID | None, today: date, _known: str) -> Calendar:
    years = range(year - YEARS_AROUND, year + YEARS_AROUND + 1)
    mine = Q(agency=None) if agency_id is None else Q(agency=None) | Q(agency_id=agency_id)
    rows = models.CalendarDay.objects.filter(
        mine, day__gte=date(years[0], 1, 1), day__lte=date(years[-1], 12, 31)
    ).order_by("agency_id")
    closed = {row.day: row.reason for row in rows if not row.worked}
    worked = {row.day: row.reason for row in rows if row.worked}
    overrides = Overrides(closed=closed, working=worked)
    hours = _hours(agency_id, min(today, date(year, 12, 31)))
    return vietnam_calendar(years, overrides, hours=hours)


def _hours(agency_id: UUID | None, day: date) -> OfficeHours | None:
    if agency_id is None:
        return None
    row = models.WorkingHours.objects.filter(agency_id=agency_id)
    held = row.filter(Q(from_date=None) | Q(from_date__lte=day))
    found = held.filter(Q(until_date=None) | Q(until_date__gt=day)).first()
    if found is None:
        return None
    return OfficeHours(
        morning=_span(found.morning_from, found.morning_to),
        afternoon=_span(found.afternoon_from, found.afternoon_to),
        days=frozenset(found.days),
    )


def _span(start: time | None, end: time | None) -> Span:
    return (start, end) if start and end else None


def calendar_days(*, year: int) -> tuple[contracts.CalendarDay, ...]:
    """Return the days of a year that differ from the statutory calendar, in order."""
    rows = models.CalendarDay.objects.filter(day__year=year).order_by("day", "agency_id")
    return tuple(_view(row) for row in rows)


def set_calendar_day(
    *,
    day: date,
    worked: bool,
    reason: str,
    actor: Actor,
    agency_id: UUID | None = None,
    source: str = "",
) -> contracts.CalendarDay:
    """Make a day worked or closed, for all agencies or for one; what stood there is replaced.

    A storm day, a swapped Saturday. Raises Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid(
            code="directory.calendar_reason",
            what="Chưa ghi được ngày vào lịch.",
            why="Mỗi ngày khác lịch chung phải có lý do, vì hạn trả kết quả tính theo đó.",
            mend="Hãy ghi lý do, ví dụ “Nghỉ tránh bão số 13”.",
            problems=(Problem(field="reason", say="Hãy ghi lý do."),),
        )
    with transaction.atomic():
        row = _standing(day, agency_id) or models.CalendarDay(day=day, agency_id=agency_id)
        row.worked, row.reason, row.source = worked, reason.strip(), source.strip()
        row.save()
        _record(row, act="directory.calendar_day_set", actor=actor)
    transaction.on_commit(_calendar.cache_clear)
    return _view(row)


def clear_calendar_day(*, day: date, actor: Actor, agency_id: UUID | None = None) -> None:
    """Give a day back to the statutory calendar; clearing it again changes nothing."""
    with transaction.atomic():
        row = _standing(day, agency_id)
        if row is None:
            return
        _record(row, act="directory.calendar_day_cleared", actor=actor)
        row.delete()
    transaction.on_commit(_calendar.cache_clear)


def _standing(day: date, agency_id: UUID | None) -> models.CalendarDay | None:
    rows = models.CalendarDay.objects.select_for_update().filter(day=day)
    whose = Q(agency=None) if agency_id is None else Q(agency_id=agency_id)
    return rows.filter(whose).first()


def set_office_hours(
    *,
    agency_id: UUID,
    hours: OfficeHours,
    start: date,
    actor: Actor,
) -> None:
    """Give an agency office hours from a day on; those before end there."""
    with transaction.atomic():
        held = models.WorkingHours.objects.select_for_update().filter(agency_id=agency_id)
        held.filter(Q(until_date=None) | Q(until_date__gt=start)).update(until_date=start)
        held.filter(from_date=start).delete()
        morning, afternoon = hours.morning or (None, None), hours.afternoon or (None, None)
        row = models.WorkingHours.objects.create(
            agency_id=agency_id,
            from_date=start,
            morning_from=morning[0],
            morning_to=morning[1],
            afternoon_from=afternoon[0],
            afternoon_to=afternoon[1],
            days=_sorted(hours.days),
        )
        audit.record(
            actor=actor,
            act="directory.office_hours_set",
            subject=Subject(kind="directory.agency", id=agency_id),
            content={"from": start, "minutes": hours.minutes, "days": row.days},
        )
    transaction.on_commit(_calendar.cache_clear)


def _sorted(days: Iterable[int]) -> list[int]:
    return sorted(days)


def _record(row: models.CalendarDay, *, act: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="directory.calendar_day", id=row.id),
        content={"day": row.day, "worked": row.worked, "agency": row.agency_id},
        reason=row.reason,
    )


def _view(row: models.CalendarDay) -> contracts.CalendarDay:
    return contracts.CalendarDay(
        day=row.day,
        worked=row.worked,
        reason=row.reason,
        source=row.source,
        agency_id=row.agency_id,
    )
