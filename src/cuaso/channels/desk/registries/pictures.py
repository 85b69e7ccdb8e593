"""Other ways to look at a registry: a month, a board, a map, figures, its printed register."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cuaso.capabilities.geo import api as geo
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
from cuaso.kernel.geography import shapes
from cuaso.services.locker.contracts import Content

TILE = "application/vnd.mapbox-vector-tile"
# The years whose months are shown.
EARLIEST, LATEST = 1900, 2199


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
    wanted, month = asking.asked(request), _month(request)
    found = registries.calendar(
        registry=here.key,
        name=view,
        month=month,
        query=wanted.query(),
        actor=here.actor,
        language=here.language,
        purpose=here.purpose,
    )
    context = {
        **_context(request, here, wanted, "calendar"),
        "found": found,
        "one": view,
        "days": list(_days(found.month, found.entries)),
        "before": _turned(wanted, found.month - timedelta(days=1)),
        "after": _turned(wanted, found.month + timedelta(days=32)),
        "now": _turned(wanted, clock.today()),
    }
    return answers.page(request, "registries/calendar.html", context)


def _month(request: HttpRequest) -> date:
    now = clock.today().replace(day=1)
    try:
        month = datetime.strptime(request.GET.get("thang", ""), "%Y-%m").date()  # noqa: DTZ007 a month has no zone
    except ValueError:
        return now
    return month if EARLIEST <= month.year <= LATEST else now


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
    wanted = asking.asked(request)
    columns = registries.board(
        registry=here.key,
        query=wanted.query(),
        actor=here.actor,
        language=here.language,
        purpose=here.purpose,
    )
    context = {
        **_context(request, here, wanted, "board"),
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
    wanted = asking.asked(request)
    data, found = here.at("registry_map_data", view=view), _map(here, wanted, view)
    tiles = here.at("registry_map", view=view) + "{z}/{x}/{y}.mvt" + wanted.address()
    context = {
        **_context(request, here, wanted, "map"),
        "found": found,
        "colours": [(one.code, one.label) for one in found.legend],
        "one": view,
        "source": data + wanted.address(),
        "tiles": tiles if found.in_tiles else "",
        "frame": _frame(found) if found.in_tiles else "",
    }
    return answers.page(request, "registries/map.html", context)


@require_safe
@official_required
def map_data(request: HttpRequest, pack: str, name: str, view: str) -> HttpResponse:
    """Answer with the records of a map as GeoJSON, in the reader's rights."""
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    wanted = asking.asked(request)
    found, behind = _map(here, wanted, view), _behind(wanted)
    features = [
        {
            "type": "Feature",
            "geometry": one.geometry,
            "properties": {
                "title": one.name,
                "about": one.label,
                "key": one.key,
                "url": here.at("registry_record", record_id=one.id) + behind,
            },
        }
        for one in found.features
    ]
    body = {"type": "FeatureCollection", "features": features, "partial": found.partial}
    answer = JsonResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@official_required
def map_tile(  # noqa: PLR0917 the parts of an address
    request: HttpRequest, pack: str, name: str, view: str, zoom: int, column: int, row: int
) -> HttpResponse:
    """Answer with one square of a map as a Map Vector Tile, in the reader's rights.

    The reader's own browser keeps it for a minute, then asks whether it has changed.
    """
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    content = registries.tile_of(
        registry=here.key,
        name=view,
        square=geo.square(zoom, column, row),
        query=asking.asked(request).query(),
        actor=here.actor,
        language=here.language,
        purpose=here.purpose,
    )
    answer = HttpResponse(content, content_type=TILE)
    answer["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    answer["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    same = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return same if isinstance(same, HttpResponse) else answer


def _frame(found: MapView) -> str:
    """Return west, south, east, north of what was found first, a little wider."""
    boxes = [shapes.from_geojson(one.geometry).bounds for one in found.features]
    if not boxes:
        return ""
    west, south = (min(box[at] for box in boxes) for at in (0, 1))
    east, north = (max(box[at] for box in boxes) for at in (2, 3))
    return ",".join(f"{one:.5f}" for one in (west, south, east, north))


def _map(here: Opened, wanted: Asked, view: str) -> MapView:
    return registries.map_of(
        registry=here.key,
        name=view,
        query=wanted.query(),
        actor=here.actor,
        language=here.language,
        purpose=here.purpose,
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
        onward = _behind(asking.asked(request))
        return redirect(here.at("registry_figure", view=first) + onward)
    wanted = Asked(on=asking.asked(request).on)
    found = _figure(here, wanted, view) if view else None
    context = {
        **_context(request, here, wanted, "figures"),
        "found": found,
        "one": view,
        "lines": _bars(here, wanted, found) if found else [],
        "total": _bar(here, wanted, found.total, None) if found else None,
    }
    return answers.page(request, "registries/figures.html", context)


def _figure(here: Opened, wanted: Asked, view: str) -> FigureView:
    return registries.figure(
        registry=here.key,
        name=view,
        actor=here.actor,
        language=here.language,
        as_of=wanted.query().as_of,
    )


def _bars(here: Opened, wanted: Asked, found: FigureView) -> list[tuple[str, list[Bar]]]:
    numbers = [cell.value for _label, cells in found.lines for cell in cells if cell.value]
    most = max((Decimal(one) for one in numbers), default=None)
    return [
        (label or _("Chưa ghi"), [_bar(here, wanted, cell, most) for cell in cells])
        for label, cells in found.lines
    ]


def _bar(here: Opened, wanted: Asked, cell: FigureCell, most: Decimal | None) -> Bar:
    base = here.at("registry")
    length = int(Decimal(cell.value) * 100 / most) if most and cell.value else 0
    return Bar(
        text=cell.text,
        url=base + wanted.with_(*cell.filters).address() if cell.value is not None else "",
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
        registry=here.key,
        name=view,
        query=asking.asked(request).query(),
        actor=here.actor,
        purpose=here.purpose,
    )
    content = Content(name=drawn.name, media_type="application/pdf", chunks=iter([drawn.pdf]))
    return answers.document(content)


def _behind(wanted: Asked) -> str:
    """Return what follows the address of a page of this registry, so that it shows the same day."""
    on = Asked(on=wanted.on)
    return on.address() if on.on else ""


def _context(request: HttpRequest, here: Opened, wanted: Asked, view: str) -> dict[str, object]:
    return {
        "at": "registries",
        "here": here,
        "asked": wanted,
        "behind": _behind(wanted),
        **listing.frame(here, wanted, view, at=request.path),
    }
