"""Conditions of lists as SQL, worked out once: Django thinks about them longer than PostgreSQL.

What a reader sees follows from the version and the actor, what a list asks from the version, the
conditions and the day. Both are kept as SQL with their values, a bounded number beside the version
that they belong to, and are joined for each page. Readers whose right hangs on rows of the
directory (people and businesses for themselves) are asked about anew each time.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection

from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.seeing import filters, rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

Made = TypeVar("Made")
Value = Any
# What a version keeps; no list of a province has more readers and conditions at a time.
MOST: Final = 4000
# Kinds of columns whose filters mean the same as long as the version stands.
_STEADY: Final = frozenset({"text", "text[]", "reference", "yes_no", "integer", "day", "moment"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A condition as SQL on the columns of one table, and what is bound in it, arrays as lists."""

    text: str
    given: tuple[Value, ...] = ()

    @cached_property
    def _said(self) -> tuple[Hashable, ...]:
        return (self.text, *(tuple(one) if isinstance(one, list) else one for one in self.given))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    def __and__(self, other: "Part") -> "Part":
        if not self.text or not other.text:
            return other if not self.text else self
        return Part(text=f"{self.text} and {other.text}", given=(*self.given, *other.given))


EVERYTHING: Final = Part(text="")


def written(part: Part) -> Part:
    """Return a condition with its values in its text: PostgreSQL plans it for these values alone,
    also where it keeps the plan.
    """
    if not part.given:
        return part
    with connection.cursor() as cursor:
        text = str(cursor.mogrify(part.text, part.given))
    return Part(text=text.replace("%", "%%"))


def these(table: str, ids: Sequence[UUID]) -> Part:
    """Return the condition that a row is one of these records."""
    return Part(text=f'"{table}"."row_id" = any (%s)', given=([*ids],))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Rows of one table: of what records are, or of what they were. `where` None finds nothing;
    `bare`: all that its reader sees of the list's table, whatever else the list asks;
    `restricted`: that is not every record.
    """

    model: type[Row]
    where: Part | None
    bare: Part
    restricted: bool

    @property
    def table(self) -> str:
        return table_of(self.model)


def source(
    built: Built, query: ListQuery, *, reader: Actor, actor: Actor, past: bool = False
) -> Source:
    """Return the rows of a list for a reader, without its words; raise Invalid.

    reader: the actor, as `narrowing` has it. With `query.as_of` these are the rows of one of the
    two tables that held at that moment.
    """
    model = built.past if past else built.live
    seen = sight(built, reader, past=past)
    asked = wanted(built, query, actor=actor, past=past)
    there = "is not null" if query.gone else "is null"
    bare = (seen or EVERYTHING) & Part(text=f'"{table_of(model)}"."row_gone" {there}')
    where = None if seen is None or asked is None else seen & asked
    if where is not None and query.as_of is not None:
        where &= _at(model, query.as_of, past=past)
    return Source(model=model, where=where, bare=bare, restricted=seen != EVERYTHING)


def table_of(model: type[Row]) -> str:
    """Return the table of a registry's model."""
    return str(model._meta.db_table)  # noqa: SLF001 Django's own documented door


def _at(model: type[Row], at: datetime, *, past: bool) -> Part:
    table = table_of(model)
    since = Part(text=f'"{table}"."row_since" <= %s', given=(at,))
    return since & Part(text=f'"{table}"."row_until" > %s', given=(at,)) if past else since


def sight(built: Built, actor: Actor, *, past: bool = False) -> Part | None:
    """Return the condition under which the actor sees a row, None where none is seen."""

    def worked_out() -> Part | None:
        model = built.past if past else built.live
        rows = access.visible(
            actor=actor,
            act="view",
            queryset=model.objects.all(),
            policy=rights.policy(built, actor, past=past),
        )
        return _part(rows)

    if actor.kind not in rights.STEADY:
        return worked_out()
    # An actor's trace is another at each request, and no right hangs on it.
    reader = replace(actor, trace="", name="")
    return kept(built, ("sight", past, clock.today(), reader), worked_out)


def wanted(built: Built, query: ListQuery, *, actor: Actor, past: bool = False) -> Part | None:
    """Return the condition of a list without its words; raise Invalid."""
    hidden = rights.masked(built, actor)

    def worked_out() -> Part | None:
        model = built.past if past else built.live
        found = filters.condition(built, replace(query, words=""), hidden=hidden)
        return _part(model.objects.filter(found))

    columns = [built.by_path.get(one.path) for one in query.filters]
    if not all(one is not None and _steady(one.kind) for one in columns):
        return worked_out()
    day = clock.legal_date(query.as_of) if query.as_of else clock.today()
    # What a notice looks at beside may belong to another registry: an epoch covers them all.
    asked = (query.list, query.filters, query.gone, day, hidden, sets.current().epoch)
    return kept(built, ("wanted", past, *asked), worked_out)


def _steady(kind: str) -> bool:
    return kind in _STEADY or kind.startswith("number")


def _part(rows: Any) -> Part | None:  # noqa: ANN401 a QuerySet of any registry
    query = rows.query
    try:
        text, given = query.get_compiler(connection=connection).compile(query.where)
    except EmptyResultSet:
        return None
    except FullResultSet:
        return EVERYTHING
    return Part(text=f"({text})", given=tuple(given)) if text else EVERYTHING


def kept(built: Built, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` gave at the first call with this key, of the newest that fit."""
    held = built.statements
    try:
        found: Made = held[key]
    except KeyError:
        found = make()
        if len(held) >= MOST:
            held.clear()
        held[key] = found
    return found


Converter = Callable[[Value, Any, Any], Value]


def conversions(
    built: Built, model: type[Row], names: Sequence[str]
) -> list[tuple[int, Converter]]:
    """Return the places of what Django reads itself, such as JSON, and how."""

    def worked_out() -> list[tuple[int, Converter]]:
        fields = [model._meta.get_field(name) for name in names]  # noqa: SLF001 Django's own documented door
        found = ((at, getattr(one, "from_db_value", None)) for at, one in enumerate(fields))
        return [(at, read) for at, read in found if read is not None]

    return kept(built, ("conversions", model is built.past, tuple(names)), worked_out)
