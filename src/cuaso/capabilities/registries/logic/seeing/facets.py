"""Quick filters of a list: the values of a field with how many records carry each, capped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cuaso.capabilities.registries.contracts import Choice, Facet, FacetChoice, Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import (
    filters,
    lists,
    outline,
    records,
    rights,
    search,
)
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.kernel.actors import Actor

# Beyond the cap each value is counted by itself, by an index of the list: so only values of
# short lists are, and only under one other condition.
MOST_COUNTED: Final = 24


def facets(
    *, registry: str, query: ListQuery, actor: Actor, language: str = "vi"
) -> tuple[Facet, ...]:
    """Return the quick filters that a list declares, each counted under the other conditions.

    As of a day, and in long lists beyond 1,000 records, values come without a count.
    """
    built = sets.built(registry)
    hidden = rights.masked(built, actor)
    few = _Few(built, query, actor, hidden)
    found = []
    for column in few.columns:
        choices = outline.options_of(built, column, language)
        if choices:
            counts = _counts(few, column, choices)
            found.append(
                Facet(
                    path=column.path,
                    title=records.title_of(built, column.path, language),
                    choices=tuple(_choice(one, counts) for one in choices),
                )
            )
    return tuple(found)


class _Few:
    """The records that a condition leaves, read once for every quick filter that shares it."""

    def __init__(
        self, built: Built, query: ListQuery, actor: Actor, hidden: frozenset[str]
    ) -> None:
        self._built, self.query, self._actor, self._hidden = built, query, actor, hidden
        self._read: dict[tuple[Filter, ...], list[tuple[object, ...]] | None] = {}
        named = (
            next(iter(values.under(built, path)), None)
            for path in filters.list_of(built, query.list).filters
        )
        self.columns = [
            one
            for one in named
            if one is not None and one.path not in hidden and one.kind != "json"
        ]

    def rest(self, column: Column) -> tuple[Filter, ...]:
        """Return the conditions beside that of a column itself."""
        return tuple(one for one in self.query.filters if one.path != column.path)

    def rows(self, rest: tuple[Filter, ...]) -> lists.Rows:
        wanted = filters.condition(
            self._built, replace(self.query, filters=rest), hidden=self._hidden
        )
        return lists.visible(self._built, self._actor).filter(wanted).order_by()

    def values(self, column: Column) -> list[object] | None:
        """Return a column of all records that are left, None where there are more than counted."""
        rest = self.rest(column)
        if rest not in self._read:
            most = lists.COUNTED + 1
            with search.finding(self._built.table, self.query.words):
                names = [one.name for one in self.columns]
                rows = list(self.rows(rest).values_list(*names)[:most])
            self._read[rest] = rows if len(rows) < most else None
        read = self._read[rest]
        place = self.columns.index(column)
        return None if read is None else [row[place] for row in read]


def _choice(one: Choice, counts: Mapping[str, int] | None) -> FacetChoice:
    count = None if counts is None else counts.get(one.code, 0)
    more = count is not None and count > lists.COUNTED
    return FacetChoice(
        code=one.code, label=one.label, count=lists.COUNTED if more else count, more=more
    )


def _counts(few: _Few, column: Column, choices: tuple[Choice, ...]) -> dict[str, int] | None:
    if few.query.as_of is not None or column.kind.endswith("[]"):
        return None
    left = few.values(column)
    if left is not None:
        return Counter(_code(value) for value in left)
    rest = few.rest(column)
    if len(choices) > MOST_COUNTED or few.query.words or len(rest) > 1:
        return None
    most, rows = lists.COUNTED + 1, few.rows(rest)
    return {
        one.code: rows.filter(**{column.name: _value(column, one.code)})[:most].count()
        for one in choices
    }


def _code(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _value(column: Column, code: str) -> object:
    return code == "yes" if column.kind == "yes_no" else code
