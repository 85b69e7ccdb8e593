"""Send a record on its drawn way, and move it there: each act is one with the record's change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.seeing import turns
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.carrying import flow_key
from cuaso.capabilities.registries.work_models import Course, StepTaken, Turn
from cuaso.capabilities.workflow import api as workflow
from cuaso.capabilities.workflow.contracts import Instance
from cuaso.declarations.expressions import blank
from cuaso.declarations.record_flows import DECISION
from cuaso.declarations.registries import RECORD, Move
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject


def may_begin(built: Built, row: Row) -> bool:
    """Say whether a record stands where its way begins, and never went it."""
    statuses, way = built.declared.statuses, built.declared.workflow
    if statuses is None or way is None or row.row_gone is not None:
        return False
    here = getattr(row, built.column(statuses.field).name)
    return here == statuses.start and turns.course_of(built, row) is None


def begin(built: Built, row: Row, *, actor: Actor) -> None:
    """Send a record on its way; raise Conflict for one that stands elsewhere or went it before."""
    if not may_begin(built, row):
        raise Conflict(
            code="registries.way_not_begun",
            what="Chưa đưa được bản ghi này vào quy trình.",
            why="Bản ghi không ở trạng thái bắt đầu, hoặc đã vào quy trình rồi.",
            mend="Hãy tải lại trang để xem bản ghi đang ở bước nào.",
        )
    instance = workflow.start(
        key=flow_key(built),
        subject=Subject(kind="registries.record", id=row.row_id),
        data=carried(built, row),
        actor=actor,
    )
    course = Course.objects.create(
        registry_id=built.id,
        record_id=row.row_id,
        instance_id=instance.id,
        version=built.version,
        begun_at=clock.now(),
    )
    follow(course, instance)


def carried(built: Built, row: Row) -> dict[str, Any]:
    """Return the fields that conditions of the drawing read; text that is not there is ""."""
    way = built.declared.workflow
    stored = values.cleaned(built, row).stored[RECORD]
    told: dict[str, Any] = {}
    for name in way.reads if way else ():
        one = built.declared.fields.get(name)
        kind = (one.as_ if one.type == "computed" else one.type) if one else ""
        number = kind in ("integer", "vnd", "yes_no")
        value = stored.get(name)
        told[name] = (None if number else "") if blank(value) else value
    return told


def take(built: Built, row: Row, turn: Turn, name: str, *, actor: Actor) -> None:
    """Do a waiting step of the way by a move; the record has its new values already."""
    course = Course.objects.select_for_update().get(pk=turn.course_id)
    data = {DECISION: name, **carried(turns.then(built, course), row)}
    follow(course, workflow.complete(task_id=turn.id, data=data, actor=actor))


def follow(course: Course, instance: Instance) -> None:
    """Keep the waiting steps of a record equal to those of its way."""
    waiting = {task.id: task for task in instance.waiting}
    Turn.objects.filter(course=course).exclude(pk__in=waiting).delete()
    known = set(Turn.objects.filter(course=course).values_list("pk", flat=True))
    Turn.objects.bulk_create(
        Turn(
            id=task.id,
            course=course,
            registry_id=course.registry_id,
            record_id=course.record_id,
            element=task.element,
            lane=task.lane,
            title=task.title,
            since_at=task.since_at,
            due_at=task.due_at,
        )
        for id, task in waiting.items()
        if id not in known
    )
    if instance.status != "running" and course.ended_at is None:
        course.ended_at = clock.now()
        course.save(update_fields=["ended_at"])


def catch_up(record_id: UUID) -> None:
    """Read again where a record's way stands, after it moved by itself."""
    with transaction.atomic():
        course = Course.objects.select_for_update().filter(record_id=record_id).first()
        if course is not None:
            follow(course, workflow.instance(course.instance_id))


def stop(built: Built, row: Row, *, reason: str, actor: Actor) -> None:
    """End the way of a record by a move beside it, such as cancelling."""
    _end(Course.objects.filter(registry_id=built.id, record_id=row.row_id), reason, actor)


def stop_all(ids: Sequence[UUID], *, actor: Actor) -> None:
    """End the ways of records that are deleted for good."""
    _end(Course.objects.filter(record_id__in=ids), "Bản ghi đã bị xóa hẳn.", actor)


def _end(courses: Any, reason: str, actor: Actor) -> None:  # noqa: ANN401 a query of Django
    for course in courses.select_for_update().filter(ended_at=None):
        instance = workflow.cancel(instance_id=course.instance_id, reason=reason, actor=actor)
        follow(course, instance)


def note_step(row: Row, name: str, step: Move, *, lane: str) -> None:
    """Write down which step of status the record's last change was."""
    StepTaken.objects.get_or_create(
        change_id=row.row_change, defaults={"move": name, "title": step.title, "lane": lane}
    )
