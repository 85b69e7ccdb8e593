from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.locked import lock, subject_of, thaw
from cuaso.capabilities.workflow.logic.show import seen
from cuaso.capabilities.workflow.models import Due, Waiting
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor


def cancel(*, instance_id: UUID, reason: str, actor: Actor) -> contracts.Instance:
    """Stop an instance: every open step and timer is withdrawn. Raises Conflict when it ended."""
    with transaction.atomic():
        row = lock(instance_id)
        machine = thaw(row)
        machine.cancel()
        row.version += 1
        row.status, row.ended_at, row.reason = "cancelled", clock.now(), reason
        row.state = machine.freeze()
        row.save()
        gone = clock.now()
        Waiting.objects.filter(instance=row, done_at=None, withdrawn_at=None).update(
            withdrawn_at=gone
        )
        Due.objects.filter(instance=row, fired_at=None, withdrawn_at=None).update(withdrawn_at=gone)
        audit.record(
            actor=actor,
            act="workflow.cancelled",
            subject=subject_of(row),
            content={"instance": row.id},
            reason=reason,
        )
    return seen(row, machine, [])
