import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow.contracts import TIMER_FIRED
from cuaso.capabilities.workflow.logic.locked import save, subject_of, thaw
from cuaso.capabilities.workflow.logic.steps import open_steps
from cuaso.capabilities.workflow.models import Due
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication
from cuaso.kernel import clock
from cuaso.kernel.actors import system

log = logging.getLogger(__name__)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=12)


def run_due(limit: int = 200) -> int:
    """Fire the timers that are due, each in a transaction of its own; return how many fired.

    An instance that somebody is changing is left for the next run. A timer that fails keeps
    its trouble and sleeps for a growing pause; the others go on.
    """
    fired = 0
    for due_id in _ready(limit):
        try:
            fired += _fire(due_id)
        except Exception as error:  # the reason is kept on the row
            log.exception("workflow timer failed", extra={"due": str(due_id)})
            _put_off(due_id, error)
    return fired


def _ready(limit: int) -> list[UUID]:
    rows = Due.objects.filter(fired_at=None, withdrawn_at=None, wake_at__lte=clock.now())
    return list(rows.order_by("wake_at").values_list("id", flat=True)[:limit])


def _fire(due_id: UUID) -> int:
    with transaction.atomic():
        due = (
            Due.objects.select_for_update(skip_locked=True, of=("self", "instance"))
            .select_related("instance__flow__spec")
            .filter(id=due_id, fired_at=None, withdrawn_at=None, instance__status="running")
            .first()
        )
        if due is None:
            return 0
        row = due.instance
        machine = thaw(row)
        machine.ring(due.token, due.element)
        due.fired_at, due.trouble = clock.now(), ""
        due.save(update_fields=["fired_at", "trouble"])
        content = {"instance": row.id, "element": due.element, "due_at": due.due_at.isoformat()}
        fired = Publication(
            topic=TIMER_FIRED,
            payload={"instance_id": row.id, "flow": row.flow.key, **content},
            key=f"timer:{due.id}",
        )
        moved = save(row, machine, waiting=open_steps(row.id))
        audit.record(
            actor=system("Đồng hồ quy trình"),
            act="workflow.timer_fired",
            subject=subject_of(row),
            content=content,
            publications=[fired, *moved.publications],
            beside=moved.beside,
        )
    return 1


def _put_off(due_id: UUID, error: Exception) -> None:
    with transaction.atomic():
        due = Due.objects.select_for_update().get(id=due_id)
        due.tries += 1
        due.trouble = str(error)
        due.wake_at = clock.now() + min(FIRST_PAUSE * 2 ** (due.tries - 1), LONGEST_PAUSE)
        due.save(update_fields=["tries", "trouble", "wake_at"])
