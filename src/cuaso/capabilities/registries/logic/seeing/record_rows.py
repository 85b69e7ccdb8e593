"""The rows of one record as their tables hold them, with all that its page shows beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import history, notices, numbered, statements
from cuaso.capabilities.registries.logic.seeing.history import Change
from cuaso.capabilities.registries.logic.seeing.numbered import Persons
from cuaso.capabilities.registries.logic.storing import prepared, sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row, past_of
from cuaso.kernel import clock

Kept = tuple[Any, ...]
_PAPERS: Final = """exists (
  select 1 from registries_paper where registry_id = %s and record_id = {id})"""
_WAY: Final = """(
  select instance_id from registries_course where registry_id = %s and record_id = r.row_id)"""
_CHANGE: Final = f"left join registries_change as made on made.id = r.row_change {history.BESIDE}"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the tables hold of a record: its row, None for none, and what it was, the oldest first;
    `changes`: those that made these rows. `people`: whose the personal numbers are that stand in
    columns of its row; those in rows of groups are not asked for. `way`: the instance of its drawn
    way; `noticed`: the notices that hold for it today.
    """

    live: Kept | None
    past: tuple[Kept, ...]
    changes: tuple[Change, ...]
    has_papers: bool
    people: Persons = field(default_factory=dict)
    way: UUID | None = None
    noticed: tuple[str, ...] = ()

    def rows(self, built: Built) -> list[Row]:
        """Return the rows of the record, the oldest first."""
        past: list[Row] = [built.fetching_past.made(one) for one in self.past]
        return past if self.live is None else [*past, built.fetching.made(self.live)]


def read(built: Built, id: UUID, *, notices_: Sequence[str]) -> Reading:
    """Return what the tables hold of a record; `notices_` are those to ask for."""
    text, given = _statement(built, tuple(notices_))
    found = prepared.first(text, [built.id, built.id, *given, id])
    if found is None:
        return _gone(built, id)
    cells = iter(found)
    live, people = _next(cells, built.fetching.width), _next(cells, len(numbered.asking(built)))
    papers, way, went = _next(cells, 3)
    change, held = Change(*_next(cells, len(Change._fields))), zip(notices_, cells, strict=True)
    past, changes = _past(built, id) if went else ((), ())
    return Reading(
        live=live,
        past=past,
        changes=(*changes, change),
        has_papers=bool(papers),
        people=numbered.told(people),
        way=way,
        noticed=tuple(name for name, holds in held if holds),
    )


def _next(cells: Iterator[Any], many: int) -> Kept:
    return tuple(islice(cells, many))


def _gone(built: Built, id: UUID) -> Reading:
    """Return what is left of a record whose row was taken away for good."""
    past, changes = _past(built, id)
    text = f"select {_PAPERS.format(id='%s')}"
    has_papers = bool(past) and bool(prepared.ask(text, [built.id, id])[0])
    return Reading(live=None, past=past, changes=changes, has_papers=has_papers)


def _past(built: Built, id: UUID) -> tuple[tuple[Kept, ...], tuple[Change, ...]]:
    rows = prepared.every(built.worked_out("record then", lambda: _then(built)), [id])
    width = built.fetching_past.width
    return (
        tuple(row[:width] for row in rows),
        tuple(Change(*row[width:]) for row in rows),
    )


def _statement(built: Built, names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return what asks for a record: papers' and ways' registry come first, its id last."""
    # What a notice looks at beside may belong to another registry: an epoch covers them all.
    key = ("record now", names, clock.today(), sets.current().epoch)
    return statements.kept(built, key, lambda: _now(built, names))


def _now(built: Built, names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    held, given = "", ()
    if names:
        asking, given = notices.asking(built, names, clock.today())
        only = f'{asking} where "{built.table}"."row_id" = r.row_id'
        held = f"left join lateral ({only}) as held on true"
    went = f'exists (select 1 from "{past_of(built.table)}" where row_id = r.row_id)'  # noqa: S608 our own names
    asked = (
        built.fetching.selected("r"),
        *numbered.asking(built),
        *(_PAPERS.format(id="r.row_id"), _WAY, went, history.SAYING),
        *(f"held.{mark}" for mark in notices.marks(names)),
    )
    return (
        f'select {", ".join(asked)} from "{built.table}" as r {_CHANGE} {held} where r.row_id = %s',  # noqa: S608 our own names
        given,
    )


def _then(built: Built) -> str:
    asked = f"{built.fetching_past.selected('r')}, {history.SAYING}"
    table = f'"{past_of(built.table)}" as r'
    return f"select {asked} from {table} {_CHANGE} where r.row_id = %s order by r.row_since"  # noqa: S608 our own names
