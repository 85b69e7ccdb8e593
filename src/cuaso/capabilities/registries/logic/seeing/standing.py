"""What stands in a list: the rows that are, or those that were at a moment, in the reader's rights.

What a record was may still be what it is, or stand among its past versions: two tables, read apart.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Final

from django.db.models import Q

from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.seeing import filters, lists, rights
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor

MOST_COUNTED = lists.COUNTED
_PORTION: Final = 2_000


def rows_of(built: Built, query: ListQuery, actor: Actor) -> tuple[lists.Rows, ...]:
    """Return the rows of a list in no order; as of a moment in two parts that share no record."""
    if query.as_of is None:
        return (lists.matching(built, query, actor),)
    wanted = filters.condition(built, query, hidden=rights.masked(built, actor))
    return tuple(one.filter(wanted) for one in visible_at(built, actor, query.as_of))


def visible_at(built: Built, actor: Actor, at: datetime | None) -> tuple[lists.Rows, ...]:
    """Return what the actor may see of a registry as it was at a moment, None for now."""
    if at is None:
        return (lists.visible(built, actor),)
    then = Q(row_since__lte=at)
    live, past = lists.visible(built, actor), lists.visible(built, actor, past=True)
    return live.filter(then), past.filter(then, row_until__gt=at)


def every(
    built: Built, query: ListQuery, actor: Actor, *, most: int | None = None
) -> Iterator[Row]:
    """Yield all rows of a list that the actor may also take out, or the first `most`, in its order;
    as of a moment both tables are read side by side.
    """
    if query.as_of is None:
        return _taken_out(built, lists.every(built, query, actor)[0], actor, most=most)
    order, place = lists.in_order(built, query, actor)
    live, past = (rows.order_by(*order) for rows in rows_of(built, query, actor))
    then = _taken_out(built, past, actor, past=True, most=most)
    return islice(merge(_taken_out(built, live, actor, most=most), then, key=place), most)


def _taken_out(
    built: Built, rows: lists.Rows, actor: Actor, *, past: bool = False, most: int | None
) -> Iterator[Row]:
    policy = rights.policy(built, actor, past=past)
    found = access.visible(actor=actor, act="export", queryset=rows, policy=policy)
    return found[:most].iterator(chunk_size=_PORTION)


def counted(built: Built, query: ListQuery, actor: Actor) -> int | None:
    """Return how many records stand in a list as of its moment, None for more than 1,000."""
    most = MOST_COUNTED + 1
    number = sum(one.order_by()[:most].count() for one in rows_of(built, query, actor))
    return number if number < most else None
