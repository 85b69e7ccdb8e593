"""Queue what the desk decided to give back of money that the portal took."""

from uuid import UUID

from cuaso.capabilities.payments import api as payments
from cuaso.kernel import clock
from cuaso.services.national_portal.models import FeeNotice, FeeRefund


def ask_refund(*, refund_id: UUID) -> None:
    """Queue a refund for the portal, in the transaction of the event's delivery.

    Nothing is queued for money that came another way, nor while the same refund is on its way.
    A refund that was decided again after a refusal is asked again, under a number of its own.
    """
    wanted = payments.refund_of(refund_id)
    if wanted.method != "national" or wanted.state != "asked":
        return
    notice = _notice(wanted.transaction)
    FeeRefund.objects.bulk_create(
        [
            FeeRefund(
                refund_id=refund_id,
                code=notice.code,
                transaction=notice.transaction,
                amount_vnd=wanted.amount_vnd,
                reason=wanted.reason,
                asked_at=clock.now(),
                next_try_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )


def _notice(transaction: str) -> FeeNotice:
    """Return the notice of money; one that paid several obligations is numbered from the second."""
    exact = FeeNotice.objects.filter(transaction=transaction).first()
    return exact or FeeNotice.objects.get(transaction=transaction.rpartition("#")[0])
