"""All counts of a list whose reader sees few records, told by one walk through these.

Each quick filter is counted under the other conditions. Asked one after the other, every count
would walk through all that the reader's agency keeps.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import (
    counting,
    filters,
    narrowing,
    rights,
    search,
    statements,
    walking,
)
from cuaso.capabilities.registries.logic.seeing.statements import Part
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import once

# Whoever sees more records is told by counts that stop at their cap; so is who sees more than the
# cap and asks no condition, since nothing is then counted by value.
FEW: Final = 20_000
# A field that is itself filtered by is counted under so many other conditions.
MOST_BESIDE: Final = 1
Filters = tuple[Filter, ...]
Counts = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many records meet each set of conditions, and how many carry each value, by path;
    `counting.UNTOLD` where they could not be counted in time.
    """

    totals: Mapping[Filters, int]
    carrying: Mapping[Filters, Mapping[str, Counts]]


def taken(built: Built, query: ListQuery, actor: Actor) -> Tally | None:
    """Return the counts of a list and its quick filters; None where its reader may see many, and
    for lists of words, of a day that is past and of the bin.
    """
    if query.words or query.gone or query.as_of is not None:
        return None
    asked = replace(query, columns=(), sort=(), after="", size=0)
    key = ("registries.tally", built.id, built.version, asked, actor)
    return once(key, lambda: _taken(built, asked, actor))


def beside(query: ListQuery, path: str) -> Filters | None:
    """Return the conditions under which a quick filter is counted, None where it is not."""
    rest = tuple(one for one in query.filters if one.path != path)
    return None if rest != query.filters and len(rest) > MOST_BESIDE else rest


def code(value: object) -> str:
    """Return a value of a column as a choice names it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _taken(built: Built, query: ListQuery, actor: Actor) -> Tally | None:
    seen = statements.sight(built, narrowing.narrowed(built, actor))
    columns = list(_counted(built, query, rights.masked(built, actor)))
    most = FEW if query.filters else counting.COUNTED
    if seen is None or not seen.text or not columns or not search.few(built.table, seen, most):
        return None
    asked = (query.filters, *(beside(query, one.path) for one in columns))
    sets = list(dict.fromkeys(one for one in asked if one is not None))
    met = [statements.wanted(built, replace(query, filters=one), actor=actor) for one in sets]
    with suppress(walking.OutOfTimeError), counting.in_time():
        lines = _walked(built, seen, columns, [_condition(one) for one in met])
        return _tally(lines, columns, sets)
    return Tally(totals=dict.fromkeys(sets, counting.UNTOLD), carrying={})


def _counted(built: Built, query: ListQuery, hidden: frozenset[str]) -> Iterator[Column]:
    """Yield the columns of the quick filters that carry one value each."""
    for path in filters.list_of(built, query.list).filters:
        column = next(iter(values.under(built, path)), None)
        several = column is None or column.kind == "json" or column.kind.endswith("[]")
        if column is not None and not several and column.path not in hidden:
            yield column


def _condition(part: Part | None) -> Part:
    if part is None:
        return Part(text="false")
    return Part(text=f"({part.text})", given=part.given) if part.text else Part(text="true")


def _walked(
    built: Built, seen: Part, columns: Sequence[Column], met: Sequence[Part]
) -> list[tuple[Any, ...]]:
    every = ", ".join(f"value_{place}" for place in range(len(columns)))
    shown = ", ".join(f'"{one.name}" as value_{place}' for place, one in enumerate(columns))
    kept = ", ".join(f"{one.text} as met_{place}" for place, one in enumerate(met))
    counts = ", ".join(f"count(*) filter (where met_{place})" for place in range(len(met)))
    some = " or ".join(one.text for one in met)
    groups = ", ".join(f"(value_{place})" for place in range(len(columns)))
    text = (
        f"select grouping({every}), {every}, {counts} from (select {shown}, {kept}"  # noqa: S608 our own names
        f' from "{built.table}" where {seen.text} and ({some})) few'
        f" group by grouping sets ((), {groups})"
    )
    given = [value for one in met for value in one.given]
    return walking.asked(text, [*given, *seen.given, *given])


def _tally(
    lines: Sequence[tuple[Any, ...]], columns: Sequence[Column], sets: Sequence[Filters]
) -> Tally:
    width = len(columns)
    totals: dict[Filters, int] = {}
    carrying = {one: {column.path: Counter[str]() for column in columns} for one in sets}
    for mark, *rest in lines:
        held, numbers = rest[:width], rest[width:]
        # Every bit is set but that of the column by which this line is grouped.
        place = width - (~mark & (1 << width) - 1).bit_length()
        if place == width:
            totals = dict(zip(sets, numbers, strict=True))
            continue
        for one, number in zip(sets, numbers, strict=True):
            carrying[one][columns[place].path][code(held[place])] += number
    return Tally(totals=totals, carrying=carrying)
