"""The history of a record: its changes, newest first, each with what it gave another value."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from cuaso.capabilities.registries.contracts import ChangeLine, Difference
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import computing, prepared, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor

# What a change, under the name `made`, says in the fields of `Change`.
SAYING: Final = """made.id, made.act, made.actor_name, made.reason, made.origin, made.origin_id,
  step.title, step.lane, made.records,
  exists (select 1 from registries_change as back where back.undoes_id = made.id)"""
# Where the rest of that is found.
BESIDE: Final = "left join registries_steptaken as step on step.change_id = made.id"
_CHANGES: Final = (
    f"select {SAYING} from registries_change as made {BESIDE} where made.id = any (%s)"  # noqa: S608 our own names
)


class Change(NamedTuple):
    """What a change says; the step of status that it was, with the lane whose it was."""

    id: UUID
    act: str
    who: str
    reason: str
    origin: str
    origin_id: str
    step: str | None
    lane: str | None
    records: int
    undone: bool


def history(*, registry: str, id: UUID, actor: Actor, purpose: str = "") -> tuple[ChangeLine, ...]:
    """Return every change of a record that the actor may see, newest first.

    It is a look at the record, written down as `record` does. Raises NotFound and Invalid.
    """
    built = sets.built(registry)
    versions = _versions(built, id, records.find(built, id))
    if not versions:
        raise records.no_record(built)
    records.look(built, versions[-1], actor=actor, purpose=purpose)
    changes = _changes([row.row_change for row in versions])
    return told(built, versions, changes, actor)


def _versions(built: Built, id: UUID, live: Row | None) -> list[Row]:
    """Return the rows of a record, the oldest first; `live` is the one that stands."""
    past: list[Row] = built.fetching_past.versions(id)
    return [*past, live] if live is not None else past


def told(
    built: Built, versions: Sequence[Row], changes: Iterable[Change], actor: Actor
) -> tuple[ChangeLine, ...]:
    """Return the changes that made these rows of a record, the newest first."""
    return tuple(reversed(list(_lines(built, versions, changes, actor))))


def _lines(
    built: Built, versions: Sequence[Any], changes: Iterable[Change], actor: Actor
) -> Iterator[ChangeLine]:
    made = {one.id: one for one in changes}
    hidden, here = rights.masked(built, actor), values.context(built)
    before: Row | None = None
    for row in versions:
        change = made[row.row_change]
        yield ChangeLine(
            id=change.id,
            at=row.row_since,
            act=change.act,
            who=change.who,
            reason=change.reason,
            origin=change.origin,
            origin_id=change.origin_id,
            differences=tuple(_differences(built, before, row, hidden, here)),
            undone=change.undone,
            records=change.records,
            step=f"{change.step} ({change.lane})" if change.lane else change.step or "",
            fixed=bool(change.lane) or change.act == computing.ACT,
        )
        before = row


def _changes(ids: Sequence[UUID]) -> Iterator[Change]:
    return (Change(*row) for row in prepared.every(_CHANGES, [list(ids)]))


def _differences(
    built: Built, before: Row | None, after: Row, hidden: frozenset[str], here: Context
) -> Iterator[Difference]:
    for column in built.columns:
        old, was = _read(built, column, before) if before is not None else (column, None)
        new, now = _read(built, column, after)
        if (old, was) == (new, now) or (blank(was) and blank(now)):
            continue
        yield Difference(
            path=column.path,
            title=_title(built, column.path),
            before=_say(built, old, was, hidden, here),
            after=_say(built, new, now, hidden, here),
        )


def _read(built: Built, column: Column, row: Row) -> tuple[Column, Loose]:
    """Return a value as the row says it: in the type that the field had, where it fits no other."""
    value = column.read(row)
    if value is None:
        for twin in built.twins:
            if twin.column.path == column.path and hasattr(row, twin.column.name):
                earlier = twin.column.read(row)
                if earlier is not None:
                    return twin.column, earlier
    return column, value


def _title(built: Built, path: str) -> str:
    group = built.declared.groups.get(path)
    return group.title if group else records.title_of(built, path)


def _say(built: Built, column: Column, value: Loose, hidden: frozenset[str], here: Context) -> str:
    if blank(value):
        return ""
    if column.one is None:
        return f"{len(value)} dòng"
    if column.path in hidden:
        return records.mask(built, column.path, value)
    return records.say(column.one, value, here)
