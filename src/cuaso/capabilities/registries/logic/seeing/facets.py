"""Quick filters of a list: the values of a field with how many records carry each, capped.

Up to 1,000 records are grouped once for every quick filter, in the database. Beyond that a value
is counted up to the cap by its own range of an index, which is there for whoever sees the whole
registry without another condition; other readers choose among values without counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, LiteralString

from psycopg import sql

from cuaso.capabilities.registries.contracts import Choice, Facet, FacetChoice, Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import (
    counting,
    filters,
    lists,
    outline,
    records,
    rights,
    search,
    statements,
    tally,
    walking,
    worded,
)
from cuaso.capabilities.registries.logic.storing import ordering, prepared, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.registry_views import ListOf
from cuaso.kernel.actors import Actor

# A value of a short list alone is counted by its own range of an index.
MOST_COUNTED: Final = 24
Counts = tally.Counts


@dataclass(frozen=True, kw_only=True)
class _Offered:
    """A quick filter and what it is answered with."""

    column: Column
    choices: tuple[Choice, ...]


def facets(
    *, registry: str, query: ListQuery, actor: Actor, language: str = "vi"
) -> tuple[Facet, ...]:
    """Return the quick filters that a list declares, each counted under the other conditions.

    Counts are exact up to 1,000 and said as "1,000 or more" beyond. Values come without a count as
    of a day, and where counting them would read more than a bounded part of the registry.
    """
    built = sets.built(registry)
    hidden = rights.masked(built, actor)
    offered = list(_offered(built, query, hidden, language))
    counted = _Counting(built, query, actor, offered)
    return tuple(_facet(built, one, counted.of(one), language) for one in offered)


def _facet(built: Built, one: _Offered, counts: Counts | None, language: str) -> Facet:
    """Return a quick filter; where nothing is counted it is the same until its choices change."""
    if counts is not None:
        return _answered(built, one, counts, language)
    key = ("facet", one.column.path, language, one.choices)
    return statements.kept(built, key, lambda: _answered(built, one, None, language))


def _answered(built: Built, one: _Offered, counts: Counts | None, language: str) -> Facet:
    return Facet(
        path=one.column.path,
        title=records.title_of(built, one.column.path, language),
        choices=tuple(_choice(choice, counts) for choice in one.choices),
    )


def _offered(
    built: Built, query: ListQuery, hidden: frozenset[str], language: str
) -> Iterator[_Offered]:
    for path in filters.list_of(built, query.list).filters:
        column = next(iter(values.under(built, path)), None)
        if column is not None and column.path not in hidden and column.kind != "json":
            choices = outline.options_of(built, column, language)
            if choices:
                yield _Offered(column=column, choices=choices)


def _choice(one: Choice, counts: Counts | None) -> FacetChoice:
    count = None if counts is None else counts.get(one.code, 0)
    more = count is not None and count > lists.COUNTED
    return FacetChoice(
        code=one.code, label=one.label, count=lists.COUNTED if more else count, more=more
    )


class _Counting:
    """The counts of a list's quick filters; those that share a condition are read at once."""

    def __init__(
        self,
        built: Built,
        query: ListQuery,
        actor: Actor,
        offered: Sequence[_Offered],
    ) -> None:
        self._built, self._query, self._actor = built, query, actor
        self._offered = [one for one in offered if not one.column.kind.endswith("[]")]
        self._read: dict[tuple[Filter, ...], dict[str, Counts]] = {}

    def of(self, one: _Offered) -> Counts | None:
        """Return how many records carry each value, None where they are not counted."""
        if self._query.as_of is not None or one.column.kind.endswith("[]"):
            return None
        rest = tally.beside(self._query, one.column.path)
        if rest is None:
            return None
        if rest not in self._read:
            self._read[rest] = self._counted(rest)
        return self._read[rest].get(one.column.path)

    def _counted(self, rest: tuple[Filter, ...]) -> dict[str, Counts]:
        query = replace(self._query, filters=rest)
        told = tally.taken(self._built, self._query, self._actor)
        if told is not None:
            few = 0 <= told.totals[rest] <= lists.COUNTED
            return dict(told.carrying[rest]) if few else {}
        # Without one of its conditions a list holds no fewer: where it is long, nothing is counted.
        both = (lists.counted(self._built, one, self._actor) for one in (self._query, query))
        if all(number is not None for number in both):
            return self._grouped(query)
        shown = filters.list_of(self._built, query.list)
        plain = not (rest or query.words or query.gone or shown.where or shown.notice)
        everything = not lists.visible(self._built, self._actor).query.where
        return self._ranged(shown) if plain and everything else {}

    def _grouped(self, query: ListQuery) -> dict[str, Counts]:
        """Return the counts of all values of the records that are left, at most 1,000."""
        columns = [one.column for one in self._offered]
        counts: list[Counter[str]] = [Counter() for _ in columns]
        try:
            lines = self._grouping(query, [one.name for one in columns])
        except walking.OutOfTimeError:
            return {}
        for mark, number, *held in lines:
            # Every bit is set but that of the column by which this line is grouped.
            place = len(columns) - (~mark & (1 << len(columns)) - 1).bit_length()
            counts[place][tally.code(held[place])] += number
        return {one.path: found for one, found in zip(columns, counts, strict=True)}

    def _grouping(self, query: ListQuery, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the records of a list grouped by each column; raise OutOfTimeError."""
        here = lists.source(self._built, query, self._actor)
        if here.where is None:
            return []
        where, setting = here.where, counting.READ_ON
        if query.words:
            ids = worded.named(self._built, query, here)
            if ids is None:
                raise walking.OutOfTimeError
            where, setting = where & statements.these(here.table, ids), search.FETCHING
        shown = ", ".join(f'"{name}" as value_{place}' for place, name in enumerate(names))
        every = ", ".join(f"value_{place}" for place in range(len(names)))
        groups = ", ".join(f"(value_{place})" for place in range(len(names)))
        text = (
            f"select grouping({every}), count(*), {every} from (select {shown}"  # noqa: S608 our own names
            f' from "{here.table}" where {where.text or "true"}) few'
            f" group by grouping sets ({groups})"
        )
        with counting.in_time(setting):
            return walking.asked(text, where.given)

    def _ranged(self, shown: ListOf) -> dict[str, Counts]:
        """Return the counts of short lists, each value by its own range of an index; what surely
        more records carry than are counted is asked once a minute.
        """
        short = [one for one in self._offered if len(one.choices) <= MOST_COUNTED]
        found: list[Counter[str]] = []
        asked: dict[str, list[str]] = {}
        for place, one in enumerate(short):
            codes = tuple(each.code for each in one.choices)
            surely = self._range(place, one, shown, most=counting.SURELY + 1)
            many = counting.carried_by_many(surely, codes)
            found.append(Counter(dict.fromkeys(many, lists.COUNTED + 1)))
            if rest := [each for each in codes if each not in many]:
                asked[self._range(place, one, shown, most=lists.COUNTED + 1)] = rest
        if asked:
            for place, code, number in prepared.every(" union all ".join(asked), [*asked.values()]):
                found[place][code] = number
        return {one.column.path: counts for one, counts in zip(short, found, strict=True)}

    def _range(self, place: int, one: _Offered, shown: ListOf, *, most: int) -> str:
        """Return what counts each value so far.

        The order is that of the list's index beginning with this column: by it PostgreSQL reads
        no more than so many, also of a value that hardly any record carries.
        """
        sort = ordering.sorting(self._built, shown.sort)
        key = ("range", place, one.column.path, tuple(sort), most)
        return statements.kept(self._built, key, lambda: self._ranging(place, one, sort, most))

    def _ranging(self, place: int, one: _Offered, sort: Sequence[str], most: int) -> str:
        order = [ordering.order_column(self._built, path) for path in sort]
        text = sql.SQL(
            "select {place}, asked.code, counted.number from unnest(%s::text[]) as asked (code),"
            " lateral (select count(*) as number from (select 1 from {table}"
            " where row_gone is null and {column} = asked.code{cast} order by {order} limit {most})"
            " as capped) as counted"
        ).format(
            place=sql.Literal(place),
            table=sql.Identifier(self._built.table),
            column=sql.Identifier(one.column.name),
            cast=sql.SQL(_cast(one)),
            order=sql.SQL(", ").join(_by(name, down=down) for name, down in order),
            most=sql.Literal(most),
        )
        return text.as_string(None)


def _cast(one: _Offered) -> LiteralString:
    return "::boolean" if one.column.kind == "yes_no" else ""


def _by(name: str, *, down: bool) -> sql.Composed:
    return sql.SQL("{} desc nulls last" if down else "{}").format(sql.Identifier(name))
