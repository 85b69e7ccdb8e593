"""Queue what the desk decided to give back of money that the portal took."""

from typing import Final
from uuid import UUID

from cuaso.capabilities.payments import api as payments
from cuaso.kernel import clock
from cuaso.kernel.money import format_vnd
from cuaso.services.national_portal.models import FeeNotice, FeeRefund

GOING_BACK: Final = "Cơ quan đã quyết định hoàn {amount}; đang chờ Cổng trả lời."


def ask_refund(*, refund_id: UUID) -> None:
    """Queue a refund for the portal, in the transaction of the event's delivery.

    Nothing is queued for money that came another way, nor while the same refund is on its way.
    A refund that was decided again after a refusal is asked again, under a number of its own.
    """
    wanted = payments.refund_of(refund_id)
    if wanted.method != "national" or wanted.state != "asked":
        return
    notice = _notice(wanted.transaction)
    if notice.state == "kept":
        notice.trouble = GOING_BACK.format(amount=format_vnd(wanted.amount_vnd))
        notice.save(update_fields=["trouble"])
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
