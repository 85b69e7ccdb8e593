"""Say in time which certificate ends and has not been renewed."""

from datetime import timedelta

from django.db import transaction

from cuaso.capabilities.certificates.logic.cards import WARNED
from cuaso.capabilities.certificates.models import AcmeNonce, AcmeOrder, Certificate, Name
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject


def warn_due() -> int:
    """Warn 30, 7 and 1 days before the end, each once; return 0. Forget what ACME is done with."""
    moment = now()
    AcmeNonce.objects.filter(expires_at__lt=moment).delete()
    AcmeOrder.objects.filter(expires_at__lt=moment - timedelta(days=7), certificate=None).delete()
    rows = Certificate.objects.filter(
        revoked_at=None,
        valid_to_at__gt=moment,
        valid_to_at__lte=moment + timedelta(days=WARNED[0]),
    )
    for row in rows.order_by("valid_to_at"):
        due = min(days for days in WARNED if row.valid_to_at <= moment + timedelta(days=days))
        if (row.warned_days is None or row.warned_days > due) and not _is_renewed(row):
            _warn(row, days=due)
    return 0


def _is_renewed(row: Certificate) -> bool:
    later = Certificate.objects.filter(
        revoked_at=None,
        client_id=row.client_id,
        valid_to_at__gt=row.valid_to_at,
        names__contains=row.names,
    )
    return later.exists()


def _contact(row: Certificate) -> str:
    """Whom the system has named for the certificate's names; the latest word counts."""
    rows = Name.objects.filter(name__in=row.names, ended_at=None).exclude(contact="")
    return rows.order_by("-added_at").values_list("contact", flat=True).first() or ""


def _warn(row: Certificate, *, days: int) -> None:
    content = {
        "serial": row.serial,
        "names": row.names,
        "client": row.client_id,
        "until": row.valid_to_at.isoformat(),
        "days": days,
        "contact": _contact(row),
    }
    with transaction.atomic():
        Certificate.objects.filter(id=row.id).update(warned_days=days)
        audit.record(
            actor=system("Chứng thư giữa các hệ thống"),
            act="certificates.ending",
            subject=Subject(kind="certificates.certificate", id=row.id),
            content=content,
            publications=(Publication(topic="certificates.ending", payload=content, key=None),),
        )
