"""Give many records one value at once: one change, an outcome for each record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import BulkDone, BulkLine, Source, Texts
from cuaso.capabilities.registries.logic.changing import amend, cleaning, refusals, rows
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.exchanging import sent
from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.logic.exchanging.writing.deciding import Deciding
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem, Refusal

MOST: Final = 500
_HELD: Final = "Bản ghi này đúng nhưng chưa sửa, vì bản ghi khác trong lần sửa bị từ chối."
# A record, the columns that change, and how it was called before.
Ready = tuple[Row, Mapping[str, Any], str]


class _OneRefused(Exception):
    """Some record is refused, and all were to be changed or none."""


class _AllRefused(Exception):
    """No record could be changed: then there is no change either."""


def amend_many(
    *,
    registry: str,
    ids: Sequence[UUID],
    given: Texts | dict[str, Loose],
    actor: Actor,
    reason: str,
    source: Source = changes.FORM,
    partly: bool = True,
) -> BulkDone:
    """Change the given fields of each record as `amend` does; what one record is refused for is
    told, and keeps no other from being changed, or without `partly` all others. All that changed
    is one change, undone at once.

    Raises Invalid for no record, more than 500, or no reason.
    """
    built = sets.built(registry)
    wanted = list(dict.fromkeys(ids))
    _require(wanted, reason)
    lines: dict[UUID, BulkLine] = {}
    with transaction.atomic():
        ready = _prepared(built, sorted(wanted), given, actor, lines, source=source)
        write = _write if partly else _write_all_or_none
        change_id = write(built, ready, lines, actor=actor, reason=reason, source=source)
    ordered = tuple(lines[id] for id in wanted)
    return BulkDone(change_id=change_id, lines=ordered)


def _require(ids: Sequence[UUID], reason: str) -> None:
    problems = []
    if not ids:
        problems.append(Problem(field="ids", say="Chưa chọn bản ghi nào."))
    if len(ids) > MOST:
        say = f"Mỗi lần sửa nhiều nhất {MOST} bản ghi; hãy chọn bớt."
        problems.append(Problem(field="ids", say=say))
    if not reason.strip():
        problems.append(Problem(field="reason", say="Chưa ghi lý do."))
    if problems:
        raise Invalid(
            code="registries.bulk_unfit",
            what="Chưa sửa được các bản ghi.",
            mend="Hãy sửa từng chỗ được nêu. Chưa có gì được ghi.",
            problems=tuple(problems),
        )


def _prepared(
    built: Built,
    ids: Sequence[UUID],
    given: Texts | dict[str, Loose],
    actor: Actor,
    lines: dict[UUID, BulkLine],
    *,
    source: Source,
) -> list[Ready]:
    """Lock the records in one order and return what differs; refusals become lines."""
    found = _locked(built, ids, lines, actor=actor)
    posted = cleaning.posted(built, given, exact=source.kind == "api")
    texts = [amend.retyped(built, row, posted, actor=actor) for row, _ in found]
    ready: list[Ready] = []
    for (row, name), typed, read in zip(found, texts, sent.read_all(built, texts), strict=True):
        id = row.row_id
        try:
            columns = read or cleaning.columns(built, typed, strict=source.kind == "api")
            fresh = amend.settled(built, row, columns, actor=actor, source=source)
        except Refusal as refusal:
            lines[id] = BulkLine(id=id, name=name, outcome="refused", say=_why(refusal))
            continue
        if fresh:
            ready.append((row, fresh, name))
        else:
            lines[id] = BulkLine(id=id, name=name, outcome="same")
    return ready


def _locked(
    built: Built, ids: Sequence[UUID], lines: dict[UUID, BulkLine], *, actor: Actor
) -> list[tuple[Row, str]]:
    """Return the records that the actor may change, locked, each with its name."""
    hidden = rights.masked(built, actor)
    there = built.live.objects.select_for_update().filter(row_id__in=ids).order_by("row_id")
    locked = {row.row_id: row for row in there}
    known = [Deciding(built, actor, act) for act in ("view", "change")]
    steady = actor.kind in rights.STEADY
    found = []
    for id in ids:
        row = locked.get(id)
        try:
            sure = row and steady and all(one.may(row.row_agency, row.__dict__) for one in known)
            if row is None or not sure:
                row = rows.require(built, row, actor=actor, act="change")
        except Refusal as refusal:
            lines[id] = BulkLine(id=id, name="…", outcome="refused", say=_why(refusal))
        else:
            found.append((row, values.name_of(built, row, hidden=hidden)))
    return found


def _write_all_or_none(
    built: Built,
    ready: Sequence[Ready],
    lines: dict[UUID, BulkLine],
    *,
    actor: Actor,
    reason: str,
    source: Source,
) -> UUID | None:
    """Write what is ready where nothing at all is refused; else it is held back."""
    try:
        with transaction.atomic():
            _require_none_refused(lines)
            change_id = _write(built, ready, lines, actor=actor, reason=reason, source=source)
            _require_none_refused(lines)
    except _OneRefused:
        for row, _, name in ready:
            id = row.row_id
            if id not in lines or lines[id].outcome != "refused":
                lines[id] = BulkLine(id=id, name=name, outcome="held", say=_HELD)
        return None
    return change_id


def _require_none_refused(lines: Mapping[UUID, BulkLine]) -> None:
    if any(one.outcome == "refused" for one in lines.values()):
        raise _OneRefused


def _write(
    built: Built,
    ready: Sequence[Ready],
    lines: dict[UUID, BulkLine],
    *,
    actor: Actor,
    reason: str,
    source: Source,
) -> UUID | None:
    if not ready:
        return None
    try:
        with changes.changing(
            built, actor=actor, act="changed", reason=reason, source=source
        ) as change:
            _put(built, ready, lines, change)
    except _AllRefused:
        return None
    return change.id


def _put(built: Built, ready: Sequence[Ready], lines: dict[UUID, BulkLine], change: Change) -> None:
    if _at_once(built, ready, change):
        lines |= {
            row.row_id: BulkLine(id=row.row_id, name=name, outcome="changed")
            for row, _, name in ready
        }
        return
    _one_by_one(built, ready, lines, change)
    if not change.records:
        raise _AllRefused


def _at_once(built: Built, ready: Sequence[Ready], change: Change) -> bool:
    """Change all records with one statement where none of them is refused; else change none."""
    ids = [row.row_id for row, _, _ in ready]
    before = refusals.standing(built, ids)
    try:
        with rows.unique(built), transaction.atomic():
            loading.renew_rows(built, [(row, fresh) for row, fresh, _ in ready], change)
            refused = refusals.standing(built, ids) - before
            transaction.set_rollback(bool(refused))
    except Conflict:
        return False
    if not refused:
        change.records += len(ready)
    return not refused


def _one_by_one(
    built: Built, ready: Sequence[Ready], lines: dict[UUID, BulkLine], change: Change
) -> None:
    for row, fresh, name in ready:
        id = row.row_id
        before, written = refusals.standing(built, [id]), change.records
        try:
            with rows.unique(built):
                rows.renew(row, dict(fresh), change)
                refusals.require(built, row, before=before)
        except Refusal as refusal:
            change.records = written
            lines[id] = BulkLine(id=id, name=name, outcome="refused", say=_why(refusal))
        else:
            lines[id] = BulkLine(id=id, name=name, outcome="changed")


def _why(refusal: Refusal) -> str:
    said = " ".join(dict.fromkeys(one.say for one in refusal.problems))
    return said or str(refusal)
