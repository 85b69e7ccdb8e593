"""Give money back as it came: through the gateway, in cash, or at the national portal."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.contracts import REFUND_ASKED, REFUND_FAILED, REFUNDED
from cuaso.capabilities.payments.logic import cash, keyed, viewing
from cuaso.capabilities.payments.logic.oblige import require_reason
from cuaso.capabilities.payments.logic.suggest import (
    credit_of,
    nothing_left,
    refundable_vnd,
)
from cuaso.capabilities.payments.logic.tell import tell
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.money import format_vnd
from cuaso.kernel.subjects import Subject

GATEWAY = system("Cổng thanh toán")
DECLINED = "payments.refund_declined"


def refund(
    *, obligation_id: UUID, amount_vnd: int, reason: str, actor: Actor, key: str = ""
) -> contracts.Refund:
    """Decide to give back some or all of a paid obligation, once per key.

    Cash goes out of the actor's own cash day at once; the gateway is asked afterwards by
    `retry_due`, the national portal by who hears `payments.refund_asked`. Raises Invalid for an
    amount above what is left, Conflict when nothing is left.
    """
    reason = require_reason(reason)
    with transaction.atomic():
        return _seen(
            keyed.once(
                key=key,
                asked=("refund", str(obligation_id), str(amount_vnd), reason),
                actor=actor,
                act=lambda: _give_back(obligation_id, amount_vnd, reason, actor),
            )
        )


def _give_back(obligation_id: UUID, amount_vnd: int, reason: str, actor: Actor) -> UUID:
    owed = viewing.locked(obligation_id)
    left = refundable_vnd(owed)
    if left <= 0:
        raise nothing_left()
    _refuse_amount(amount_vnd, left)
    row = models.Refund(
        key=str(new_id()),
        obligation=owed,
        credit=credit_of(owed),
        desk_agency_id=owed.desk_agency_id,
        amount_vnd=amount_vnd,
        reason=reason,
        asked_at=clock.now(),
    )
    # What was suggested for the same money is answered by this decision.
    models.Refund.objects.filter(obligation=owed, state="suggested", surplus=False).update(
        state="declined", settled_at=clock.now(), decided_by=actor.name
    )
    _decide(row, owed, actor=actor)
    return row.id


def approve_refund(*, refund_id: UUID, actor: Actor, key: str = "") -> contracts.Refund:
    """Decide to give back what was suggested, or what the gateway failed to give; once per key."""
    with transaction.atomic():
        return _seen(
            keyed.once(
                key=key,
                asked=("approve_refund", str(refund_id)),
                actor=actor,
                act=lambda: _approve(refund_id, actor),
            )
        )


def _approve(refund_id: UUID, actor: Actor) -> UUID:
    row, owed = _undecided(refund_id)
    if owed is not None and not row.surplus:
        row.amount_vnd = min(row.amount_vnd, refundable_vnd(owed))
        if row.amount_vnd <= 0:
            raise nothing_left()
    _decide(row, owed, actor=actor)
    return row.id


def decline_refund(
    *, refund_id: UUID, reason: str, actor: Actor, key: str = ""
) -> contracts.Refund:
    """Decide, with a reason, not to give back what was suggested; once per key."""
    reason = require_reason(reason)
    with transaction.atomic():
        return _seen(
            keyed.once(
                key=key,
                asked=("decline_refund", str(refund_id), reason),
                actor=actor,
                act=lambda: _decline(refund_id, reason, actor),
            )
        )


def _decline(refund_id: UUID, reason: str, actor: Actor) -> UUID:
    row, _owed = _undecided(refund_id)
    row.state, row.settled_at, row.decided_by = "declined", clock.now(), actor.name
    row.next_try_at = None
    row.save()
    _record(row, act=DECLINED, actor=actor, reason=reason)
    return row.id


def _seen(refund_id: UUID) -> contracts.Refund:
    rows = models.Refund.objects.select_related("obligation", "credit")
    return viewing.refund(rows.get(id=refund_id))


def _undecided(refund_id: UUID) -> tuple[models.Refund, models.Obligation | None]:
    """Lock the obligation first and then the refund, as every other act does."""
    found = models.Refund.objects.filter(id=refund_id).first()
    if found is None:
        raise _unknown()
    owed = viewing.locked(found.obligation_id) if found.obligation_id else None
    row = models.Refund.objects.select_for_update(of=("self",)).get(id=refund_id)
    if row.state not in ("suggested", "failed"):
        raise Conflict(
            code="payments.refund_decided",
            what="Khoản hoàn này đã có người quyết định.",
            why=f"Tình trạng hiện nay: {viewing.REFUND_STATES[row.state].lower()}.",
            mend="Hãy tải lại trang để xem tình trạng mới.",
        )
    return row, owed


def _unknown() -> NotFound:
    return NotFound(code="payments.refund_unknown", what="Không tìm thấy khoản hoàn này.")


def _refuse_amount(amount_vnd: int, left: int) -> None:
    if 0 < amount_vnd <= left:
        return
    say = f"Số tiền hoàn phải lớn hơn 0 và không quá {format_vnd(left)}."
    raise Invalid(
        code="payments.refund_amount",
        what="Chưa hoàn được.",
        why=say,
        mend="Hãy sửa số tiền rồi làm lại.",
        problems=(Problem(field="amount", say=say),),
    )


def _decide(row: models.Refund, owed: models.Obligation | None, *, actor: Actor) -> None:
    row.decided_by, row.trouble = actor.name, ""
    if row.credit is not None:
        # The gateway is asked by `retry_due`; the national portal is no affair of the gateway's.
        row.next_try_at = None if row.credit.told_by == "national" else clock.now()
        row.state, row.tries = "asked", 0
        row.save()
        _record(row, act=REFUND_ASKED, actor=actor, reason=row.reason)
        return
    if owed is None:
        raise nothing_left()
    cash.pay_out(owed, amount_vnd=row.amount_vnd, actor=actor)
    row.state = "asked"
    row.save()
    _finish(row, owed, actor=actor)


def settle_national_refund(*, refund_id: UUID, trouble: str = "", actor: Actor) -> int:
    """Write what the national portal answered, as `settle_refund`; raise NotFound for what it
    did not take. What is settled already stays as it is, and 0 is returned.
    """
    mine = models.Refund.objects.filter(id=refund_id, credit__told_by="national")
    if not mine.exists():
        raise _unknown()
    return settle_refund(refund_id, trouble=trouble, actor=actor)


def settle_refund(refund_id: UUID, *, trouble: str = "", actor: Actor = GATEWAY) -> int:
    """Write what was answered: given back, or, with its trouble, refused for good."""
    with transaction.atomic():
        found = models.Refund.objects.get(id=refund_id)
        owed = viewing.locked(found.obligation_id) if found.obligation_id else None
        row = models.Refund.objects.select_for_update(of=("self",)).get(id=refund_id)
        if row.state != "asked":
            return 0
        if trouble:
            row.state, row.trouble, row.next_try_at = "failed", trouble, None
            row.save()
            _record(row, act=REFUND_FAILED, actor=actor, reason=trouble)
            return 0
        _finish(row, owed, actor=actor)
    return 1


def _finish(row: models.Refund, owed: models.Obligation | None, *, actor: Actor) -> None:
    row.state, row.settled_at, row.next_try_at = "done", clock.now(), None
    row.save()
    if row.surplus and row.credit is not None:
        row.credit.state = "returned"
        row.credit.save(update_fields=["state"])
        _record(row, act="payments.returned", actor=actor, reason=row.reason)
        return
    if owed is None:
        raise nothing_left()
    owed.refunded_vnd += row.amount_vnd
    owed.state = "refunded" if owed.refunded_vnd == owed.amount_vnd else "partly_refunded"
    owed.save(update_fields=["refunded_vnd", "state"])
    told = {"refund": row.id, "refund_say": format_vnd(row.amount_vnd)}
    tell(owed, topic=REFUNDED, actor=actor, content=told, reason=row.reason)


def _record(row: models.Refund, *, act: str, actor: Actor, reason: str) -> None:
    owed = row.obligation
    about = viewing.subject(owed) if owed else Subject(kind="payments.refund", id=row.id)
    content = {"refund": row.id, "amount_vnd": row.amount_vnd, "surplus": row.surplus}
    audit.record(actor=actor, act=act, subject=about, content=content, reason=reason)
    audit.publish(topic=act, subject=about, payload={**content, "reason": reason})
