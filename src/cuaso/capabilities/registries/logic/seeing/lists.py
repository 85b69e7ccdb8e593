"""Lists in the reader's rights: by index, page by page from a cursor, counts capped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Final

from django.db.models import F, OrderBy, QuerySet

from cuaso.capabilities.registries.contracts import ListPage, ListQuery, ValuePage
from cuaso.capabilities.registries.logic.seeing import (
    carried,
    counting,
    cursors,
    filters,
    following,
    lines,
    narrowing,
    records,
    rights,
    statements,
    tally,
    walking,
    worded,
)
from cuaso.capabilities.registries.logic.storing import ordering, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.remembering import once

COUNTED: Final = counting.COUNTED
LARGEST: Final = 500
EVERY: Final = ("*",)
SEEN: Final = "Xem danh sách."
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
    purpose: str = "",
    leaves: bool = True,
) -> ListPage:
    """Return one page of a list, as it is or as it was at `query.as_of`. Each person of whom it
    tells something in full is told of the look with the purpose given, or the right; not where
    nothing of it `leaves` the house but ids or a count.

    Each page is a range of an index, from the cursor on; `count` is asked for apart and is exact
    up to 1,000. Who is not `spoken` to gets values without words. Raises Invalid for an
    unknown list, column, filter, order or cursor.
    """
    built = sets.built(registry, version=version)
    how = _How(language=language, spoken=spoken, counted=count, purpose=purpose, leaves=leaves)
    read = _reading(built, query, actor, how)
    if count:
        _tallied(built, query, actor)
    number = _count(built, query, actor, found=read.found) if count else None
    return ListPage(
        registry=built.key,
        version=built.version,
        title=filters.list_of(built, query.list).title or built.declared.title,
        columns=tuple((path, records.title_of(built, path, language)) for path in read.columns),
        rows=read.said.lines(read.rows),
        count=None if number == counting.UNTOLD else number,
        untold=number == counting.UNTOLD,
        after=read.after,
        sort=read.sort,
        cut=read.found.cut is not None,
    )


def list_values(
    *,
    registry: str,
    query: ListQuery,
    actor: Actor,
    count: bool = False,
    version: int = sets.CURRENT,
    purpose: str = "",
    leaves: bool = True,
) -> ValuePage:
    """Return one page of a list for a program: what `list_records` has, in values alone, and the
    looks at people are told as there.

    Raises NotFound for a registry in which the actor may do nothing.
    """
    built = sets.built(registry, version=version)
    if not rights.acts_on_whole(sets.built(registry), actor):
        raise sets.unknown(registry)
    how = _How(language="vi", spoken=False, counted=count, purpose=purpose, leaves=leaves)
    read = _reading(built, query, actor, how)
    number = _count(built, query, actor, found=read.found) if count else None
    return ValuePage(
        registry=built.key,
        version=built.version,
        columns=read.columns,
        lines=read.said.values(read.rows),
        count=None if number == counting.UNTOLD else number,
        untold=number == counting.UNTOLD,
        after=read.after,
        cut=read.found.cut is not None,
    )


@dataclass(frozen=True, kw_only=True)
class _How:
    """How a page is read, as `list_records` takes it."""

    language: str
    spoken: bool
    counted: bool
    purpose: str
    leaves: bool


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A page as it was read, and how its rows are said."""

    columns: tuple[str, ...]
    sort: tuple[str, ...]
    said: lines.Lines
    found: walking.Page
    rows: list[lines.Kept]
    after: str


def _reading(built: Built, query: ListQuery, actor: Actor, how: _How) -> _Read:
    hidden = rights.masked(built, actor)
    sort = _sort(built, query)
    orders = _orders(built, sort, hidden)
    columns = shown_columns(built, query)
    told = carried.of_page(built, columns, actor) if how.leaves else None
    said = lines.Lines(
        built,
        columns=columns,
        hidden=hidden,
        here=values.context(built, language=how.language),
        also=[*(name for name, _ in orders), *(told.names if told else ())],
        spoken=how.spoken,
    )
    size = max(1, min(query.size, LARGEST))
    found = _page(built, query, orders, said, actor=actor, size=size, counted=how.counted)
    rows = found.rows[:size]
    if told is not None:
        held = [*map(itemgetter(*map(said.at, told.names)), rows)]
        carried.on_page(built, told, held, actor=actor, how=SEEN, purpose=how.purpose)
    return _Read(
        columns=columns,
        sort=sort,
        said=said,
        found=found,
        rows=rows,
        after=_after(said, found, orders, size),
    )


def _after(said: lines.Lines, found: walking.Page, orders: Sequence[Order], size: int) -> str:
    """Return where the next page begins: behind the last row, or where the looking ended."""
    if len(found.rows) > size:
        return _cursor(said, found.rows[size - 1], orders)
    return _cursor(said, found.cut, orders) if found.cut is not None else ""


def _sort(built: Built, query: ListQuery) -> tuple[str, ...]:
    """Return the order of a list: what is asked, and among equals the list's own order.

    So the order is that of an index where the field is a quick filter of the list.
    """
    own = ordering.sorting(built, filters.list_of(built, query.list).sort)
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


def in_order(
    built: Built, query: ListQuery, actor: Actor
) -> tuple[list[OrderBy], Callable[[Row], list[Any]]]:
    """Return how the database puts the rows of a list in order, and the place of one row in it."""
    orders = _orders(built, _sort(built, query), rights.masked(built, actor))

    def place(row: Row) -> list[Any]:
        return [_Turned(getattr(row, name), down=down) for name, down in orders]

    return _by(orders), place


