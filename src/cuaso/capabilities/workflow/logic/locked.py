"""Take an instance for change, and put it back: the only ways to its row."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.capabilities.workflow.contracts import FINISHED, MESSAGE_THROWN
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.steps import write_steps
from cuaso.capabilities.workflow.models import FlowVersion, Instance, Waiting
from cuaso.foundation.audit.contracts import Publication
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject

# Every act asks and writes these: Django would think about them longer than PostgreSQL.
_LOCKED: Final = "select * from workflow_instance where id = %s for update"
_LOCKED_BY_TASK: Final = """
select * from workflow_instance
where id = (select instance_id from workflow_waiting where id = %s) for update
"""
_SAVE: Final = """
update workflow_instance set version = %s, state = %s::jsonb, status = %s, ended_at = %s
where id = %s and version = %s
"""
_DONE: Final = """
with done as (
  update workflow_waiting set done_at = %s, done_by = %s, done_by_person = %s, data = %s::jsonb
  where id = %s
)
"""


def subject_of(row: Instance) -> Subject:
    return Subject(kind=row.subject_kind, id=row.subject_id)


@lru_cache(maxsize=512)
def flow_of(flow_id: UUID) -> FlowVersion:
    """Return a deployed version with its drawing: it never changes, and is read once a process."""
    return FlowVersion.objects.select_related("spec").get(id=flow_id)


def lock(instance_id: UUID) -> Instance:
    """Return the row under a lock that the transaction holds; raise unless it is running."""
    row = next(iter(Instance.objects.raw(_LOCKED, [instance_id])), None)
    if row is None:
        raise no_instance()
    return _running(row)


def no_instance() -> NotFound:
    return NotFound(code="workflow.no_instance", what="Không có quy trình này.")


def lock_of_task(task_id: UUID) -> Instance | None:
    """Return the instance of a step as `lock` does, None when there is no such step."""
    row = next(iter(Instance.objects.raw(_LOCKED_BY_TASK, [task_id])), None)
    return None if row is None else _running(row)


def _running(row: Instance) -> Instance:
    row.flow = flow_of(row.flow_id)
    if row.status != "running":
        raise Conflict(
            code="workflow.not_running",
            what="Quy trình của hồ sơ đã kết thúc.",
            mend="Hãy mở lại trang để xem tình trạng mới nhất.",
        )
    return row


def thaw(row: Instance) -> Machine:
    return Machine.thaw(xml=row.flow.spec.xml, state=row.state)


def begin(row: Instance, machine: Machine, *, waiting: list[Waiting]) -> list[Publication]:
    """Write a new instance with its steps and timers; return what to publish of it.

    `waiting` is filled with the steps that wait.
    """
    row.version = 1
    _take_over(row, machine)
    row.save(force_insert=True)
    ready = write_steps(row, machine, waiting=waiting, fresh=True)
    return [*ready, *_told(row, machine)]


def save(
    row: Instance, machine: Machine, *, waiting: list[Waiting], done: Waiting | None = None
) -> list[Publication]:
    """Write the new state, its steps and timers; return what to publish of it.

    `waiting` are the steps that were open, afterwards those that are; `done` is the one that
    somebody did.
    """
    row.version += 1
    _take_over(row, machine)
    with connection.cursor() as cursor:
        state = (row.version, json.dumps(row.state), row.status, row.ended_at)
        if done is None:
            cursor.execute(_SAVE, [*state, row.id, row.version - 1])
        else:
            by = (done.done_at, done.done_by, done.done_by_person, json.dumps(done.data))
            cursor.execute(_DONE + _SAVE, [*by, done.id, *state, row.id, row.version - 1])
        changed = cursor.rowcount
    if changed != 1:
        raise Conflict(
            code="workflow.moved_on",
            what="Quy trình vừa được người khác chuyển bước.",
            mend="Hãy mở lại trang rồi làm tiếp.",
        )
    ready = write_steps(row, machine, waiting=waiting)
    return [*ready, *_told(row, machine)]


def _take_over(row: Instance, machine: Machine) -> None:
    row.state = machine.freeze()
    if machine.finished:
        row.status, row.ended_at = "finished", clock.now()


def _told(row: Instance, machine: Machine) -> Iterator[Publication]:
    where = {"instance_id": row.id, "flow": row.flow.key}
    for message, data in machine.thrown():
        yield Publication(topic=MESSAGE_THROWN, payload={**where, "message": message, "data": data})
    if row.status == "finished":
        payload = {**where, "data": machine.data()}
        yield Publication(topic=FINISHED, payload=payload, key=f"finished:{row.id}")
