"""Say once what somebody owes; say that it is not owed any more."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.contracts import CANCELLED, OBLIGED, WAIVED, Line
from cuaso.capabilities.payments.logic import viewing
from cuaso.capabilities.payments.logic.tell import tell
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.subjects import Subject

REFERENCE_LETTERS = 12
SHORTEST_REASON = 5


def oblige(
    *,
    key: str,
    payer_id: UUID,
    payer_name: str,
    title: str,
    lines: Sequence[Line],
    subject: Subject,
    agency_id: UUID,
    desk_agency_id: UUID | None = None,
    actor: Actor,
) -> contracts.Obligation:
    """Make an obligation, once per `key`; the same key again returns the one that stands.

    `desk_agency_id` is the desk at which it may be paid in cash, the agency's own when None.
    Raises Invalid (`payments.nothing_owed`) when the lines come to nothing: what is free has no
    obligation.
    """
    total = sum(line.amount_vnd for line in lines)
    if total <= 0 or any(line.amount_vnd < 0 for line in lines):
        raise Invalid(
            code="payments.nothing_owed",
            what="Không lập khoản phải nộp bằng 0 đồng.",
            why="Việc miễn phí không có khoản phải nộp.",
        )
    with transaction.atomic():
        row = models.Obligation(
            key=key,
            payer_id=payer_id,
            payer_name=payer_name,
            agency_id=agency_id,
            desk_agency_id=desk_agency_id or agency_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            reference=f"PHI{unguessable(REFERENCE_LETTERS)}",
            title=title,
            lines=viewing.plain_lines(lines),
            amount_vnd=total,
            opened_at=clock.now(),
        )
        models.Obligation.objects.bulk_create([row], ignore_conflicts=True)
        kept = models.Obligation.objects.get(key=key)
        if kept.id == row.id:
            tell(kept, topic=OBLIGED, actor=actor, content={"lines": row.lines})
    return viewing.obligation(kept)


def waive(*, obligation_id: UUID, ground: str, actor: Actor) -> contracts.Obligation:
    """Free somebody of what is not paid yet, on a ground."""
    return _end(obligation_id, state="waived", topic=WAIVED, reason=ground, actor=actor)


def cancel(*, obligation_id: UUID, reason: str, actor: Actor) -> contracts.Obligation:
    """End an obligation that fell away before it was paid."""
    return _end(obligation_id, state="cancelled", topic=CANCELLED, reason=reason, actor=actor)


def _end(
    obligation_id: UUID, *, state: str, topic: str, reason: str, actor: Actor
) -> contracts.Obligation:
    reason = require_reason(reason)
    with transaction.atomic():
        row = viewing.locked(obligation_id)
        require_open(row)
        row.state, row.reason, row.settled_at = state, reason, clock.now()
        row.save(update_fields=["state", "reason", "settled_at"])
        tell(row, topic=topic, actor=actor, reason=reason)
    return viewing.obligation(row)


def require_open(row: models.Obligation) -> None:
    """Raise Conflict (`payments.not_open`) for what is paid, waived or cancelled."""
    if row.state != "open":
        raise Conflict(
            code="payments.not_open",
            what="Khoản này không còn phải nộp.",
            why=f"Tình trạng hiện nay: {viewing.STATES[row.state].lower()}.",
            mend="Hãy tải lại trang để xem tình trạng mới.",
        )


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; raise Invalid when it says too little."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            code="payments.reason_missing",
            what="Chưa thực hiện được.",
            why="Việc này thay đổi tiền phải thu hoặc đã thu nên phải có lý do.",
            mend=f"Hãy ghi lý do, ít nhất {SHORTEST_REASON} chữ cái.",
        )
    return reason
