"""Compare a day with the gateway's own list, and mend what was paid there but is open here."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.contracts import Credit
from cuaso.capabilities.payments.logic import gateway
from cuaso.capabilities.payments.logic.credit import take_credit
from cuaso.capabilities.payments.logic.gateway import Refused
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.kernel.subjects import Subject

RECONCILED = "payments.reconciled"
HOUSE = system("Đối soát thanh toán")
AGAIN_AFTER = timedelta(minutes=15)


def reconcile(*, day: date, actor: Actor = HOUSE) -> contracts.Reconciliation:
    """Compare a legal day with the gateway's list, outside any transaction; return the report.

    Money that is new here is taken by the same path as a callback. When the gateway does not
    answer, Unavailable is raised and the day stays due for `retry_due`. Doing a day again
    replaces its report.
    """
    want(day)
    try:
        listed = gateway.transactions(day)
    except (Unavailable, Refused) as trouble:
        _put_off(day)
        if isinstance(trouble, Unavailable):
            raise
        raise Unavailable(code="payments.gateway_refused", what=str(trouble)) from trouble
    found: dict[str, list[str]] = {"mended": [], "kept": [], "differing": [], "matching": []}
    for credit in listed:
        found[_compared(credit)].append(credit.transaction)
    missing = sorted(_known_on(day) - {credit.transaction for credit in listed})
    return _keep(day, found, missing, actor=actor)


def want(day: date) -> None:
    """Make a day due for comparison, once."""
    models.Reconciliation.objects.bulk_create(
        [models.Reconciliation(day=day, next_try_at=clock.now())], ignore_conflicts=True
    )


def report(*, day: date) -> contracts.Reconciliation | None:
    """Return what the last comparison of a day found, None while there was none."""
    row = models.Reconciliation.objects.filter(day=day, state="done").first()
    return _seen(row) if row else None


def last_report() -> contracts.Reconciliation | None:
    """Return the report of the latest day that was compared, None while there was none."""
    row = models.Reconciliation.objects.filter(state="done").order_by("-day").first()
    return _seen(row) if row else None


def _compared(credit: Credit) -> str:
    try:
        state, fresh = take_credit(credit, told_by="list")
    except Conflict:
        return "differing"
    if not fresh:
        return "matching"
    return "mended" if state == "matched" else "kept"


def _known_on(day: date) -> set[str]:
    begins = datetime.combine(day, time.min, clock.VIETNAM)
    rows = models.Credit.objects.filter(paid_at__gte=begins, paid_at__lt=begins + timedelta(days=1))
    return set(rows.exclude(told_by="national").values_list("transaction", flat=True))


def _put_off(day: date) -> None:
    row = models.Reconciliation.objects.filter(day=day).first()
    if row is not None:
        row.tries += 1
        row.state, row.next_try_at = "waiting", clock.now() + AGAIN_AFTER
        row.save(update_fields=["tries", "state", "next_try_at"])


def _keep(
    day: date, found: dict[str, list[str]], missing: Iterable[str], *, actor: Actor
) -> contracts.Reconciliation:
    told: dict[str, object] = {
        "matching": len(found["matching"]),
        "mended": found["mended"],
        "kept": found["kept"],
        "differing": found["differing"],
        "missing_there": list(missing),
    }
    with transaction.atomic():
        row = models.Reconciliation.objects.select_for_update().get(day=day)
        row.state, row.report, row.done_at = "done", told, clock.now()
        row.tries, row.next_try_at = row.tries + 1, None
        row.save()
        about = Subject(kind="payments.reconciliation", id=row.id)
        content = {"day": day.isoformat(), **told}
        audit.record(actor=actor, act=RECONCILED, subject=about, content=content)
        audit.publish(topic=RECONCILED, subject=about, payload=content)
    return _seen(row)


def _seen(row: models.Reconciliation) -> contracts.Reconciliation:
    told = row.report
    return contracts.Reconciliation(
        day=row.day,
        at=row.done_at or clock.now(),
        matching=told["matching"],
        mended=tuple(told["mended"]),
        kept=tuple(told["kept"]),
        differing=tuple(told["differing"]),
        missing_there=tuple(told["missing_there"]),
    )
