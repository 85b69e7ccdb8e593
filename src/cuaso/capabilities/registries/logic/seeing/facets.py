"""Quick filters of a list: the values of a field with how many records carry each, capped."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.db.models import Count

from cuaso.capabilities.registries.contracts import Choice, Facet, FacetChoice, ListQuery
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
    found = []
    for path in filters.list_of(built, query.list).filters:
        column = next(iter(values.under(built, path)), None)
        if column is None or column.path in hidden or column.kind == "json":
            continue
        choices = outline.options_of(built, column, language)
        if choices:
            counts = _counts(built, query, column, choices, actor)
            found.append(
                Facet(
                    path=column.path,
                    title=records.title_of(built, column.path, language),
                    choices=tuple(_choice(one, counts) for one in choices),
                )
            )
    return tuple(found)


def _choice(one: Choice, counts: Mapping[str, int] | None) -> FacetChoice:
    count = None if counts is None else counts.get(one.code, 0)
    more = count is not None and count > lists.COUNTED
    return FacetChoice(
        code=one.code, label=one.label, count=lists.COUNTED if more else count, more=more
    )


def _counts(
    built: Built, query: ListQuery, column: Column, choices: tuple[Choice, ...], actor: Actor
) -> dict[str, int] | None:
    if query.as_of is not None or column.kind.endswith("[]"):
        return None
    rest = tuple(one for one in query.filters if one.path != column.path)
    wanted = filters.condition(
        built, replace(query, filters=rest), hidden=rights.masked(built, actor)
    )
    rows = lists.visible(built, actor).filter(wanted).order_by()
    most = lists.COUNTED + 1
    with search.finding(built.table, query.words):
        ids = list(rows.values_list("row_id", flat=True)[:most])
    if len(ids) < most:
        counted = built.live.objects.filter(row_id__in=ids).values_list(column.name)
        return {_code(value): number for value, number in counted.annotate(Count("row_id"))}
    if len(choices) > MOST_COUNTED or query.words or len(rest) > 1:
        return None
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
