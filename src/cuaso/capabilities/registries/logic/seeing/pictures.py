"""Other ways to look at a list: a month of days, a board of statuses, a map."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Q

from cuaso.capabilities.registries.contracts import (
    BoardColumn,
    CalendarEntry,
    CalendarView,
    Choice,
    Filter,
    ListQuery,
    MapFeature,
    MapView,
)
from cuaso.capabilities.registries.logic.seeing import (
    carried,
    colours,
    filters,
    lists,
    outline,
    places,
    rights,
    standing,
    tiles,
    units,
)
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound

MOST_IN_MONTH: Final = 600
MOST_ON_MAP: Final = 2_000
ON_BOARD: Final = 20


def calendar(
    *,
    registry: str,
    name: str,
    month: date,
    query: ListQuery,
    actor: Actor,
    language: str = "vi",
    purpose: str = "",
) -> CalendarView:
    """Return the records of a list whose declared day lies in a month, as they are or as they were
    at `query.as_of`; raise NotFound, and NotAllowed where the day is masked for the actor. Looks at
    people are told as those of a list are, also on a board and a map.
    """
    built = sets.built(registry)
    declared = built.declared.calendars.get(name)
    if declared is None:
        raise _none(built, "lịch", name)
    column = next(values.under(built, declared.day))
    hidden = rights.masked(built, actor)
    if {column.path, column.path.partition(".")[0]} & hidden:
        raise _masked(_titled(declared, language, name))
    first = month.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    wanted = _between(column.name, column.kind, first, last)
    found = _first(built, query, actor, wanted, by=(column.name, "row_id"), most=MOST_IN_MONTH + 1)
    carried.shown(
        built,
        found[:MOST_IN_MONTH],
        paths=(declared.day, declared.colour),
        actor=actor,
        how="Xem lịch.",
        purpose=purpose,
    )
    labels = colours.labels(built, declared.colour, language)
    return CalendarView(
        name=name,
        title=_titled(declared, language, name),
        path=column.path,
        month=first,
        entries=tuple(
            CalendarEntry(
                id=row.row_id,
                day=_day(column.read(row)),
                name=values.name_of(built, row, hidden=hidden),
                colour=labels.get(colours.colour_of(built, row, declared.colour, hidden), ""),
            )
            for row in found[:MOST_IN_MONTH]
        ),
        partial=len(found) > MOST_IN_MONTH,
    )


def board(
    *, registry: str, query: ListQuery, actor: Actor, language: str = "vi", purpose: str = ""
) -> tuple[BoardColumn, ...]:
    """Return the statuses in the order of their list, each with its first records, as they are or
    as they were at `query.as_of`; none in which no record of that list stands by its declaration.
    """
    built = sets.built(registry)
    statuses = built.declared.statuses
    if statuses is None:
        raise _none(built, "bảng trạng thái", "")
    column = built.column(statuses.field)
    kept = filters.list_of(built, query.list).where.get(statuses.field, ())
    return tuple(
        _column(built, query, statuses.field, one, actor, language=language, purpose=purpose)
        for one in outline.options_of(built, column, language)
        if not kept or one.code in kept
    )


def _column(
    built: Built,
    query: ListQuery,
    path: str,
    one: Choice,
    actor: Actor,
    *,
    language: str,
    purpose: str,
) -> BoardColumn:
    here = Filter(path=path, how="is", values=(one.code,))
    rest = tuple(kept for kept in query.filters if kept.path != path)
    asked = replace(query, filters=(*rest, here), size=ON_BOARD, after="")
    page = lists.list_records(
        registry=built.key,
        query=asked,
        actor=actor,
        count=asked.as_of is None,
        language=language,
        purpose=purpose,
    )
    count = standing.counted(built, asked, actor) if asked.as_of else page.count
    return BoardColumn(code=one.code, label=one.label, count=count, rows=page.rows)


def map_of(
    *,
    registry: str,
    name: str,
    query: ListQuery,
    actor: Actor,
    language: str = "vi",
    purpose: str = "",
) -> MapView:
    """Return the records of a list on a declared map, at most 2,000, where they are or where they
    were at `query.as_of`; raise NotFound.
    """
    built = sets.built(registry)
    declared = built.declared.maps.get(name)
    if declared is None:
        raise _none(built, "bản đồ", name)
    hidden = rights.masked(built, actor)
    here = values.context(built, language=language)
    labels = colours.labels(built, declared.colour, language)
    wanted = places.wanted(built, declared, hidden)
    shown = _first(built, query, actor, wanted, by=("row_id",), most=MOST_ON_MAP + 1)
    placed = places.of(
        built, declared, shown[:MOST_ON_MAP], hidden=hidden, actor=actor, at=query.as_of
    )
    rows = [row for row in shown[:MOST_ON_MAP] if row.row_id in placed]
    carried.shown(
        built, rows, paths=places.told(declared), actor=actor, how=tiles.SEEN, purpose=purpose
    )
    features = []
    for row in rows:
        code = colours.colour_of(built, row, declared.colour, hidden)
        features.append(
            MapFeature(
                id=row.row_id,
                name=values.name_of(built, row, hidden=hidden),
                text=places.say(built, declared, row, here),
                key=code,
                label=labels.get(code, ""),
                geometry=placed[row.row_id],
            )
        )
    used = {one.key for one in features}
    return MapView(
        name=name,
        title=_titled(declared, language, name),
        features=tuple(features),
        legend=tuple(
            Choice(code=code, label=label) for code, label in labels.items() if code in used
        ),
        partial=len(shown) > MOST_ON_MAP,
        invented=bool(declared.at) and units.bounded_by_invention(built, declared.at),
        in_tiles=query.as_of is None
        and len(shown) > MOST_ON_MAP
        and tiles.in_tiles(built, declared),
    )


def _first(
    built: Built, query: ListQuery, actor: Actor, also: Q, *, by: Sequence[str], most: int
) -> list[Row]:
    """Return the first rows of a list that also meet a condition; `by` holds no nothing."""
    parts = standing.rows_of(built, query, actor)
    found = [row for part in parts for row in part.filter(also).order_by(*by)[:most]]
    if len(parts) > 1:
        found.sort(key=lambda row: tuple(getattr(row, name) for name in by))
    return found[:most]


def _between(name: str, kind: str, first: date, last: date) -> Q:
    if kind != "moment":
        return Q(**{f"{name}__gte": first, f"{name}__lte": last})
    start = datetime.combine(first, time(), tzinfo=clock.VIETNAM)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _day(value: Any) -> date:  # noqa: ANN401 a day or a moment
    return value.astimezone(clock.VIETNAM).date() if isinstance(value, datetime) else value


def _titled(declared: Any, language: str, name: str) -> str:  # noqa: ANN401 a declared view
    return (declared.title_en if language == "en" else "") or declared.title or name


def _masked(title: str) -> NotAllowed:
    return NotAllowed(
        code="registries.masked_calendar",
        what=f"Chưa xem được “{title}”.",
        why="Lịch này đặt bản ghi theo một ngày được che với tài khoản này.",
        mend="Hãy nhờ người có thẩm quyền của cơ quan chủ quản.",
    )


def _none(built: Built, what: str, name: str) -> NotFound:
    named = f" “{name}”" if name else ""
    return NotFound(
        code="registries.no_view",
        what=f"Sổ “{built.declared.title}” không có {what}{named}.",
        mend="Hãy chọn một cách xem trong trang của sổ.",
    )
