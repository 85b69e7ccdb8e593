"""Add many records at once: one change, an outcome for each record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import AddedLine, AddedMany, Source, Texts
from cuaso.capabilities.registries.logic.changing import add, effects, refusals, rows
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.exchanging import loading
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem, Refusal

MOST: Final = 500


def add_many(
    *,
    registry: str,
    records: Sequence[Texts | dict[str, Loose]],
    actor: Actor,
    reason: str = "",
    source: Source = changes.FORM,
    version: int = sets.CURRENT,
) -> AddedMany:
    """Add each record as `add` does; what one is refused for keeps no other from being added.

    All that was added is one change, undone at once. Raises Invalid for no record or more than
    500, NotAllowed for who may add none, and what `effects.carry` does: then none is added.
    """
    built = sets.built(registry, version=version)
    rights.require_on_whole(built, actor, "add")
    _require(records)
    lines: dict[int, AddedLine] = {}
    ready = dict(_ready(built, records, lines, actor=actor, source=source))
    change_id = _write(built, ready, lines, actor=actor, reason=reason, source=source)
    return AddedMany(change_id=change_id, lines=tuple(lines[one] for one in range(len(records))))


def _require(records: Sequence[object]) -> None:
    if not 1 <= len(records) <= MOST:
        say = f"Mỗi lần thêm từ 1 đến {MOST} bản ghi."
        raise Invalid(
            code="registries.bulk_unfit",
            what="Chưa thêm được các bản ghi.",
            mend=say,
            problems=(Problem(field="records", say=say),),
        )


def _ready(
    built: Built,
    records: Sequence[Any],
    lines: dict[int, AddedLine],
    *,
    actor: Actor,
    source: Source,
) -> list[tuple[int, Row]]:
    ready = []
    for number, values in enumerate(records):
        try:
            ready.append((number, add.fresh(built, values, actor=actor, source=source)))
        except Refusal as refusal:
            lines[number] = _refused(refusal)
    return ready


def _write(
    built: Built,
    ready: dict[int, Row],
    lines: dict[int, AddedLine],
    *,
    actor: Actor,
    reason: str,
    source: Source,
) -> UUID | None:
    """Write what is ready as one change; where nothing could be written there is none."""
    if not ready:
        return None
    with transaction.atomic():
        mark = transaction.savepoint()
        with changes.changing(
            built, actor=actor, act="added", reason=reason, source=source
        ) as change:
            if _at_once(built, list(ready.values()), change):
                lines |= {
                    number: AddedLine(id=row.row_id, outcome="added")
                    for number, row in ready.items()
                }
            else:
                _one_by_one(built, ready, lines, change)
        if not change.records:
            transaction.savepoint_rollback(mark)
            return None
        transaction.savepoint_commit(mark)
        for number, row in ready.items():
            if lines[number].outcome == "added":
                effects.carry(built, row, built.declared.does, actor=actor, reason=reason)
    return change.id


def _at_once(built: Built, fresh: Sequence[Row], change: Change) -> bool:
    """Write all rows with one statement where none of them is refused; else write none."""
    try:
        with rows.unique(built), transaction.atomic():
            loading.insert_rows(built, fresh, change)
            refused = refusals.standing(built, [row.row_id for row in fresh])
            transaction.set_rollback(bool(refused))
    except Conflict:
        return False
    if not refused:
        change.records += len(fresh)
    return not refused


def _one_by_one(
    built: Built, ready: Mapping[int, Row], lines: dict[int, AddedLine], change: Change
) -> None:
    for number, row in ready.items():
        written = change.records
        try:
            with rows.unique(built):
                add.put(built, row, change)
                refusals.require(built, row)
        except Refusal as refusal:
            change.records = written
            lines[number] = _refused(refusal)
        else:
            lines[number] = AddedLine(id=row.row_id, outcome="added")


def _refused(refusal: Refusal) -> AddedLine:
    return AddedLine(
        id=None, outcome="refused", say=str(refusal), code=refusal.code, problems=refusal.problems
    )
