"""Certificates of people between sign-ins: asked ahead of time, ended when revoked, warned of."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.foundation.identity.logic.ask_issuer import standings_of
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.models import PersonCertificate
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

WARNED: Final = (30, 7, 1)
KEEPER: Final = system("Chứng thư đăng nhập")


def tend_certificates() -> int:
    """Ask about every certificate by which somebody may enter, warn 30, 7 and 1 days before its
    end, each once; return 0.
    """
    rows = PersonCertificate.objects.filter(
        ended_at=None, valid_until__gt=now(), account__is_active=True
    )
    kept = list(rows.select_related("account").order_by("valid_until"))
    known = [row for row in kept if row.certificate_pem]
    standings = standings_of([row.certificate_pem for row in known], ahead=True)
    said = {row.pk: standing for row, standing in zip(known, standings, strict=True)}
    for row in kept:
        standing = said.get(row.pk)
        if standing is not None and standing.state == "revoked":
            end_revoked(row, standing, actor=KEEPER)
        else:
            _warn_if_due(row)
    return 0


def end_revoked(row: PersonCertificate, standing: CertificateStanding, *, actor: Actor) -> None:
    """Let the certificate open its account no more, and tell its owner; once."""
    with transaction.atomic():
        if not PersonCertificate.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now()):
            return
        audit.record(
            actor=actor,
            act="identity.certificate_revoked",
            subject=Subject(kind="identity.account", id=row.account_id),
            content={
                "thumbprint": row.thumbprint,
                "revoked_at": standing.revoked_at.isoformat() if standing.revoked_at else "",
            },
        )
        tell_factor(row.account, act="identity.certificate_revoked")


def _warn_if_due(row: PersonCertificate) -> None:
    left = [days for days in WARNED if row.valid_until <= now() + timedelta(days=days)]
    if not left or (row.warned_days is not None and row.warned_days <= min(left)):
        return
    content = {"subject": row.subject, "until": row.valid_until.isoformat(), "days": min(left)}
    with transaction.atomic():
        PersonCertificate.objects.filter(pk=row.pk).update(warned_days=min(left))
        audit.record(
            actor=KEEPER,
            act="identity.certificate_ending",
            subject=Subject(kind="identity.account", id=row.account_id),
            content=content,
            publications=(
                Publication(topic="identity.certificate_ending", payload=content, key=None),
            ),
        )
