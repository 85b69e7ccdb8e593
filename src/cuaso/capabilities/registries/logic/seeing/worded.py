"""The records of a list that carry its words: looked for once for its page, count and filters."""

from uuid import UUID

from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.seeing import counting, filters, search, statements
from cuaso.capabilities.registries.logic.seeing.statements import Part
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel.remembering import once


def found(built: Built, query: ListQuery, here: statements.Source, where: Part) -> counting.Found:
    """Return the records of a list of words, as it is now; where: the condition of `here`."""
    key = ("registries.worded", here.table, where, query.words)
    return once(key, lambda: _found(built, query, here, where))


def named(built: Built, query: ListQuery, here: statements.Source) -> tuple[UUID, ...] | None:
    """Return which records these are; None where no words are asked, and where the records are
    many or were not found in time.
    """
    if not query.words or here.where is None:
        return None
    return found(built, query, here, here.where).ids


def _found(built: Built, query: ListQuery, here: statements.Source, where: Part) -> counting.Found:
    road = search.road(built.table, query.words)
    everything = not (here.restricted or filters.asks_more(built, query) or query.gone)
    if road is None or (road.many and everything):
        return counting.Found(number=None)
    rows = search.expected(here.table, where) if here.restricted else 0
    carrying, setting = road.among(rows).counted(
        here.table, query.words, rows=rows, wanted=counting.SURELY
    )
    return counting.named(here.table, where & carrying, setting)
