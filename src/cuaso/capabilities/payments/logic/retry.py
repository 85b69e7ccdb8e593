"""Ask the gateway again for all that it did not answer: refunds, pages, days to compare."""

from datetime import timedelta

from django.db import transaction

from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.logic import gateway, reconcile
from cuaso.capabilities.payments.logic.credit import take_credit
from cuaso.capabilities.payments.logic.gateway import Refused
from cuaso.capabilities.payments.logic.refund import settle_refund
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable

# Longer than one question may take.
LEASE = timedelta(minutes=1)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
# After this an unpaid page is forgotten; money that comes later is found by the comparison.
FORGET_PAGE_AFTER = timedelta(days=2)
# The gateway's list of a day is whole an hour after midnight.
LIST_WHOLE_AFTER = timedelta(hours=1)


def retry_due(limit: int = 20) -> int:
    """Ask for what is due, outside any transaction; return how many were settled.

    At the first question without an answer the turn ends: the gateway is down, and each
    question keeps its place with a growing pause. Nothing is given up for an outage.
    """
    if not gateway.configured():
        return 0
    _want_yesterday()
    try:
        return _refunds(limit) + _pages(limit) + _days()
    except Unavailable:
        return 0


def _want_yesterday() -> None:
    yesterday = clock.legal_date(clock.now() - LIST_WHOLE_AFTER) - timedelta(days=1)
    if not models.Reconciliation.objects.filter(day=yesterday).exists():
        reconcile.want(yesterday)


def _refunds(limit: int) -> int:
    with transaction.atomic():
        due = models.Refund.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state="asked", next_try_at__lte=clock.now()
        )
        taken = list(due.select_related("credit").order_by("next_try_at")[:limit])
        _lease(models.Refund, taken)
    return sum(_refund(row) for row in taken)


def _refund(row: models.Refund) -> int:
    if row.credit is None:
        return settle_refund(row.id, trouble="Không biết tiền đã vào bằng giao dịch nào.")
    try:
        gateway.give_back(
            key=str(row.id),
            transaction=row.credit.transaction,
            amount_vnd=row.amount_vnd,
            reason=row.reason,
        )
    except Refused as error:
        return settle_refund(row.id, trouble=str(error))
    except Unavailable as error:
        models.Refund.objects.filter(id=row.id, state="asked").update(
            tries=row.tries + 1, trouble=error.what, next_try_at=clock.now() + _pause(row.tries)
        )
        raise
    return settle_refund(row.id)


def _pages(limit: int) -> int:
    with transaction.atomic():
        due = models.Attempt.objects.select_for_update(skip_locked=True).filter(
            state="started", next_try_at__lte=clock.now()
        )
        taken = list(due.order_by("next_try_at")[:limit])
        _lease(models.Attempt, taken)
    return sum(_page(row) for row in taken)


def _page(row: models.Attempt) -> int:
    mine = models.Attempt.objects.filter(id=row.id, state="started")
    later = {"tries": row.tries + 1, "next_try_at": clock.now() + _pause(row.tries)}
    try:
        standing = gateway.standing(row.session)
    except Refused:
        mine.update(state="expired", next_try_at=None)
        return 0
    except Unavailable:
        mine.update(**later)
        raise
    if standing.credit is not None:
        try:
            fresh = take_credit(standing.credit, told_by="question")[1]
        except Conflict:
            fresh = False
        mine.update(state="paid", next_try_at=None)
        return int(fresh)
    if standing.state == "expired" or row.started_at < clock.now() - FORGET_PAGE_AFTER:
        mine.update(state="expired", next_try_at=None)
        return 0
    mine.update(**later)
    return 0


def _days() -> int:
    due = models.Reconciliation.objects.filter(state="waiting", next_try_at__lte=clock.now())
    days = list(due.order_by("day").values_list("day", flat=True)[:5])
    for day in days:
        reconcile.reconcile(day=day)
    return len(days)


def _lease(
    model: type[models.Refund] | type[models.Attempt],
    taken: list[models.Refund] | list[models.Attempt],
) -> None:
    model.objects.filter(id__in=[row.id for row in taken]).update(next_try_at=clock.now() + LEASE)


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]
