from cuaso.capabilities.workflow.contracts import Trouble
from cuaso.capabilities.workflow.models import Due


def troubles(limit: int = 50) -> tuple[Trouble, ...]:
    """Return timers that failed and wait for their next try, oldest first: for administrators."""
    rows = Due.objects.filter(fired_at=None, withdrawn_at=None, tries__gt=0)
    return tuple(
        Trouble(
            instance_id=row.instance_id,
            element=row.element,
            due_at=row.due_at,
            next_try_at=row.wake_at,
            tries=row.tries,
            say=row.trouble,
        )
        for row in rows.order_by("due_at")[:limit]
    )
