"""Take note of money that the gateway told of, by whichever way it told: once, and never lost."""

from django.db import transaction

from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.contracts import DISCREPANCY, Credit
from cuaso.capabilities.payments.logic import viewing
from cuaso.capabilities.payments.logic.pay import mark_paid
from cuaso.capabilities.payments.logic.suggest import suggest_return
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd
from cuaso.kernel.subjects import Subject

GATEWAY = system("Cổng thanh toán")
DONG = "VND"


def take_credit(told: Credit, *, told_by: str) -> tuple[str, bool]:
    """Keep what the gateway told; return the state of that money and whether it was news.

    What pays its obligation exactly pays it. Anything else is kept beside it, and a return is
    suggested to the officials. Raises Conflict when the gateway told otherwise before.
    """
    row = models.Credit(
        transaction=told.transaction,
        reference=told.reference,
        session=told.session,
        amount_vnd=told.amount_vnd,
        currency=told.currency,
        state="unknown",
        told_by=told_by,
        paid_at=told.paid_at,
        told_at=clock.now(),
    )
    with transaction.atomic():
        models.Credit.objects.bulk_create([row], ignore_conflicts=True)
        kept = models.Credit.objects.select_for_update().get(transaction=told.transaction)
        if kept.id != row.id:
            _refuse_other(kept, told)
            return kept.state, False
        owed = _owed(told)
        kept.obligation, kept.state = owed, _judged(owed, told)
        kept.save(update_fields=["obligation", "state"])
        if owed is not None and kept.state == "matched":
            mark_paid(owed, method="gateway", agency_id=owed.agency_id, actor=GATEWAY)
            _close_attempts(owed, told)
        else:
            set_aside(owed, kept, reason=_why(owed, kept), actor=GATEWAY)
    return kept.state, True


def _owed(told: Credit) -> models.Obligation | None:
    rows = models.Obligation.objects.select_for_update()
    return rows.filter(reference=told.reference.strip().upper()).first()


def _judged(owed: models.Obligation | None, told: Credit) -> str:
    if owed is None:
        return "unknown"
    if owed.state != "open":
        return "surplus"
    if told.currency != DONG or told.amount_vnd != owed.amount_vnd:
        return "wrong_amount"
    return "matched"


def _refuse_other(kept: models.Credit, told: Credit) -> None:
    same = (kept.amount_vnd, kept.currency, kept.reference) == (
        told.amount_vnd,
        told.currency,
        told.reference,
    )
    if not same:
        raise Conflict(
            code="payments.told_otherwise",
            what="Giao dịch này đã được cổng thanh toán báo với số tiền hoặc nội dung khác.",
            mend="Hãy đối soát với cổng thanh toán.",
        )


def _close_attempts(owed: models.Obligation, told: Credit) -> None:
    models.Attempt.objects.filter(obligation=owed, session=told.session).exclude(session="").update(
        state="paid", next_try_at=None
    )


def set_aside(
    owed: models.Obligation | None, kept: models.Credit, *, reason: str, actor: Actor
) -> None:
    """Tell of money that pays nothing, and suggest to give it back when that can be done."""
    about = viewing.subject(owed) if owed else Subject(kind="payments.credit", id=kept.id)
    facts = {
        "credit": kept.id,
        "transaction": kept.transaction,
        "reference": kept.reference,
        "obligation": owed.id if owed else None,
        "amount_vnd": kept.amount_vnd,
        "currency": kept.currency,
        "state": kept.state,
    }
    audit.record(actor=actor, act=DISCREPANCY, subject=about, content=facts)
    audit.publish(topic=DISCREPANCY, subject=about, payload=facts)
    if kept.currency == DONG and kept.amount_vnd > 0:
        suggest_return(owed, kept, reason=reason)


def _why(owed: models.Obligation | None, kept: models.Credit) -> str:
    came = format_vnd(kept.amount_vnd)
    if owed is None:
        return f"Cổng thanh toán nhận {came} với nội dung không khớp khoản phải nộp nào."
    if kept.state == "wrong_amount":
        return f"Cổng thanh toán nhận {came} trong khi phải nộp {format_vnd(owed.amount_vnd)}."
    said = viewing.STATES[owed.state].lower()
    return f"Cổng thanh toán nhận {came} cho khoản {said} trước đó."
