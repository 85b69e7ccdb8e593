from collections.abc import Mapping
from uuid import UUID

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.complete import move
from cuaso.capabilities.workflow.logic.locked import lock, subject_of
from cuaso.capabilities.workflow.logic.payload import checked
from cuaso.capabilities.workflow.logic.show import seen
from cuaso.capabilities.workflow.logic.steps import open_steps
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict


def signal(
    *, instance_id: UUID, message: str, data: Mapping[str, object], actor: Actor
) -> contracts.Instance:
    """Bring a message to the step that has waited for it longest; raise Conflict when none does."""
    carried = checked(data)
    with audit.joining():
        row = lock(instance_id)
        waiting = open_steps(row.id)
        step = next((each for each in waiting if each.message == message), None)
        if step is None or not message:
            raise Conflict(
                code="workflow.not_waiting",
                what=f"Quy trình hiện không chờ “{message}”.",
                mend="Hãy mở lại trang để xem tình trạng mới nhất.",
            )
        machine, moved = move(row=row, step=step, waiting=waiting, data=carried, actor=actor)
        audit.record(
            actor=actor,
            act="workflow.signalled",
            subject=subject_of(row),
            content={
                "instance": row.id,
                "message": message,
                "element": step.element,
                "data": carried,
            },
            publications=moved.publications,
            beside=moved.beside,
        )
    return seen(row, machine, waiting)
