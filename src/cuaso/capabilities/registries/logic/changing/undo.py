"""Undo one change: what it gave goes back to what was before, unless changed again since."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import rows, unchanged
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import computing, definition, sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Batch, Change
from cuaso.capabilities.registries.work_models import StepTaken
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound

CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class Undone:
    """How many records went back, how many stayed since they were changed again later."""

    change_id: UUID
    back: int
    kept: int


def undo(
    *, registry: str, change_id: UUID, actor: Actor, reason: str = "", partly: bool = False
) -> Undone:
    """Undo one change on all its records. Fields that were changed again since stay; without
    `partly` the whole undoing is then refused with Conflict, and nothing has changed.
    """
    built = sets.built(registry)
    with transaction.atomic():
        change = Change.objects.select_for_update().filter(pk=change_id, registry_id=built.id)
        found = change.first()
        if found is None:
            raise NotFound(code="registries.no_change", what="Không có lần ghi này trong sổ.")
        _refuse_recomputed(found)
        _refuse_twice(found)
        _refuse_step(found)
        _refuse_lost(built, found)
        with changes.changing(
            built,
            actor=actor,
            act="undone",
            reason=reason,
            source=Source(kind="undo", id=str(change_id)),
            undoes=found,
        ) as now:
            now.records += unchanged.give_back(built, found, now, actor=actor)
            kept = _undo_all(built, found, now, actor=actor)
            if kept and not partly:
                raise _changed_since(now.records, kept)
            Batch.objects.filter(change=found).update(state=Batch.State.UNDONE)
        return Undone(change_id=now.id, back=now.records, kept=kept)


def _changed_since(back: int, kept: int) -> Conflict:
    rest = ", hoặc chọn hoàn tác phần còn lại" if back else ""
    return Conflict(
        code="registries.changed_since",
        what="Chưa hoàn tác được lần ghi này.",
        why=f"{kept} bản ghi đã được sửa tiếp ở chính các ô đó.",
        mend=f"Hãy hoàn tác lần sửa sau trước{rest}.",
        data={"kept": kept, "back": back},
    )


def _refuse_twice(change: Change) -> None:
    if change.undone.exists():
        raise Conflict(
            code="registries.undone_already",
            what="Lần ghi này đã được hoàn tác.",
            mend="Hãy xem lịch sử của bản ghi.",
        )


def _refuse_recomputed(change: Change) -> None:
    """What formulas give follows from the record: given back, it would be made again at once."""
    if change.act == computing.ACT:
        raise Conflict(
            code="registries.recomputed_not_undone",
            what="Lần tính lại này không hoàn tác được.",
            why="Hệ thống tính các ô ấy theo công thức của phiên bản đang hiệu lực.",
            mend="Hãy sửa công thức ở phần thiết kế sổ, hoặc sửa các ô mà công thức đọc.",
        )


def _refuse_step(change: Change) -> None:
    """A step of a drawn way is not undone: others may have gone on from it."""
    step = StepTaken.objects.filter(change=change).exclude(lane="").first()
    if step is not None:
        raise Conflict(
            code="registries.step_not_undone",
            what=f"Bước “{step.title}” của quy trình không hoàn tác được.",
            why="Người ở bước sau đã được giao việc theo quyết định này.",
            mend="Hãy làm tiếp quy trình, hoặc dùng bước trả lại, hủy mà sổ khai báo.",
        )


def _refuse_lost(built: Built, change: Change) -> None:
    """Refuse to give back a value that the present type of its field cannot hold."""
    for twin in built.standing_twins:
        own = built.by_path[twin.column.path]
        lost = _past(built, row_ended=change.id, **{f"{own.name}__isnull": True})
        if lost.exclude(**{f"{twin.column.name}__isnull": True}).exists():
            raise Conflict(
                code="registries.turned_since",
                what="Chưa hoàn tác được lần ghi này.",
                why=f"Ô “{built.declared.titled(own.path)}” đã đổi kiểu từ đó, và giá trị trước kia"
                " không đọc được theo kiểu mới.",
                mend="Hãy mở lịch sử của bản ghi và nhập lại bằng tay.",
            )


def _undo_all(built: Built, change: Change, now: Change, *, actor: Actor) -> int:
    """Go through the records that were changed again since, in portions; how many stayed."""
    ids = _touched(built, change, now)
    kept = 0
    for start in range(0, len(ids), CHUNK):
        portion = ids[start : start + CHUNK]
        live = built.live.objects.select_for_update().in_bulk(portion)
        before = {row.row_id: row for row in _past(built, row_id__in=portion, row_ended=change.id)}
        given = {row.row_id: row for row in _past(built, row_id__in=portion, row_change=change.id)}
        anew = _made_anew(live.values())
        for id in portion:
            row = live.get(id)
            if row is None:
                kept += 1
                continue
            _require(built, row, actor)
            after = row if row.row_change == change.id else given.get(id)
            ended = getattr(after, "row_ended", None)
            only = row.row_change in anew and row.row_change == ended
            kept += not _undo_one(built, row, before.get(id), after, now, only_anew=only)
    return kept


def _made_anew(live: Iterable[Row]) -> set[UUID]:
    """Return which of the changes that records stand by only made their computed fields anew."""
    changed = {row.row_change for row in live}
    made = Change.objects.filter(pk__in=changed, act=computing.ACT)
    return set(made.values_list("id", flat=True))


def _touched(built: Built, change: Change, now: Change) -> list[UUID]:
    past = set(_past(built, row_change=change.id).values_list("row_id", flat=True))
    back = set(_past(built, row_ended=now.id).values_list("row_id", flat=True))
    return sorted(past - back)


def _past(built: Built, **which: object) -> QuerySet[Row]:
    return built.past.objects.filter(**which)


def _undo_one(
    built: Built,
    row: Row,
    before: Row | None,
    after: Row | None,
    now: Change,
    *,
    only_anew: bool,
) -> bool:
    """Give back what a record was; say whether it could be. `only_anew`: all that has happened to
    it since is that its computed fields were made anew, as they will be again.
    """
    if before is None:
        if not only_anew and row.row_change != (after.row_change if after else None):
            return False
        rows.renew(row, {"row_gone": now.at}, now)
        return True
    if after is None:
        return False
    names = [*definition.stored_names(built), "row_gone", "row_agency"]
    touched = [name for name in names if getattr(before, name) != getattr(after, name)]
    own = set(touched) - (_computed(built) if only_anew else set())
    if any(getattr(row, name) != getattr(after, name) for name in own):
        return False
    columns = {name: getattr(before, name) for name in touched}
    for name, value in columns.items():
        setattr(row, name, value)
    with rows.unique(built):
        rows.renew(row, columns | rows.data_columns(built, row), now)
    return True


def _computed(built: Built) -> set[str]:
    made = (one for one in built.columns if one.one is not None and one.one.is_)
    return {name for one in made for name in one.names}


def _require(built: Built, row: Row, actor: Actor) -> None:
    if not rights.decide(built, row, actor=actor, act="change").allowed:
        raise unchanged.not_allowed()
