"""Put a refund before the officials who decide; nothing is given back by itself."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.logic import viewing
from cuaso.capabilities.payments.logic.tell import tell
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict

SUGGESTED = "payments.refund_suggested"


def suggest_refund(*, obligation_id: UUID, reason: str, key: str, actor: Actor) -> contracts.Refund:
    """Suggest to give back what is left of a paid obligation, once per `key`.

    Raises Conflict (`payments.nothing_to_refund`) when nothing was paid or nothing is left.
    """
    with transaction.atomic():
        owed = viewing.locked(obligation_id)
        known = models.Refund.objects.filter(key=key).first()
        if known is not None:
            return viewing.refund(known)
        left = refundable_vnd(owed)
        if left <= 0:
            raise nothing_left()
        row = models.Refund.objects.create(
            key=key,
            obligation=owed,
            credit=credit_of(owed),
            desk_agency_id=owed.desk_agency_id,
            amount_vnd=left,
            reason=reason,
            state="suggested",
            asked_at=clock.now(),
        )
        tell(owed, topic=SUGGESTED, actor=actor, reason=reason, content={"refund": row.id})
    return viewing.refund(row)


def suggest_return(owed: models.Obligation | None, kept: models.Credit, *, reason: str) -> None:
    """Suggest to give back money that pays nothing, in the transaction that kept it."""
    models.Refund.objects.create(
        key=f"credit:{kept.transaction}",
        obligation=owed,
        credit=kept,
        desk_agency_id=owed.desk_agency_id if owed else None,
        surplus=True,
        amount_vnd=kept.amount_vnd,
        reason=reason,
        state="suggested",
        asked_at=clock.now(),
    )


def credit_of(owed: models.Obligation) -> models.Credit | None:
    """Return the money of the gateway that paid an obligation, None for cash."""
    return models.Credit.objects.filter(obligation=owed, state="matched").first()


def refundable_vnd(owed: models.Obligation) -> int:
    """Return what may still be given back: paid, less given back, less on its way."""
    if owed.state not in ("paid", "partly_refunded"):
        return 0
    return owed.amount_vnd - owed.refunded_vnd - viewing.going_back_vnd(owed)


def nothing_left() -> Conflict:
    return Conflict(
        code="payments.nothing_to_refund",
        what="Không có số tiền nào để hoàn.",
        why="Khoản này chưa nộp, hoặc đã hoàn hết, hoặc đang được hoàn.",
        mend="Hãy tải lại trang để xem tình trạng mới.",
    )
