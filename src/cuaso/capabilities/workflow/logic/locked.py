"""Take an instance for change, and put it back: the only two ways to its row."""

from functools import lru_cache
from uuid import UUID

from cuaso.capabilities.workflow.contracts import FINISHED, MESSAGE_THROWN
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.steps import write_steps
from cuaso.capabilities.workflow.models import FlowVersion, Instance
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject


def subject_of(row: Instance) -> Subject:
    return Subject(kind=row.subject_kind, id=row.subject_id)


@lru_cache(maxsize=512)
def flow_of(flow_id: UUID) -> FlowVersion:
    """Return a deployed version with its drawing: it never changes, and is read once a process."""
    return FlowVersion.objects.select_related("spec").get(id=flow_id)


def lock(instance_id: UUID) -> Instance:
    """Return the row under a lock that the transaction holds; raise unless it is running."""
    row = Instance.objects.select_for_update().filter(id=instance_id).first()
    if row is None:
        raise NotFound(code="workflow.no_instance", what="Không có quy trình này.")
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


def save(row: Instance, machine: Machine) -> None:
    """Write the new state, its steps and timers, and publish what came of it."""
    row.version += 1
    row.state = machine.freeze()
    if machine.finished:
        row.status, row.ended_at = "finished", clock.now()
    changed = Instance.objects.filter(id=row.id, version=row.version - 1).update(
        version=row.version, state=row.state, status=row.status, ended_at=row.ended_at
    )
    if changed != 1:
        raise Conflict(
            code="workflow.moved_on",
            what="Quy trình vừa được người khác chuyển bước.",
            mend="Hãy mở lại trang rồi làm tiếp.",
        )
    write_steps(row, machine)
    _tell(row, machine)


def _tell(row: Instance, machine: Machine) -> None:
    subject, where = subject_of(row), {"instance_id": row.id, "flow": row.flow.key}
    for message, data in machine.thrown():
        payload = {**where, "message": message, "data": data}
        audit.publish(topic=MESSAGE_THROWN, subject=subject, payload=payload)
    if row.status == "finished":
        payload = {**where, "data": machine.data()}
        audit.publish(topic=FINISHED, subject=subject, payload=payload, key=f"finished:{row.id}")
