"""The one place where an obligation becomes paid."""

from uuid import UUID

from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.contracts import PAID
from cuaso.capabilities.payments.logic import receipts, viewing
from cuaso.capabilities.payments.logic.tell import tell
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor


def mark_paid(
    row: models.Obligation, *, method: str, agency_id: UUID, actor: Actor, cashier: str = ""
) -> models.Receipt:
    """Mark a locked open obligation as paid, give its receipt, and tell."""
    row.state, row.method, row.settled_at = "paid", method, clock.now()
    row.save(update_fields=["state", "method", "settled_at"])
    given = receipts.give(row, agency_id=agency_id, method=method, cashier=cashier)
    told = {"receipt": viewing.receipt(given).written, "agency_id": agency_id}
    tell(row, topic=PAID, actor=actor, content=told)
    return given
