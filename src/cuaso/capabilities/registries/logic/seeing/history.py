"""The history of a record: its changes, newest first, each with what it gave another value."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cuaso.capabilities.registries.contracts import ChangeLine, Difference
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.models import Change
from cuaso.capabilities.registries.work_models import StepTaken
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound


def history(*, registry: str, id: UUID, actor: Actor) -> tuple[ChangeLine, ...]:
    """Return every change of a record that the actor may see, newest first; raise NotFound."""
    built = sets.built(registry)
    versions: list[Row] = list(built.past.objects.filter(row_id=id).order_by("row_since"))
    live = records.find(built, id)
    versions += [live] if live is not None else []
    if not versions or not rights.decide(built, versions[-1], actor=actor, act="view").allowed:
        raise NotFound(
            code="registries.no_record",
            what=f"Không có bản ghi này trong sổ “{built.declared.title}”.",
            mend="Hãy tìm lại trong danh sách.",
        )
    return tuple(reversed(list(_lines(built, versions, actor))))


def _lines(built: Built, versions: list[Any], actor: Actor) -> Iterator[ChangeLine]:
    changes = Change.objects.in_bulk({row.row_change for row in versions})
    undone = set(Change.objects.filter(undoes__in=changes).values_list("undoes_id", flat=True))
    steps = StepTaken.objects.in_bulk(list(changes))
    hidden, here = rights.masked(built, actor), values.context(built)
    before: Row | None = None
    for row in versions:
        change = changes[row.row_change]
        yield ChangeLine(
            id=change.id,
            at=row.row_since,
            act=change.act,
            who=change.actor_name,
            reason=change.reason,
            origin=change.origin,
            origin_id=change.origin_id,
            differences=tuple(_differences(built, before, row, hidden, here)),
            undone=change.id in undone,
            step=steps[change.id].said if change.id in steps else "",
            fixed=change.id in steps and bool(steps[change.id].lane),
        )
        before = row


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
