"""Money that another public portal took for an obligation of ours, as its signed notice says."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.logic import oblige, viewing
from cuaso.capabilities.payments.logic.pay import mark_paid
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd


def take_national(
    *,
    obligation_id: UUID,
    transaction_number: str,
    amount_vnd: int,
    paid_at: datetime,
    actor: Actor,
) -> contracts.Obligation:
    """Settle an open obligation with money that the national portal took; give its receipt.

    The same transaction for the same obligation again changes nothing. Raises Conflict for
    another amount, for what is settled already, for a transaction that paid something else.
    """
    with transaction.atomic():
        owed = viewing.locked(obligation_id)
        known = models.Credit.objects.filter(
            transaction=viewing.NATIONAL + transaction_number
        ).first()
        if known is not None and known.obligation_id == owed.id:
            return viewing.obligation(owed)
        if known is not None:
            raise _used(transaction_number)
        oblige.require_open(owed)
        if owed.amount_vnd != amount_vnd:
            raise _wrong_amount(came=amount_vnd, owed=owed.amount_vnd)
        models.Credit.objects.create(
            transaction=viewing.NATIONAL + transaction_number,
            obligation=owed,
            reference=owed.reference,
            amount_vnd=amount_vnd,
            currency="VND",
            state="matched",
            told_by="national",
            paid_at=paid_at,
            told_at=clock.now(),
        )
        mark_paid(owed, method="national", agency_id=owed.agency_id, actor=actor)
    return viewing.obligation(owed)


def _wrong_amount(*, came: int, owed: int) -> Conflict:
    return Conflict(
        code="payments.wrong_amount",
        what="Chưa ghi nhận khoản nộp: số tiền không đúng.",
        why=f"Đã nộp {format_vnd(came)}, phải nộp {format_vnd(owed)}.",
        mend="Hãy đối chiếu với người nộp và nơi thu, rồi báo lại đúng số tiền.",
        data={"came_vnd": came, "owed_vnd": owed},
    )


def _used(transaction_number: str) -> Conflict:
    return Conflict(
        code="payments.transaction_used",
        what=f"Giao dịch {transaction_number} đã được ghi nhận cho một khoản khác.",
        mend="Hãy kiểm tra lại số giao dịch.",
    )
