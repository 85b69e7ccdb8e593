from collections.abc import Mapping
from uuid import UUID

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.locked import lock_of_task, save, subject_of, thaw
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.payload import checked
from cuaso.capabilities.workflow.logic.show import no_task, seen
from cuaso.capabilities.workflow.logic.steps import Moved, open_steps
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
    with audit.joining():
        row = lock_of_task(task_id)
        if row is None:
            raise no_task()
        waiting = open_steps(row.id)
        step = next((each for each in waiting if each.id == task_id), None)
        if step is None:
            raise _closed(Waiting.objects.get(id=task_id))
        machine, moved = move(row=row, step=step, waiting=waiting, data=carried, actor=actor)
        audit.record(
            actor=actor,
            act="workflow.step_done",
            subject=subject_of(row),
            content={"instance": row.id, "task": step.id, "element": step.element, "data": carried},
            publications=moved.publications,
            beside=moved.beside,
        )
    return seen(row, machine, waiting)


def move(
    *,
    row: Instance,
    step: Waiting,
    waiting: list[Waiting],
    data: Mapping[str, object],
    actor: Actor,
) -> tuple[Machine, Moved]:
    """Close the step's row and let the token go on, under the lock that the caller holds; return
    what the act's entry brings along.

    `waiting` are the open steps, this one among them; afterwards those that wait then.
    """
    machine = thaw(row)
    # A step answers for itself: an earlier step's decision never decides after this one.
    carried = {"decision": None, **data}
    if step.kind == "receive":
        machine.hear(step.token, step.message, carried)
    else:
        machine.finish_step(step.token, carried)
    step.done_at, step.done_by, step.done_by_person = clock.now(), actor.name[:200], actor.person_id
    step.data = dict(data)
    waiting.remove(step)
    return machine, save(row, machine, waiting=waiting, done=step)


def _closed(step: Waiting) -> Conflict:
    why = (
        f"{step.done_by} đã làm bước này."
        if step.done_at
        else "Quy trình đã chuyển sang hướng khác."
    )
    return Conflict(
        code="workflow.step_closed",
        what=f"Bước “{step.title}” không còn chờ nữa.",
        why=why,
        mend="Hãy mở lại trang để xem tình trạng mới nhất.",
        data={"task": str(step.id), "element": step.element},
    )
