from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.locked import lock, save, subject_of, thaw
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.payload import checked
from cuaso.capabilities.workflow.logic.show import no_task, seen
from cuaso.capabilities.workflow.models import Instance, Waiting
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict


def complete(*, task_id: UUID, data: Mapping[str, object], actor: Actor) -> contracts.Instance:
    """Do an open step and move on; a step that waits for a message gets it by this.

    Raises Conflict when somebody else did it first or the flow took it back.
    """
    carried = checked(data)
    with transaction.atomic():
        instance_id = Waiting.objects.filter(id=task_id).values_list("instance", flat=True).first()
        if instance_id is None:
            raise no_task()
        row = lock(instance_id)
        step = Waiting.objects.get(id=task_id)
        _refuse_closed(step)
        machine = move(row=row, step=step, data=carried, actor=actor)
        audit.record(
            actor=actor,
            act="workflow.step_done",
            subject=subject_of(row),
            content={"instance": row.id, "task": step.id, "element": step.element, "data": carried},
        )
    return seen(row, machine)


def move(*, row: Instance, step: Waiting, data: Mapping[str, object], actor: Actor) -> Machine:
    """Close the step's row and let the token go on, under the lock that the caller holds."""
    machine = thaw(row)
    # A step answers for itself: an earlier step's decision never decides after this one.
    carried = {"decision": None, **data}
    if step.kind == "receive":
        machine.hear(step.token, step.message, carried)
    else:
        machine.finish_step(step.token, carried)
    step.done_at, step.done_by, step.done_by_person = clock.now(), actor.name[:200], actor.person_id
    step.data = dict(data)
    step.save(update_fields=["done_at", "done_by", "done_by_person", "data"])
    save(row, machine)
    return machine


def _refuse_closed(step: Waiting) -> None:
    if step.done_at is None and step.withdrawn_at is None:
        return
    why = (
        f"{step.done_by} đã làm bước này."
        if step.done_at
        else "Quy trình đã chuyển sang hướng khác."
    )
    raise Conflict(
        code="workflow.step_closed",
        what=f"Bước “{step.title}” không còn chờ nữa.",
        why=why,
        mend="Hãy mở lại trang để xem tình trạng mới nhất.",
        data={"task": str(step.id), "element": step.element},
    )
