"""Money that another public portal took for an obligation of ours, as its signed notice says."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.logic import oblige, viewing
from cuaso.capabilities.payments.logic.credit import set_aside
from cuaso.capabilities.payments.logic.pay import mark_paid
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd

# Money that pays nothing and of which nobody decided yet, or decided to keep it.
ASIDE = ("wrong_amount", "unknown")
UNDECIDED = ("suggested", "declined", "failed")


def take_national(
    *,
    obligation_id: UUID,
    transaction_number: str,
    amount_vnd: int,
    paid_at: datetime,
    actor: Actor,
) -> contracts.Obligation:
    """Settle an open obligation with money that the national portal took; give its receipt.

    The same transaction for the same obligation again changes nothing; what was set aside before
    may still pay, and its suggested return falls away. Raises Conflict for another amount, for
    what is settled already, for a transaction that paid something else or is going back.
    """
    with transaction.atomic():
        owed = viewing.locked(obligation_id)
        number = viewing.NATIONAL + transaction_number
        known = models.Credit.objects.select_for_update().filter(transaction=number).first()
        if known is not None and known.state == "matched" and known.obligation_id == owed.id:
            return viewing.obligation(owed)
        if known is not None and known.state not in ASIDE:
            raise _used(transaction_number)
        oblige.require_open(owed)
        if owed.amount_vnd != amount_vnd:
            raise _wrong_amount(came=amount_vnd, owed=owed.amount_vnd)
        if known is not None:
            _withdraw_return(known, actor=actor)
        models.Credit.objects.update_or_create(
            transaction=number,
            defaults={
                "obligation": owed,
                "reference": owed.reference,
                "amount_vnd": amount_vnd,
                "currency": "VND",
                "state": "matched",
                "told_by": "national",
                "paid_at": paid_at,
                "told_at": clock.now(),
            },
        )
        mark_paid(owed, method="national", agency_id=owed.agency_id, actor=actor)
    return viewing.obligation(owed)


def set_national_aside(
    *,
    obligation_id: UUID | None,
    reference: str,
    transaction_number: str,
    amount_vnd: int,
    paid_at: datetime,
    reason: str,
    actor: Actor,
) -> None:
    """Keep money of the national portal that pays nothing, and suggest to give it back; once.

    The desk of the obligation decides, without one an administrator. `reference` tells them what
    it was paid for.
    """
    with transaction.atomic():
        owed = viewing.locked(obligation_id) if obligation_id else None
        kept, news = models.Credit.objects.get_or_create(
            transaction=viewing.NATIONAL + transaction_number,
            defaults={
                "obligation": owed,
                "reference": reference,
                "amount_vnd": amount_vnd,
                "currency": "VND",
                "state": "wrong_amount" if owed else "unknown",
                "told_by": "national",
                "paid_at": paid_at,
                "told_at": clock.now(),
            },
        )
        if news:
            set_aside(owed, kept, reason=reason, actor=actor)


def _withdraw_return(kept: models.Credit, *, actor: Actor) -> None:
    """Let the suggested return of money that pays now fall away; raise Conflict once decided."""
    for row in models.Refund.objects.select_for_update(of=("self",)).filter(credit=kept):
        if row.state not in UNDECIDED:
            raise _going_back(kept.transaction.removeprefix(viewing.NATIONAL))
        row.state, row.settled_at, row.decided_by = "declined", clock.now(), actor.name
        row.save(update_fields=["state", "settled_at", "decided_by"])


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


def _going_back(transaction_number: str) -> Conflict:
    return Conflict(
        code="payments.going_back",
        what="Chưa ghi nhận khoản nộp.",
        why=f"Cơ quan đã quyết định hoàn giao dịch {transaction_number}.",
        mend="Người nộp cần nộp lại đúng số tiền của hồ sơ.",
    )
