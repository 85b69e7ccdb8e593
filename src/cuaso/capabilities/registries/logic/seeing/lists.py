"""Lists in the reader's rights: by index, page by page from a cursor, counts capped."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import F, OrderBy, Q, QuerySet

from cuaso.capabilities.registries.contracts import ListPage, ListQuery
from cuaso.capabilities.registries.logic.seeing import (
    filters,
    following,
    lines,
    narrowing,
    records,
    rights,
    search,
)
from cuaso.capabilities.registries.logic.storing import definition, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.remembering import once

COUNTED: Final = 1000
LARGEST: Final = 500
EVERY: Final = ("*",)
# So many records of one reader are looked through sooner than a tenth of a table is fetched.
FARTHEST: Final = 100_000
Order = following.Order
Rows = QuerySet[Row]


def list_records(
    *,
    registry: str,
    query: ListQuery,
    actor: Actor,
    count: bool = False,
    language: str = "vi",
    version: int = sets.CURRENT,
    spoken: bool = True,
) -> ListPage:
    """Return one page of a list, as it is or as it was at `query.as_of`.

    Each page is a range of an index, from the cursor on; `count` is asked for apart and is exact
    up to 1,000. Who is not `spoken` to gets values without words. Raises Invalid for an
    unknown list, column, filter, order or cursor.
    """
    built = sets.built(registry, version=version)
    hidden = rights.masked(built, actor)
    sort = _sort(built, query)
    orders = _orders(built, sort, hidden)
    columns = shown_columns(built, query)
    said = lines.Lines(
        built,
        columns=columns,
        hidden=hidden,
        here=values.context(built, language=language),
        also=[name for name, _ in orders],
        spoken=spoken,
    )
    size = max(1, min(query.size, LARGEST))
    found = _page(built, query, orders, said, actor=actor, hidden=hidden, size=size)
    rows = found[:size]
    return ListPage(
        registry=built.key,
        version=built.version,
        title=filters.list_of(built, query.list).title or built.declared.title,
        columns=tuple((path, records.title_of(built, path, language)) for path in columns),
        rows=said.lines(rows),
        count=_count(built, query, actor, found=len(found)) if count else None,
        after=_cursor(said, rows[-1], orders) if len(found) > size else "",
        sort=sort,
    )


def _sort(built: Built, query: ListQuery) -> tuple[str, ...]:
    """Return the order of a list: what is asked, and among equals the list's own order.

    So the order is that of an index where the field is a quick filter of the list.
    """
    own = definition.sorting(built, filters.list_of(built, query.list).sort)
    named = {path.removeprefix("-") for path in query.sort}
    return (*query.sort, *(path for path in own if path.removeprefix("-") not in named))


def shown_columns(built: Built, query: ListQuery) -> tuple[str, ...]:
    """Return the columns of a list: those asked for, else the declared ones; raise Invalid."""
    if query.columns == EVERY:
        return tuple(built.declared.fields)
    asked = query.columns or filters.list_of(built, query.list).columns
    strange = [path for path in asked if built.declared.field_at(path) is None]
    if strange:
        raise _bad(f"Sổ không có cột “{strange[0]}”.")
    return asked


def visible(built: Built, actor: Actor, *, past: bool = False) -> Rows:
    """Return the rows that the actor may see."""
    model = built.past if past else built.live
    return access.visible(
        actor=actor,
        act="view",
        queryset=model.objects.all(),
        policy=rights.policy(built, actor, past=past),
    )


def every(built: Built, query: ListQuery, actor: Actor) -> tuple[Rows, Sequence[Order]]:
    """Return all rows of a list for an export, and the order they come in."""
    hidden = rights.masked(built, actor)
    wanted = filters.condition(built, query, hidden=hidden)
    orders = _orders(built, _sort(built, query), hidden)
    return visible(built, actor).filter(wanted).order_by(*_by(orders)), orders


def _page(
    built: Built,
    query: ListQuery,
    orders: Sequence[Order],
    said: lines.Lines,
    *,
    actor: Actor,
    hidden: frozenset[str],
    size: int,
) -> list[lines.Kept]:
    wanted = filters.condition(built, replace(query, words=""), hidden=hidden)
    walk = _Walk(
        query=query,
        orders=orders,
        said=said,
        after=_decoded(query.after, built, orders),
        most=size + 1,
        restricted=bool(visible(built, actor).query.where),
    )
    if query.as_of is None:
        sight = _kept(built, actor, query)
        return walk.through(sight.filter(wanted), sight)
    at = query.as_of
    live, past = _kept(built, actor, query), _kept(built, actor, query, past=True)
    both = [
        *walk.through(live.filter(wanted, row_since__lte=at), live),
        *walk.through(past.filter(wanted, row_since__lte=at, row_until__gt=at), past),
    ]
    return sorted(both, key=lambda row: _place(said, row, orders))[: size + 1]


def _kept(built: Built, actor: Actor, query: ListQuery, *, past: bool = False) -> Rows:
    """Return the rows that the actor may see, asked for as shortly as it can be said.

    The order of a list begins with the agency in one of its indexes, and is lost among several.
    """
    reader = actor if query.gone else narrowing.narrowed(built, actor, past=past)
    return visible(built, reader, past=past)


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """One page of a list: range after range of its order, until `most` rows are found."""

    query: ListQuery
    orders: Sequence[Order]
    said: lines.Lines
    after: Sequence[Any]
    most: int
    restricted: bool

    @property
    def ranges(self) -> Iterator[Q]:
        return following.ranges(self.after, self.orders)

    def through(self, rows: Rows, sight: Rows) -> list[lines.Kept]:
        """Return the page out of these rows; `sight` is all that the reader sees. Of a reader who
        sees few records all are looked through, sooner than all that carry common words are
        fetched.
        """
        table = rows.model._meta.db_table  # noqa: SLF001 Django's own documented door
        road = search.road(table, self.query.words)
        if road is None:
            return self._found(rows)
        if road.window:
            with road.walking():
                whole = self.restricted and search.few(sight, FARTHEST)
                met = self._met(rows, road.window, whole=whole)
            if met is not None:
                return met
        return self._fetched(rows, road)

    def _found(self, rows: Rows) -> list[lines.Kept]:
        found: list[lines.Kept] = []
        for one in self.ranges:
            few = rows.filter(one).order_by(*_by(self.orders)).values_list(*self.said.names)
            found += few[: self.most - len(found)]
            if len(found) >= self.most:
                break
        return found

    def _fetched(self, rows: Rows, road: search.Road) -> list[lines.Kept]:
        with road.fetching():
            carrying = search.fetched(rows, self.query.words)
            return self._behind(carrying) if self.after else self._found(carrying)

    def _behind(self, carrying: Rows) -> list[lines.Kept]:
        """Return the page behind the cursor out of few rows, which are fetched apart: PostgreSQL
        would gather by an index all that follows the cursor, to meet it with these few.
        """
        try:
            text, given = carrying.order_by().query.sql_with_params()
        except EmptyResultSet:
            return []
        behind, values = following.spelled(self.after, self.orders)
        order = ", ".join(
            f'"{name}" desc nulls last' if down else f'"{name}"' for name, down in self.orders
        )
        asked = (
            f"select * from ({text} offset 0) few where {behind}"  # noqa: S608 Django's own SQL, our own columns
            f" order by {order} limit {self.most}"
        )
        rows = carrying.model.objects.raw(asked, [*given, *values])
        return [self.said.read(row) for row in rows]

    def _met(self, rows: Rows, window: int, *, whole: bool) -> list[lines.Kept] | None:
        """Return the page out of so many rows in the list's order, None where it takes more; out
        of all of them when `whole`.
        """
        found: list[lines.Kept] = []
        for one in self.ranges:
            few = rows.filter(one).order_by(*_by(self.orders))
            some = few if whole else few[:window]
            met, looked = _among(some, self.query.words, self.most - len(found), whole=whole)
            found += map(self.said.read, met)
            if len(found) >= self.most:
                return found
            if not whole and looked >= window:
                return None
        return found


def _among(few: Rows, said: str, most: int, *, whole: bool) -> tuple[list[Row], int]:
    """Return the rows of a few that carry the words, and how many were looked at for them."""
    try:
        text, given = few.query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    meeting = search.meets("few", said).replace("%", "%%")
    asked = f"select * from ({text}) few where {meeting} limit {most}"  # noqa: S608 Django's own SQL
    met = list(few.model.objects.raw(asked, given))
    if whole or len(met) >= most:
        return met, len(met)
    last = few.query.high_mark or 0
    return met, last if few[last - 1 : last].exists() else last - 1


def _orders(built: Built, sort: Sequence[str], hidden: frozenset[str]) -> list[Order]:
    orders: list[Order] = []
    for path in sort:
        plain = path.removeprefix("-")
        if built.declared.field_at(plain) is None:
            raise _bad(f"Không sắp xếp theo “{path}” được.")
        if plain in hidden or plain.partition(".")[0] in hidden:
            raise _bad("Ô này được che với bạn nên không sắp xếp theo nó được.")
        orders.append(definition.order_column(built, path))
    return [*orders, ("row_id", False)]


def _by(orders: Sequence[Order]) -> list[OrderBy]:
    return [
        F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=name != "row_id" or None)
        for name, down in orders
    ]


def _place(said: lines.Lines, row: lines.Kept, orders: Sequence[Order]) -> list[Any]:
    return [_Turned(row[said.at(name)], down=down) for name, down in orders]


class _Turned:
    """A value in the order of a list: downwards turned round, nothing last."""

    def __init__(self, value: Any, *, down: bool) -> None:  # noqa: ANN401 a value of any column
        self.value, self.down = value, down

    def __lt__(self, other: "_Turned") -> bool:
        if self.value is None or other.value is None:
            return self.value is not None
        less: bool = self.value < other.value
        return (other.value < self.value) if self.down else less

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]


def _count(built: Built, query: ListQuery, actor: Actor, *, found: int) -> int | None:
    if query.as_of is not None:
        return None
    if not query.after and found <= max(1, min(query.size, LARGEST)):
        known = found if found <= COUNTED else None
        return once(_counted_as(built, query, actor), lambda: known)
    return counted(built, query, actor)


def counted(built: Built, query: ListQuery, actor: Actor) -> int | None:
    """Return how many records a list holds, None for more than 1,000."""
    return once(_counted_as(built, query, actor), lambda: _counted(built, query, actor))


def _counted(built: Built, query: ListQuery, actor: Actor) -> int | None:
    rows = matching(built, query, actor).order_by()
    road = search.road(built.table, query.words)
    if road and road.many and _asks_words_alone(built, query, actor):
        return None
    with road.counting() if road else search.reading_on():
        number = rows[: COUNTED + 1].count()
    return number if number <= COUNTED else None


def _asks_words_alone(built: Built, query: ListQuery, actor: Actor) -> bool:
    shown = filters.list_of(built, query.list)
    more = query.filters or query.gone or shown.where or shown.notice
    return not more and not visible(built, actor).query.where


def _counted_as(built: Built, query: ListQuery, actor: Actor) -> tuple[object, ...]:
    asked = replace(query, columns=(), sort=(), after="", size=0)
    return ("registries.counted", built.id, built.version, asked, actor)


def matching(built: Built, query: ListQuery, actor: Actor) -> Rows:
    """Return the rows of a list, as they are, in no order."""
    wanted = filters.condition(built, query, hidden=rights.masked(built, actor))
    return _kept(built, actor, query).filter(wanted)


def _cursor(said: lines.Lines, row: lines.Kept, orders: Sequence[Order]) -> str:
    held = [_said(row[said.at(name)]) for name, _ in orders]
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _said(value: Any) -> Any:  # noqa: ANN401 a value of any column
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _decoded(after: str, built: Built, orders: Sequence[Order]) -> list[Any]:
    if not after:
        return []
    try:
        held = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(held, list) or len(held) != len(orders):
            raise ValueError(after)  # noqa: TRY301 said in one place
        fields = [built.live._meta.get_field(name) for name, _ in orders]  # noqa: SLF001 Django's own documented door
        return [
            None if value is None else _held(field, value)
            for field, value in zip(fields, held, strict=True)
        ]
    except Exception as error:
        raise _bad("Địa chỉ của trang sau không đọc được.") from error


def _held(field: Any, value: Any) -> Any:  # noqa: ANN401 a value of any column
    """Return a value of a cursor as its column has it; raise what a column could not hold."""
    typed = field.to_python(value)
    field.run_validators(typed)
    if isinstance(typed, str) and b"\0" in typed.encode():
        raise ValueError(value)
    return typed


def _bad(what: str) -> Invalid:
    return Invalid(
        code="registries.bad_list",
        what=what,
        mend="Hãy mở lại danh sách từ đầu.",
    )
