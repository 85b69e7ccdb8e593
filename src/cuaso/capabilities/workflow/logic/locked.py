"""Take an instance for change, and put it back: the only ways to its row."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from uuid import UUID

from cuaso.capabilities.workflow.contracts import FINISHED, MESSAGE_THROWN
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.reading import read
from cuaso.capabilities.workflow.logic.steps import Moved, move_steps
from cuaso.capabilities.workflow.models import FlowVersion, Instance, Waiting
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject

# Every act asks and writes these: Django would think about them longer than PostgreSQL.
_LOCKED: Final = "where id = %s for update"
_LOCKED_BY_TASK: Final = """
where id = (select instance_id from workflow_waiting where id = %s) for update
"""
_NEWEST: Final = "where key = %s order by number desc limit 1"
_BEGUN: Final = (
    *("id", "flow_id", "subject_kind", "subject_id", "status", "version"),
    *("started_at", "ended_at", "reason"),
)
_BEGIN: Final = (
    f"insert into workflow_instance ({', '.join(_BEGUN)}, state)"  # noqa: S608 our own columns
    f" values ({', '.join(['%s'] * len(_BEGUN))}, %s::jsonb)"
)
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
    row = next(iter(read(Instance, _LOCKED, [instance_id])), None)
    if row is None:
        raise no_instance()
    return _running(row)


def no_instance() -> NotFound:
    return NotFound(code="workflow.no_instance", what="Không có quy trình này.")


def lock_of_task(task_id: UUID) -> Instance | None:
    """Return the instance of a step as `lock` does, None when there is no such step."""
    row = next(iter(read(Instance, _LOCKED_BY_TASK, [task_id])), None)
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


def newest_flow(key: str) -> FlowVersion | None:
    """Return the newest version of a flow with its drawing, None for an unknown flow."""
    row = next(iter(read(FlowVersion, _NEWEST, [key])), None)
    return None if row is None else flow_of(row.id)


def begin(row: Instance, machine: Machine, *, waiting: list[Waiting]) -> Moved:
    """Return what writes a new instance with its steps and timers, and what to publish of it.

    `waiting` is filled with the steps that wait.
    """
    row.version = 1
    state = _take_over(row, machine)
    begun = [*(getattr(row, column) for column in _BEGUN), state]
    moved = move_steps(row, machine, waiting=waiting, fresh=True)
    return Moved(
        publications=[*moved.publications, *_told(row, machine)],
        beside=[Written(statement=_BEGIN, values=begun), *moved.beside],
    )


def save(
    row: Instance, machine: Machine, *, waiting: list[Waiting], done: Waiting | None = None
) -> Moved:
    """Write the new state; return what writes its steps and timers, and what to publish of it.

    `waiting` are the steps that were open, afterwards those that are; `done` is the one that
    somebody did.
    """
    row.version += 1
    frozen = _take_over(row, machine)
    with audit.planned() as cursor:
        state = (row.version, frozen, row.status, row.ended_at)
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
    moved = move_steps(row, machine, waiting=waiting)
    return Moved(publications=[*moved.publications, *_told(row, machine)], beside=moved.beside)


def _take_over(row: Instance, machine: Machine) -> str:
    """Return the state as the row's column holds it."""
    if machine.finished:
        row.status, row.ended_at = "finished", clock.now()
    return machine.frozen()


def _told(row: Instance, machine: Machine) -> Iterator[Publication]:
    where = {"instance_id": row.id, "flow": row.flow.key}
    for message, data in machine.thrown():
        yield Publication(topic=MESSAGE_THROWN, payload={**where, "message": message, "data": data})
    if row.status == "finished":
        payload = {**where, "data": machine.data()}
        yield Publication(topic=FINISHED, payload=payload, key=f"finished:{row.id}")
