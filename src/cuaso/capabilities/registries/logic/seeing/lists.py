"""Lists in the reader's rights: by index, page by page from a cursor, counts capped."""

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import F, OrderBy, Q, QuerySet

from cuaso.capabilities.registries.contracts import Cell, ListPage, ListQuery, RowView
from cuaso.capabilities.registries.logic.seeing import filters, records, rights, search
from cuaso.capabilities.registries.logic.storing import definition, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

COUNTED: Final = 1000
LARGEST: Final = 500
Order = tuple[str, bool]
Rows = QuerySet[Row]


def list_records(
    *,
    registry: str,
    query: ListQuery,
    actor: Actor,
    count: bool = False,
    language: str = "vi",
    version: int = sets.CURRENT,
) -> ListPage:
    """Return one page of a list, as it is or as it was at `query.as_of`.

    Each page is a range of an index, from the cursor on; `count` is asked for apart and is exact
    up to 1,000. Raises Invalid for an unknown list, column, filter, order or cursor.
    """
    built = sets.built(registry, version=version)
    hidden = rights.masked(built, actor)
    wanted = filters.condition(built, query, hidden=hidden)
    sort = definition.sorting(built, query.sort or filters.list_of(built, query.list).sort)
    orders = _orders(built, sort, hidden)
    columns = shown_columns(built, query)
    size = max(1, min(query.size, LARGEST))
    with search.finding(built.table, query.words):
        found = _page(built, query, wanted, orders, actor=actor, size=size)
    rows = found[:size]
    here = values.context(built, language=language)
    return ListPage(
        registry=built.key,
        title=filters.list_of(built, query.list).title or built.declared.title,
        columns=tuple((path, records.title_of(built, path, language)) for path in columns),
        rows=tuple(row_view(built, row, columns, hidden, here) for row in rows),
        count=_count(built, query, wanted, actor) if count else None,
        after=_cursor(rows[-1], orders) if len(found) > size else "",
        sort=sort,
    )


def shown_columns(built: Built, query: ListQuery) -> tuple[str, ...]:
    """Return the columns of a list: those asked for, else the declared ones; raise Invalid."""
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
    sort = definition.sorting(built, query.sort or filters.list_of(built, query.list).sort)
    orders = _orders(built, sort, hidden)
    return visible(built, actor).filter(wanted).order_by(*_by(orders)), orders


def _page(
    built: Built,
    query: ListQuery,
    wanted: Q,
    orders: Sequence[Order],
    *,
    actor: Actor,
    size: int,
) -> list[Row]:
    ranges = list(_ranges(_decoded(query.after, built, orders), orders))
    if query.as_of is None:
        return _walk(visible(built, actor).filter(wanted), orders, ranges, size + 1)
    at = query.as_of
    live = visible(built, actor).filter(wanted, row_since__lte=at)
    past = visible(built, actor, past=True).filter(wanted, row_since__lte=at, row_until__gt=at)
    both = [
        *_walk(live, orders, ranges, size + 1),
        *_walk(past, orders, ranges, size + 1),
    ]
    return sorted(both, key=lambda row: _place(row, orders))[: size + 1]


def _walk(rows: Rows, orders: Sequence[Order], ranges: Sequence[Q], most: int) -> list[Row]:
    """Read range after range of the index until the page is full."""
    found: list[Row] = []
    for one in ranges:
        found += rows.filter(one).order_by(*_by(orders))[: most - len(found)]
        if len(found) >= most:
            break
    return found


def _ranges(after: Sequence[Any], orders: Sequence[Order]) -> Iterator[Q]:
    """Yield what follows a cursor, as ranges in order: first the rows that share the most."""
    if not after:
        yield Q()
        return
    for length in range(len(orders), 0, -1):
        (name, down), value = orders[length - 1], after[length - 1]
        same = Q()
        for (before, _), held in zip(orders[: length - 1], after[: length - 1], strict=True):
            same &= Q(**{f"{before}__isnull": True}) if held is None else Q(**{before: held})
        if value is not None:
            yield same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
            if name != "row_id":
                yield same & Q(**{f"{name}__isnull": True})


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


def _place(row: Row, orders: Sequence[Order]) -> list[Any]:
    return [_Turned(getattr(row, name), down=down) for name, down in orders]


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


def _count(built: Built, query: ListQuery, wanted: Q, actor: Actor) -> int | None:
    if query.as_of is not None:
        return None
    rows = visible(built, actor).filter(wanted)
    number = rows.order_by()[: COUNTED + 1].count()
    return number if number <= COUNTED else None


def row_view(
    built: Built,
    row: Row,
    columns: Sequence[str],
    hidden: frozenset[str],
    here: Context,
) -> RowView:
    """Return a row as a line of a list."""
    data: Any = row
    return RowView(
        id=data.row_id,
        name=values.name_of(built, row, hidden=hidden),
        cells=tuple(cell(built, row, path, hidden, here) for path in columns),
        revision=data.row_revision,
    )


def cell(built: Built, row: Row, path: str, hidden: frozenset[str], here: Context) -> Cell:
    """Return one cell: a simple field, or the parts of a compound one as one text."""
    parts = list(values.under(built, path))
    if len(parts) == 1 and parts[0].path == path:
        return _cell(built, row, parts[0], hidden, here)
    cells = [_cell(built, row, one, hidden, here) for one in parts]
    return Cell(
        text=", ".join(one.text for one in cells if one.text),
        value={
            one.path.rpartition(".")[2]: found.value
            for one, found in zip(parts, cells, strict=True)
        },
        masked=any(one.masked for one in cells),
    )


def _cell(built: Built, row: Row, column: Column, hidden: frozenset[str], here: Context) -> Cell:
    value = column.read(row)
    if blank(value) or column.one is None:
        return Cell(text="", value=None)
    if column.path in hidden:
        return Cell(text=records.mask(built, column.path, value), value=None, masked=True)
    return Cell(text=records.say(column.one, value, here), value=records.plain(column.one, value))


def _cursor(row: Row, orders: Sequence[Order]) -> str:
    held = [_said(getattr(row, name)) for name, _ in orders]
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
