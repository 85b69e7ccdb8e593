"""Other ways to look at a registry: a month, a board, a map, figures, its printed register."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    CalendarEntry,
    FigureCell,
    FigureView,
    Filter,
    MapView,
)
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries import asking, listing, shelf
from cuaso.channels.desk.registries.asking import Asked
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.services.locker.contracts import Content


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of a month's sheet; days beside the month stand empty."""

    day: date
    inside: bool
    today: bool
    entries: tuple[CalendarEntry, ...]


@require_safe
@official_required
def calendar(request: HttpRequest, pack: str, name: str, view: str) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    wanted, month = replace(asking.asked(request), on=None), _month(request)
    found = registries.calendar(
        registry=here.key,
        name=view,
        month=month,
        query=wanted.query(),
        actor=here.actor,
        language=here.language,
    )
    context = {
        **_context(here, wanted, "calendar"),
        "found": found,
        "one": view,
        "days": list(_days(found.month, found.entries)),
        "before": _turned(wanted, found.month - timedelta(days=1)),
        "after": _turned(wanted, found.month + timedelta(days=32)),
        "now": _turned(wanted, clock.today()),
    }
    return answers.page(request, "registries/calendar.html", context)


def _month(request: HttpRequest) -> date:
    try:
        return datetime.strptime(request.GET.get("thang", ""), "%Y-%m").date()  # noqa: DTZ007 a month has no zone
    except ValueError:
        return clock.today().replace(day=1)


def _turned(wanted: Asked, day: date) -> str:
    return "?" + urlencode([*wanted.pairs(), ("thang", f"{day:%Y-%m}")])


def _days(month: date, entries: Sequence[CalendarEntry]) -> Iterator[Day]:
    by_day: dict[date, list[CalendarEntry]] = defaultdict(list)
    for one in entries:
        by_day[one.day].append(one)
    day = month - timedelta(days=month.weekday())
    while day <= month or day.month == month.month or day.weekday():
        yield Day(
            day=day,
            inside=day.month == month.month,
            today=day == clock.today(),
            entries=tuple(by_day.get(day, ())),
        )
        day += timedelta(days=1)


@require_safe
@official_required
def board(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    wanted = replace(asking.asked(request), on=None)
    columns = registries.board(
        registry=here.key, query=wanted.query(), actor=here.actor, language=here.language
    )
    context = {
        **_context(here, wanted, "board"),
        "columns": [
            (
                one,
                wanted.with_(
                    Filter(path=here.outline.status, how="is", values=(one.code,))
                ).address(),
            )
            for one in columns
        ],
    }
    return answers.page(request, "registries/board.html", context)


@require_safe
@official_required
def map_page(request: HttpRequest, pack: str, name: str, view: str) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    wanted = replace(asking.asked(request), on=None)
    data = here.at("registry_map_data", view=view)
    context = {
        **_context(here, wanted, "map"),
        "found": _map(here, wanted, view),
        "one": view,
        "source": data + wanted.address(),
    }
    return answers.page(request, "registries/map.html", context)


@require_safe
@official_required
def map_data(request: HttpRequest, pack: str, name: str, view: str) -> HttpResponse:
    """Answer with the records of a map as GeoJSON, in the reader's rights."""
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    found = _map(here, replace(asking.asked(request), on=None), view)
    features = [
        {
            "type": "Feature",
            "geometry": one.geometry,
            "properties": {
                "title": one.name,
                "about": one.label,
                "key": one.key,
                "url": here.at("registry_record", record_id=one.id),
            },
        }
        for one in found.features
    ]
    body = {"type": "FeatureCollection", "features": features, "partial": found.partial}
    answer = JsonResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _map(here: Opened, wanted: Asked, view: str) -> MapView:
    return registries.map_of(
        registry=here.key,
        name=view,
        query=wanted.query(),
        actor=here.actor,
        language=here.language,
    )


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A number with the list of its records, and how long its bar is (of 100)."""

    text: str
    url: str
    length: int


@require_safe
@official_required
def figures(request: HttpRequest, pack: str, name: str, view: str = "") -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    if not view and here.outline.figures:
        first = here.outline.figures[0].name
        return redirect(here.at("registry_figure", view=first))
    found = (
        registries.figure(registry=here.key, name=view, actor=here.actor, language=here.language)
        if view
        else None
    )
    context = {
        **_context(here, Asked(), "figures"),
        "found": found,
        "one": view,
        "lines": _bars(here, found) if found else [],
        "total": _bar(here, found.total, None) if found else None,
    }
    return answers.page(request, "registries/figures.html", context)


def _bars(here: Opened, found: FigureView) -> list[tuple[str, list[Bar]]]:
    numbers = [cell.value for _label, cells in found.lines for cell in cells if cell.value]
    most = max((Decimal(one) for one in numbers), default=None)
    return [
        (label or _("Chưa ghi"), [_bar(here, cell, most) for cell in cells])
        for label, cells in found.lines
    ]


def _bar(here: Opened, cell: FigureCell, most: Decimal | None) -> Bar:
    base = here.at("registry")
    length = int(Decimal(cell.value) * 100 / most) if most and cell.value else 0
    return Bar(
        text=cell.text,
        url=base + Asked(filters=cell.filters).address() if cell.value is not None else "",
        length=max(length, 0),
    )


@require_safe
@official_required
def printed(request: HttpRequest, pack: str, name: str, view: str) -> HttpResponseBase:
    """Hand over a declared register under the conditions of the list, ready to print."""
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    drawn = registries.print_register(
        registry=here.key, name=view, query=asking.asked(request).query(), actor=here.actor
    )
    content = Content(name=drawn.name, media_type="application/pdf", chunks=iter([drawn.pdf]))
    return answers.document(content)


def _context(here: Opened, wanted: Asked, view: str) -> dict[str, object]:
    return {"at": "registries", "here": here, "asked": wanted, **listing.frame(here, wanted, view)}
