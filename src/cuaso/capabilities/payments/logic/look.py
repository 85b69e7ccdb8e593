"""What others may read of payments."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.contracts import GatewayStatus
from cuaso.capabilities.payments.logic import gateway, reconcile, viewing
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

MOST_SHOWN = 20


def obligations_about(subject: Subject) -> tuple[contracts.Obligation, ...]:
    """Return what was ever owed for a subject, oldest first."""
    rows = models.Obligation.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return tuple(viewing.obligation(row) for row in rows.order_by("opened_at", "id"))


def obligation(obligation_id: UUID) -> contracts.Obligation:
    """Return one obligation; raise NotFound."""
    row = models.Obligation.objects.filter(id=obligation_id).first()
    if row is None:
        raise viewing.unknown()
    return viewing.obligation(row)


def refunds_about(subject: Subject) -> tuple[contracts.Refund, ...]:
    """Return the refunds of a subject's obligations, oldest first."""
    rows = models.Refund.objects.filter(
        obligation__subject_kind=subject.kind, obligation__subject_id=subject.id
    )
    found = rows.select_related("obligation", "credit").order_by("asked_at", "id")
    return tuple(viewing.refund(row) for row in found)


def refund_of(refund_id: UUID) -> contracts.Refund:
    """Return one refund; raise NotFound."""
    rows = models.Refund.objects.select_related("obligation", "credit")
    row = rows.filter(id=refund_id).first()
    if row is None:
        raise NotFound(code="payments.refund_unknown", what="Không tìm thấy khoản hoàn này.")
    return viewing.refund(row)


def open_at_desk(
    *, desk_agency_ids: Collection[UUID], limit: int = 50
) -> tuple[contracts.Obligation, ...]:
    """Return what waits to be paid at some desks, newest first."""
    rows = models.Obligation.objects.filter(
        state="open", desk_agency_id__in=sorted(desk_agency_ids)
    )
    return tuple(viewing.obligation(row) for row in rows.order_by("-opened_at")[:limit])


def refunds_to_decide(
    *, desk_agency_ids: Collection[UUID], limit: int = 50
) -> tuple[contracts.Refund, ...]:
    """Return suggested and failed refunds of some desks, newest first."""
    rows = models.Refund.objects.filter(
        state__in=["suggested", "failed"], desk_agency_id__in=sorted(desk_agency_ids)
    )
    found = rows.select_related("obligation", "credit").order_by("-asked_at")[:limit]
    return tuple(viewing.refund(row) for row in found)


def status() -> GatewayStatus:
    """Say how the gateway stands, without asking it."""
    waiting = models.Refund.objects.filter(state="asked", next_try_at__isnull=False).count()
    waiting += models.Reconciliation.objects.filter(state="waiting").count()
    if not gateway.configured():
        say = "Chưa cấu hình cổng thanh toán (CUASO_PAYMENTS_URL)."
    elif waiting:
        say = f"Cổng thanh toán: {waiting} việc hoàn tiền, đối soát đang chờ trả lời."
    else:
        say = "Cổng thanh toán: không có việc nào chờ."
    return GatewayStatus(
        configured=gateway.configured(),
        waiting=waiting,
        say=say,
        last=reconcile.last_report(),
        unclaimed=tuple(viewing.refund(row) for row in _unclaimed()[:MOST_SHOWN]),
    )


def _unclaimed() -> QuerySet[models.Refund]:
    rows = models.Refund.objects.filter(obligation=None, state__in=["suggested", "failed"])
    return rows.select_related("credit").order_by("-asked_at")