def _page(
    built: Built,
    query: ListQuery,
    orders: Sequence[Order],
    said: lines.Lines,
    *,
    actor: Actor,
    size: int,
    counted: bool,
) -> walking.Page:
    here = source(built, query, actor)
    walked = ordering.walked(built, query.list)
    walk = walking.Walk(
        built=built,
        words=query.words,
        orders=orders,
        names=said.names,
        after=cursors.read(query.after, built, orders),
        most=size + 1,
        loose=bool(here.restricted or query.sort or filters.asks_more(built, query)),
        ordered=not query.sort or orders[0] in walked,
        backwards=walked.get(orders[0], False),
    )
    if query.as_of is None:
        # What is counted as well is looked for once.
        ids = worded.named(built, query, here) if counted else None
        return walk.through(here) if ids is None else walk.among(here, ids)
    pages = [walk.through(here), walk.through(source(built, query, actor, past=True))]
    return _together(said, pages, orders, most=size + 1)


def _together(
    said: lines.Lines, pages: Sequence[walking.Page], orders: Sequence[Order], *, most: int
) -> walking.Page:
    """Return the pages of two tables as one: it goes no further than the one that was cut first."""
    rows = sorted(
        (row for page in pages for row in page.rows), key=lambda row: _place(said, row, orders)
    )
    cuts = [page.cut for page in pages if page.cut is not None]
    if not cuts:
        return walking.Page(rows=rows[:most])
    cut = min(cuts, key=lambda row: _place(said, row, orders))
    end = _place(said, cut, orders)
    within = [row for row in rows if not end < _place(said, row, orders)]
    return walking.Page(rows=within[:most], cut=cut if len(within) < most else None)


def source(
    built: Built, query: ListQuery, actor: Actor, *, past: bool = False
) -> statements.Source:
    """Return the rows of a list without its words, asked for as shortly as it can be said.

    The order of a list begins with the agency in one of its indexes, and is lost among several.
    """
    reader = actor if query.gone else narrowing.narrowed(built, actor, past=past)
    return statements.source(built, query, reader=reader, actor=actor, past=past)


def _kept(built: Built, actor: Actor, query: ListQuery, *, past: bool = False) -> Rows:
    """Return the rows that the actor may see, for other statements than a page's."""
    reader = actor if query.gone else narrowing.narrowed(built, actor, past=past)
    return visible(built, reader, past=past)


def _orders(built: Built, sort: Sequence[str], hidden: frozenset[str]) -> list[Order]:
    orders: list[Order] = []
    for path in sort:
        plain = path.removeprefix("-")
        if built.declared.field_at(plain) is None:
            raise _bad(f"Không sắp xếp theo “{path}” được.")
        if plain in hidden or plain.partition(".")[0] in hidden:
            raise _bad("Ô này được che với tài khoản này nên không sắp xếp theo nó được.")
        orders.append(ordering.order_column(built, path))
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


def _count(built: Built, query: ListQuery, actor: Actor, *, found: walking.Page) -> int | None:
    if found.cut is not None:
        return counting.UNTOLD
    if query.as_of is not None:
        return None
    number = len(found.rows)
    if not query.after and number <= max(1, min(query.size, LARGEST)):
        known = number if number <= COUNTED else None
        return once(_counted_as(built, query, actor), lambda: known)
    return _told(built, query, actor)


def counted(built: Built, query: ListQuery, actor: Actor) -> int | None:
    """Return how many records a list holds; None for more than 1,000, and where they could not be
    counted in time.
    """
    number = _told(built, query, actor)
    return None if number == counting.UNTOLD else number


def _tallied(built: Built, query: ListQuery, actor: Actor) -> None:
    """Let a narrow reader's list be counted together with its quick filters."""
    told = tally.taken(built, query, actor)
    if told is not None:
        total = told.totals[query.filters]
        once(_counted_as(built, query, actor), lambda: total if total <= COUNTED else None)


def _told(built: Built, query: ListQuery, actor: Actor) -> int | None:
    return once(_counted_as(built, query, actor), lambda: _counted(built, query, actor))


def _counted(built: Built, query: ListQuery, actor: Actor) -> int | None:
    here = source(built, query, actor)
    if here.where is None:
        return 0
    if query.words:
        return worded.found(built, query, here, here.where).number
    return counting.capped(here.table, here.where, counting.READ_ON)


def _counted_as(built: Built, query: ListQuery, actor: Actor) -> tuple[object, ...]:
    asked = replace(query, columns=(), sort=(), after="", size=0)
    return ("registries.counted", built.id, built.version, asked, actor)


def matching(built: Built, query: ListQuery, actor: Actor) -> Rows:
    """Return the rows of a list, as they are, in no order."""
    wanted = filters.condition(built, query, hidden=rights.masked(built, actor))
    return _kept(built, actor, query).filter(wanted)


def _cursor(said: lines.Lines, row: lines.Kept, orders: Sequence[Order]) -> str:
    return cursors.written(row[said.at(name)] for name, _ in orders)


def _bad(what: str) -> Invalid:
    return Invalid(
        code="registries.bad_list",
        what=what,
        mend="Hãy mở lại danh sách từ đầu.",
    )
