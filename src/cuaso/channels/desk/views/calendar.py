"""The calendar by which results fall due: days that differ, and an agency's office hours."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import answers
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import CalendarDay
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from cuaso.kernel.working_time import OfficeHours

STATUTORY = "Lịch nghỉ lễ, tết chung; chưa đối chiếu với thông báo từng năm"
ALL = "all"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
HALVES = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
YEARS_AROUND = 2


@dataclass(frozen=True, kw_only=True)
class Line:
    """One day of the year that is not as its weekday says."""

    day: date
    worked: bool
    reason: str
    source: str
    whose: str
    scope: str
    removable: bool


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="admin")
def calendar(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    act, _sep, which = answers.text(request, "act").partition(":")
    try:
        if act == "set":
            _set_day(request)
        elif act == "clear":
            _clear_day(request, which)
        elif act == "hours":
            _set_hours(request)
    except Refusal as refusal:
        return _page(request, refusal=refusal)
    year = _year(request)
    return redirect(f"{reverse('desk:calendar')}?nam={year}&co-quan={_chosen(request) or ''}")


def _set_day(request: HttpRequest) -> None:
    actor = identity.actor_of(request)
    worked = answers.text(request, "kind") == "worked"
    directory.set_calendar_day(
        day=_day(request, "day"),
        worked=worked,
        reason=answers.text(request, "reason"),
        source=answers.text(request, "source"),
        agency_id=_scope(actor, answers.text(request, "scope")),
        actor=actor,
    )
    notes.success(request, _("Đã ghi vào lịch. Hẹn trả đã cho trước đó giữ nguyên."))


def _clear_day(request: HttpRequest, which: str) -> None:
    actor = identity.actor_of(request)
    day, _sep, scope = which.partition("/")
    directory.clear_calendar_day(
        day=date.fromisoformat(day) if _is_day(day) else _unread("day"),
        agency_id=_scope(actor, scope),
        actor=actor,
    )
    notes.success(request, _("Đã bỏ khỏi lịch; ngày này trở lại như lịch chung."))


def _set_hours(request: HttpRequest) -> None:
    actor = identity.actor_of(request)
    agency_id = _scope(actor, answers.text(request, "agency"))
    if agency_id is None:
        _unread("agency")
        return
    edges = [_hour(request, name) for name in HALVES]
    directory.set_office_hours(
        agency_id=agency_id,
        hours=OfficeHours(
            morning=_span(edges[0], edges[1]),
            afternoon=_span(edges[2], edges[3]),
            days=frozenset(int(one) for one in answers.texts(request, "days") if one in "0123456"),
        ),
        start=_day(request, "start"),
        actor=actor,
    )
    notes.success(request, _("Đã ghi giờ làm việc."))


def _span(start: time | None, end: time | None) -> tuple[time, time] | None:
    return (start, end) if start and end else None


def _scope(actor: Actor, told: str) -> UUID | None:
    """Return the agency that the calendar is of, None for all; raise NotAllowed beyond one's own.

    Only the province's administrator decides for all agencies.
    """
    if told == ALL and _is_provincial(actor):
        return None
    chosen = next((one for one in _agencies(actor) if told == str(one[0])), None)
    if chosen is None:
        raise NotAllowed(
            code="desk.calendar_of_another",
            what=_("Chưa ghi được vào lịch."),
            why=_("Ông/bà chỉ quản trị lịch của cơ quan mình và các cơ quan trực thuộc."),
            mend=_("Hãy chọn một cơ quan trong danh sách."),
        )
    return chosen[0]


def _is_provincial(actor: Actor) -> bool:
    return actor.agency_id == directory.province().committee_id


def _agencies(actor: Actor) -> list[tuple[UUID, str]]:
    mine = actor.agency_scope | {actor.agency_id}
    return [(one.id, one.name) for one in directory.agencies() if one.id in mine]


def _day(request: HttpRequest, name: str) -> date:
    typed = answers.text(request, name)
    shape = "%Y-%m-%d" if "-" in typed else "%d/%m/%Y"
    try:
        return datetime.strptime(typed, shape).replace(tzinfo=clock.VIETNAM).date()
    except ValueError:
        return _unread(name)


def _is_day(told: str) -> bool:
    try:
        date.fromisoformat(told)
    except ValueError:
        return False
    return True


def _hour(request: HttpRequest, name: str) -> time | None:
    typed = answers.text(request, name).lower().replace("giờ", ":").replace("h", ":")
    if not typed:
        return None
    hour, _colon, minute = typed.replace(" ", "").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise _wrong(Problem(field=name, say=_("Hãy ghi giờ, ví dụ 7:00."))) from error


def _unread(name: str) -> date:
    say = _("Hãy chọn cơ quan.") if name == "agency" else _("Hãy ghi ngày, tháng, năm.")
    raise _wrong(Problem(field=name, say=say))


def _wrong(problem: Problem) -> Invalid:
    return Invalid(
        code="desk.calendar_unread",
        what=_("Chưa ghi được vào lịch."),
        mend=_("Hãy sửa các mục được chỉ ra."),
        problems=(problem,),
    )


def _year(request: HttpRequest) -> int:
    """Return the year asked for, of those whose holidays can be known; else this one."""
    told = answers.text(request, "nam") or request.GET.get("nam", "")
    now = clock.today().year
    known = {str(year) for year in range(now - YEARS_AROUND, now + YEARS_AROUND + 1)}
    return int(told) if told in known else now


def _chosen(request: HttpRequest) -> UUID | None:
    told = answers.text(request, "co-quan") or request.GET.get("co-quan", "")
    actor = identity.actor_of(request)
    known = {str(id): id for id, _name in _agencies(actor)}
    return known.get(told, None if _is_provincial(actor) else actor.agency_id)


def _page(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    actor, year, chosen = identity.actor_of(request), _year(request), _chosen(request)
    agencies = _agencies(actor)
    everyone = [(ALL, _("Mọi cơ quan"))] if _is_provincial(actor) else []
    held = directory.working_calendar(on=date(year, 7, 1), agency_id=chosen)
    context = {
        "at": "calendar",
        "year": year,
        "years": range(clock.today().year - YEARS_AROUND, clock.today().year + YEARS_AROUND + 1),
        "chosen": str(chosen or ""),
        "agencies": [(str(id), name) for id, name in agencies],
        "scopes": everyone + [(str(id), name) for id, name in agencies],
        "scope": str(chosen or ALL),
        "kinds": [("closed", _("Nghỉ")), ("worked", _("Làm việc"))],
        "lines": _lines(actor, year, chosen),
        "hours": held.hours,
        "weekdays": [(str(n), _(name), n in held.hours.days) for n, name in enumerate(WEEKDAYS)],
        "today": clock.today(),
        "typed": request.POST,
    }
    return answers.page(request, "calendar.html", context, refusal=refusal)


def _lines(actor: Actor, year: int, chosen: UUID | None) -> list[Line]:
    """Return the year's differing days; each override of ours hides the statutory day."""
    rows = [row for row in directory.calendar_days(year=year) if row.agency_id in (None, chosen)]
    ours = {row.day for row in rows}
    held = directory.working_calendar(on=date(year, 7, 1), agency_id=chosen)
    fixed = [(day, why, False) for day, why in held.holidays.items()]
    fixed += [(day, why, True) for day, why in held.working_weekends.items()]
    lines = [
        Line(
            day=day,
            worked=worked,
            reason=why,
            source=STATUTORY,
            whose=_("Mọi cơ quan"),
            scope="",
            removable=False,
        )
        for day, why, worked in fixed
        if day.year == year and day not in ours
    ]
    lines += [_line(row, actor) for row in rows]
    return sorted(lines, key=lambda line: (line.day, line.whose))


def _line(row: CalendarDay, actor: Actor) -> Line:
    whose = directory.agency(row.agency_id).name if row.agency_id else _("Mọi cơ quan")
    mine = row.agency_id in actor.agency_scope | {actor.agency_id}
    return Line(
        day=row.day,
        worked=row.worked,
        reason=row.reason,
        source=row.source,
        whose=whose,
        scope=str(row.agency_id or ALL),
        removable=mine if row.agency_id else _is_provincial(actor),
    )
