"""Which processes are alive."""

from cuaso.kernel import clock
from cuaso.oversight.operations import contracts, models


def beat(*, process: str) -> None:
    """Record that a process is alive now. It is no act of anybody: the ledger is not told."""
    models.Heartbeat.objects.update_or_create(process=process, defaults={"beaten_at": clock.now()})


def heartbeats() -> tuple[contracts.Heartbeat, ...]:
    """Return each process's last sign of life."""
    rows = models.Heartbeat.objects.order_by("process")
    return tuple(contracts.Heartbeat(process=r.process, beaten_at=r.beaten_at) for r in rows)
