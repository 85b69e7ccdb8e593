"""Ask the portal to give money back: outside any transaction, until it answers."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.services.national_portal.contracts import RefundAnswer
from cuaso.services.national_portal.logic import (
    settle_refund,
    surroundings,
    wire,
    wire_refunds,
)
from cuaso.services.national_portal.models import FeeRefund

# Longer than one question may take.
LEASE = timedelta(minutes=1)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
REFUSES = 400


def send_refunds_due(limit: int = 50) -> int:
    """Send what is due, one after another; return how many the portal answered.

    The portal knows each by its number: sent twice it is one. When the portal does not answer,
    the turn ends and nothing is lost. Raises RuntimeError inside a transaction.
    """
    if not surroundings.base():
        return 0
    for sent in range(limit):
        row = _take()
        if row is None or not _send(row):
            return sent
    return limit


def _take() -> FeeRefund | None:
    with transaction.atomic(durable=True):
        due = FeeRefund.objects.select_for_update(skip_locked=True).filter(
            state__in=["waiting", "sending"], next_try_at__lte=clock.now()
        )
        row = due.order_by("next_try_at", "id").first()
        if row is not None:
            row.state, row.next_try_at = "sending", clock.now() + LEASE
            row.save(update_fields=["state", "next_try_at"])
    return row


def _send(row: FeeRefund) -> bool:
    """Send one refund; say whether to go on with the next."""
    try:
        answer = _asked(row)
    except Unavailable as trouble:
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        FeeRefund.objects.filter(id=row.id, state="sending").update(
            state="waiting",
            tries=row.tries + 1,
            trouble=trouble.what,
            next_try_at=clock.now() + pause,
        )
        return False
    # What its notice settled meanwhile stands; the daily comparison names what differs.
    with suppress(Conflict):
        settle_refund.note_answer(answer)
    return True


def _asked(row: FeeRefund) -> RefundAnswer:
    told = wire_refunds.asking(
        id=row.id,
        code=row.code,
        amount_vnd=row.amount_vnd,
        reason=row.reason,
        at=row.asked_at,
    )
    path = wire_refunds.asking_path(row.transaction)
    answer = peers.ask(surroundings.PEER, "POST", path, body=told, key=str(row.id))
    if answer.status >= REFUSES:
        why = str(answer.body.get("error") or "không nêu lý do")[:300]
        say = f"Cổng từ chối (mã {answer.status}): {why}"
        return RefundAnswer(id=row.id, state="refused", amount_vnd=row.amount_vnd, reason=say)
    found = wire_refunds.read_answer(answer.body)
    if (found.id, found.amount_vnd) != (row.id, row.amount_vnd):
        raise wire.senseless()
    return found
