"""Instances and steps as they cross the door."""

from collections.abc import Sequence
from uuid import UUID

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.locked import flow_of, no_instance, subject_of, thaw
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.reading import read
from cuaso.capabilities.workflow.logic.steps import open_steps
from cuaso.capabilities.workflow.models import Instance, Waiting
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

_BY_ID = "where id = %s"


def instance(instance_id: UUID) -> contracts.Instance:
    """Return an instance as it stands; raise NotFound."""
    row = find(instance_id)
    return seen(row, thaw(row), _waiting(row))


def instances_about(subject: Subject) -> tuple[contracts.Instance, ...]:
    """Return the subject's instances, newest first."""
    rows = Instance.objects.select_related("flow__spec").filter(
        subject_kind=subject.kind, subject_id=subject.id
    )
    rows = rows.order_by("-started_at", "-id")
    return tuple(seen(row, thaw(row), _waiting(row)) for row in rows)


def task(task_id: UUID) -> contracts.Task:
    """Return a step, open or closed; raise NotFound."""
    row = Waiting.objects.filter(id=task_id).first()
    if row is None:
        raise no_task()
    return task_of(row)


def steps(instance_id: UUID) -> tuple[contracts.Task, ...]:
    """Return every step of an instance, open and closed, in the order they came."""
    rows = Waiting.objects.filter(instance=instance_id, attached_to="")
    return tuple(task_of(row) for row in rows.order_by("since_at", "id"))


def find(instance_id: UUID) -> Instance:
    row = next(iter(read(Instance, _BY_ID, [instance_id])), None)
    if row is None:
        raise no_instance()
    row.flow = flow_of(row.flow_id)
    return row


def no_task() -> NotFound:
    return NotFound(code="workflow.no_task", what="Không có bước này trong quy trình.")


def _waiting(row: Instance) -> list[Waiting]:
    return open_steps(row.id) if row.status == "running" else []


def seen(row: Instance, machine: Machine, waiting: Sequence[Waiting]) -> contracts.Instance:
    """Return the instance as it crosses the door; `waiting` are its open steps."""
    return contracts.Instance(
        id=row.id,
        key=row.flow.key,
        version=row.flow.number,
        subject=subject_of(row),
        status=row.status,  # type: ignore[arg-type] # a check constraint holds it
        waiting=tuple(task_of(step) for step in waiting if not step.attached_to),
        accepts=tuple(dict.fromkeys(step.message for step in waiting if step.message)),
        data=machine.data(),
        started_at=row.started_at,
        ended_at=row.ended_at,
        revision=row.version,
    )


def task_of(row: Waiting) -> contracts.Task:
    return contracts.Task(
        id=row.id,
        instance_id=row.instance_id,
        element=row.element,
        title=row.title,
        lane=row.lane,
        kind=row.kind,  # type: ignore[arg-type] # written from the contract's words only
        since_at=row.since_at,
        due_at=row.due_at,
        message=row.message,
        operation=row.operation,
        done_at=row.done_at,
        done_by=row.done_by,
        withdrawn_at=row.withdrawn_at,
        data=row.data,
    )
