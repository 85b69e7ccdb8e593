"""Count finds by field and level, so that a reader sees what narrowing would leave."""

from collections.abc import Collection

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, QuerySet

from cuaso.services.catalogue.contracts import Tally
from cuaso.services.catalogue.logic.search import joined, words_of
from cuaso.services.catalogue.models import PublishedProcedure


def tally(
    *, text: str = "", excluding: Collection[str] = (), loosely: bool = True
) -> tuple[Tally, ...]:
    """Return how many procedures `search` finds for the same words, by field and levels."""
    rows = PublishedProcedure.objects.exclude(code__in=excluding)
    words = words_of(text)
    if not words:
        return _counted(rows)
    found = _counted(_matching(rows, words, way="a"))
    if not found and loosely and len(words) > 1:
        found = _counted(_matching(rows, words, way="o"))
    return found


def _matching(
    rows: QuerySet[PublishedProcedure], words: list[str], *, way: str
) -> QuerySet[PublishedProcedure]:
    return rows.filter(words=SearchQuery(joined(words, way), config="simple", search_type="raw"))


def _counted(rows: QuerySet[PublishedProcedure]) -> tuple[Tally, ...]:
    grouped = rows.order_by().values_list("field", "levels").annotate(number=Count("code"))
    return tuple(
        Tally(field=field, levels=tuple(levels), number=number) for field, levels, number in grouped
    )
