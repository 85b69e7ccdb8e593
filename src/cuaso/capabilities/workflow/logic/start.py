from collections.abc import Mapping

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.locked import begin, newest_flow
from cuaso.capabilities.workflow.logic.machine import Machine
from cuaso.capabilities.workflow.logic.payload import checked
from cuaso.capabilities.workflow.logic.show import seen
from cuaso.capabilities.workflow.models import FlowVersion, Instance, Waiting
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject


def start(
    *,
    key: str,
    subject: Subject,
    data: Mapping[str, object],
    actor: Actor,
    version: int | None = None,
) -> contracts.Instance:
    """Begin a flow for a subject, in its newest version unless one is named."""
    carried = checked(data)
    flow = _flow(key, version)
    with audit.joining():
        machine = Machine.begin(xml=flow.spec.xml, data=carried)
        row = Instance(
            flow=flow,
            subject_kind=subject.kind,
            subject_id=subject.id,
            started_at=clock.now(),
        )
        waiting: list[Waiting] = []
        moved = begin(row, machine, waiting=waiting)
        audit.record(
            actor=actor,
            act="workflow.started",
            subject=subject,
            content={"instance": row.id, "flow": key, "version": flow.number},
            publications=moved.publications,
            beside=moved.beside,
        )
    return seen(row, machine, waiting)


def _flow(key: str, version: int | None) -> FlowVersion:
    if version is None:
        flow = newest_flow(key)
    else:
        flows = FlowVersion.objects.select_related("spec")
        flow = flows.filter(key=key, number=version).first()
    if flow is None:
        raise NotFound(
            code="workflow.no_flow",
            what=f"Chưa có quy trình “{key}”" + (f" phiên bản {version}." if version else "."),
            mend="Hãy cài gói thủ tục có quy trình này.",
        )
    return flow
