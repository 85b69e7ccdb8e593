"""Change a record, or move it to another status."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from cuaso.capabilities.registries.contracts import RecordView, Source, Texts
from cuaso.capabilities.registries.logic.changing import (
    asking,
    attached,
    cleaning,
    courses,
    effects,
    keeping,
    refusals,
    rows,
)
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.seeing import records, rights, steps
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.record_flows import BEGIN
from cuaso.declarations.registries import Move
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed


def amend(
    *,
    registry: str,
    id: UUID,
    values: Texts | dict[str, Loose],
    actor: Actor,
    revision: int | None = None,
    whole: bool = False,
    reason: str = "",
    source: Source = changes.FORM,
    version: int = sets.CURRENT,
    spoken: bool = True,
) -> RecordView:
    """Change the given fields of a record; with `whole`, empty what is not given (a form, PUT).
    Who is not `spoken` to gets values without words.

    What the actor does not read in full, and the status, stay as they are. When nothing differs
    no version is made. Raises as `add` does, and Conflict when `revision` is not the present one.
    """
    built = sets.built(registry, version=version)
    ends = not connection.in_atomic_block
    with transaction.atomic():
        row = rows.locked(built, id, actor=actor, act="change", revision=revision)
        given = cleaning.posted(built, values, exact=source.kind == "api")
        texts = _texts(built, row, given, actor=actor, whole=whole)
        columns = cleaning.columns(built, texts, strict=source.kind != "form")
        attached.require(built, columns, actor=actor, source=source, before=row)
        _write_one(built, row, columns, actor=actor, reason=reason, source=source, ends=ends)
    return records.shown(built, row, actor=actor, spoken=spoken)


def _write_one(
    built: Built,
    row: Row,
    columns: dict[str, Any],
    *,
    actor: Actor,
    reason: str,
    source: Source,
    ends: bool,
) -> None:
    """Write what differs as `write` does, in one statement; the transaction ends with a refusal."""
    fresh = rows.differing(row, columns, built)
    if not fresh:
        return
    taken = {**fresh, **_keeper_of(built, fresh, actor)}
    before = refusals.standing(built, [row.row_id])
    with (
        rows.said_doubled(built),
        changes.changing_one(
            built,
            actor=actor,
            act="changed",
            write=lambda change: rows.renewal(built, row, taken, change),
            reason=reason,
            source=source,
            ends=ends,
        ),
    ):
        refusals.require(built, row, before=before)


def retyped(
    built: Built,
    row: Row,
    given: Texts | dict[str, Loose],
    *,
    actor: Actor,
) -> dict[str, str | list[str]]:
    """Return a record as the form takes it, some of its fields as they were `posted`."""
    return _texts(built, row, dict(given), actor=actor, whole=False)


def settled(
    built: Built, row: Row, columns: dict[str, Any], *, actor: Actor, source: Source
) -> dict[str, Any]:
    """Return the columns that would change, with what follows from them; raise as `add` does."""
    attached.require(built, columns, actor=actor, source=source, before=row)
    fresh = rows.differing(row, columns, built)
    return {**fresh, **_keeper_of(built, fresh, actor)} if fresh else {}


def write(
    built: Built,
    row: Row,
    columns: dict[str, Any],
    *,
    actor: Actor,
    act: str,
    reason: str = "",
    source: Source = changes.FORM,
) -> bool:
    """Write what differs as one change; say whether anything did."""
    fresh = rows.differing(row, columns, built)
    if not fresh:
        return False
    moved = _keeper_of(built, fresh, actor)
    before = refusals.standing(built, [row.row_id])
    with (
        changes.changing(built, actor=actor, act=act, reason=reason, source=source) as change,
        rows.unique(built),
    ):
        rows.renew(row, {**fresh, **moved}, change)
        refusals.require(built, row, before=before)
    return True


def _keeper_of(built: Built, fresh: dict[str, Any], actor: Actor) -> dict[str, Any]:
    place = built.declared.place
    name = built.column(place).name if place else ""
    if name not in fresh:
        return {}
    return {"row_agency": keeping.keeper(built, built.live(**{name: fresh[name]}), actor)}


def _texts(
    built: Built, row: Row, given: dict[str, Any], *, actor: Actor, whole: bool
) -> dict[str, Any]:
    present = cleaning.edited(built, row)
    hidden = rights.masked(built, actor)
    kept = {f"record.{path}" for path in hidden} | rights.kept_groups(built, hidden)
    if built.declared.statuses:
        kept.add(f"record.{built.declared.statuses.field}")
    given = {path: text for path, text in given.items() if not _among(kept, path)}
    sections = set() if whole else {path.partition(".")[0] for path in given} - {"record"}
    base = {
        path: text
        for path, text in present.items()
        if (not whole or _among(kept, path)) and path.partition(".")[0] not in sections
    }
    return {**base, **given}


def _among(kept: set[str], path: str) -> bool:
    """Say whether a path is kept, itself or the group in whose rows it stands."""
    return path in kept or path.partition(".")[0] in kept


def move(
    *,
    registry: str,
    id: UUID,
    to: str,
    actor: Actor,
    values: Texts | dict[str, Loose] | None = None,
    reason: str = "",
    revision: int | None = None,
    source: Source = changes.FORM,
) -> RecordView:
    """Take a declared step of status by its name; `values` are the fields that the step asks for,
    written in the same change. `begin` sends a record on its drawn way.

    Raises NotAllowed for another's step, Conflict where it does not begin at the present status
    or its condition does not hold with the new values, Invalid when a reason or a field is owed
    and none given, or a field is given that the step does not ask for.
    """
    built = sets.built(registry)
    with transaction.atomic():
        row = rows.locked(built, id, actor=actor, act="view", revision=revision)
        if to == BEGIN and built.declared.workflow:
            _begin(built, row, actor)
            return records.shown(built, row, actor=actor)
        offer = startable(built, row, to, actor)
        step = offer.step
        given = cleaning.posted(built, values or {}, exact=source.kind == "api")
        taken = asking.answered(built, row, step, given, reason=reason)
        if not steps.holds(built, row, step, values=taken.values):
            raise _not_ready(step)
        _take(built, row, offer, taken.columns, actor=actor, reason=reason, source=source)
        effects.carry(built, row, step.does, actor=actor, reason=reason)
    return records.shown(built, row, actor=actor)


def _begin(built: Built, row: Row, actor: Actor) -> None:
    if not rights.decide(built, row, actor=actor, act="change").allowed:
        raise _not_yours(steps.BEGINNING)
    courses.begin(built, row, actor=actor)


def _take(
    built: Built,
    row: Row,
    offer: steps.Offer,
    columns: dict[str, Any],
    *,
    actor: Actor,
    reason: str,
    source: Source,
) -> None:
    """Write what a step changes; a step of a drawn way makes a version even where nothing differs,
    so that the history tells who did it.
    """
    wrote = write(built, row, columns, actor=actor, act="moved", reason=reason, source=source)
    if not wrote and offer.turn is not None:
        with changes.changing(
            built, actor=actor, act="moved", reason=reason, source=source
        ) as change:
            rows.renew(row, {}, change)
    if wrote or offer.turn is not None:
        courses.note_step(row, offer.name, offer.step, lane=offer.lane_title)
    if offer.turn is not None:
        courses.take(built, row, offer.turn, offer.name, actor=actor)
    elif built.declared.workflow and offer.name in built.declared.workflow.stops:
        courses.stop(built, row, reason=reason or offer.step.title, actor=actor)


def startable(built: Built, row: Row, to: str, actor: Actor) -> steps.Offer:
    """Return a step that the actor may begin from here; raise as `move` does."""
    statuses = built.declared.statuses
    offer = steps.find(built, row, to)
    if statuses is None or offer is None:
        raise Invalid(
            code="registries.no_such_move",
            what=f"Sổ không có bước “{to}”.",
            mend="Hãy chọn một bước trong trang của bản ghi.",
        )
    step = offer.step
    if not steps.may_take(built, row, offer, actor):
        raise _not_yours(step)
    here = getattr(row, built.column(statuses.field).name)
    if offer.waits:
        raise Conflict(
            code="registries.step_not_waiting",
            what=f"Chưa đến bước “{step.title}”.",
            why="Quy trình của bản ghi đang chờ bước khác, hoặc bước này đã làm xong.",
            mend="Hãy tải lại trang để xem bản ghi đang ở bước nào.",
        )
    if here not in step.start:
        raise Conflict(
            code="registries.move_from_elsewhere",
            what=f"Không thực hiện được “{step.title}”.",
            why="Bản ghi đang ở trạng thái khác với trạng thái mà bước này bắt đầu.",
            mend="Hãy tải lại trang để xem trạng thái hiện tại.",
        )
    return offer


def _not_yours(step: Move) -> NotAllowed:
    return NotAllowed(
        code="registries.not_your_move",
        what=f"Chưa có quyền thực hiện “{step.title}”.",
        why="Bước này dành cho vai trò khác, hoặc cho cơ quan giữ bản ghi.",
        mend="Hãy chuyển cho người có thẩm quyền.",
    )


def _not_ready(step: Move) -> Conflict:
    return Conflict(
        code="registries.move_not_ready",
        what=f"Chưa đủ điều kiện để “{step.title}”.",
        why="Bản ghi chưa đạt điều kiện mà sổ khai báo cho bước này.",
        mend="Hãy bổ sung thông tin còn thiếu rồi thực hiện lại.",
    )
