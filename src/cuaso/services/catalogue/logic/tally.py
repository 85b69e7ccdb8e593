"""Count finds by field and level, so that a reader sees what narrowing would leave."""

from collections.abc import Collection

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count

from cuaso.services.catalogue.contracts import Tally
from cuaso.services.catalogue.logic.memory import TYPED
from cuaso.services.catalogue.logic.search import joined, there, words_of
from cuaso.services.catalogue.models import PublishedProcedure


def tally(
    *, text: str = "", excluding: Collection[str] = (), loosely: bool = True
) -> tuple[Tally, ...]:
    """Return how many procedures `search` finds for the same words, by field and levels."""
    words, apart = words_of(text), there(excluding)
    found = _counted(words, way="a", excluding=apart)
    if not found and loosely and len(words) > 1:
        found = _counted(words, way="o", excluding=apart)
    return found


@TYPED.keep
def _counted(words: tuple[str, ...], *, way: str, excluding: tuple[str, ...]) -> tuple[Tally, ...]:
    rows = PublishedProcedure.objects.exclude(code__in=excluding).order_by()
    if words:
        query = SearchQuery(joined(words, way), config="simple", search_type="raw")
        rows = rows.filter(words=query)
    grouped = rows.values_list("field", "levels").annotate(number=Count("code"))
    return tuple(
        Tally(field=field, levels=tuple(levels), number=number) for field, levels, number in grouped
    )
