"""Issued certificates as pages show them."""

from datetime import timedelta
from typing import Final

from cuaso.capabilities.certificates.contracts import CertificateCard
from cuaso.capabilities.certificates.logic.refusals import no_certificate
from cuaso.capabilities.certificates.models import Certificate
from cuaso.kernel.clock import now

WARNED: Final = (30, 7, 1)
_MOST: Final = 500


def cards() -> tuple[CertificateCard, ...]:
    """Return those that end next first, then the revoked and ended ones, newest first."""
    rows = Certificate.objects.select_related("authority").order_by("-valid_to_at")[:_MOST]
    found = [card(row) for row in rows]
    alive = [one for one in found if one.state in ("good", "ending")]
    return (*reversed(alive), *(one for one in found if one.state not in ("good", "ending")))


def find_card(serial: str) -> CertificateCard:
    row = Certificate.objects.select_related("authority").filter(serial=serial).first()
    if row is None:
        raise no_certificate()
    return card(row)


def card(row: Certificate) -> CertificateCard:
    return CertificateCard(
        serial=row.serial,
        names=tuple(row.names),
        client_id=row.client_id,
        way=row.way,
        state=_state(row),
        days_left=(row.valid_to_at - now()).days,
        pem=row.certificate_pem,
        chain_pem=row.certificate_pem + row.authority.certificate_pem,
        valid_from_at=row.valid_from_at,
        valid_to_at=row.valid_to_at,
        revoked_at=row.revoked_at,
        revoke_reason=row.revoke_reason,
    )


def _state(row: Certificate) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.valid_to_at <= now():
        return "ended"
    return "ending" if row.valid_to_at <= now() + timedelta(days=WARNED[0]) else "good"
