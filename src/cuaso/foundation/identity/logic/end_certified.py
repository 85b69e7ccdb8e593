"""Sessions that stand on a certificate end when it is revoked, not only with the next sign-in."""

from collections import defaultdict
from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.foundation.identity.logic.ask_issuer import accepts_unasked, standings_of
from cuaso.foundation.identity.logic.tend_certificates import KEEPER, end_revoked
from cuaso.foundation.identity.models import CertifiedSession, PersonCertificate
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

# A session is written with the answer to its first request: its note may stand before it.
UNWRITTEN: Final = timedelta(minutes=1)


def stand_on_certificate(*, session_key: str | None, certificate: PersonCertificate) -> None:
    """Note that a session was opened or made stronger by a certificate."""
    CertifiedSession.objects.update_or_create(
        session_key=session_key, defaults={"certificate": certificate, "since_at": now()}
    )


def end_certified() -> int:
    """Ask the issuers anew, side by side, about the certificates under live sessions; end those
    sessions whose certificate is revoked, or may not be believed unasked. Return how many ended.

    A kept answer that is in force counts when nobody answers; without one it is as declared in
    CUASO_UNREACHABLE_ISSUER, as at the door.
    """
    live = _live()
    standings = standings_of([row.certificate_pem for row in live], anew=True)
    return sum(
        _tend(row, keys, standing)
        for (row, keys), standing in zip(live.items(), standings, strict=True)
    )


def _live() -> dict[PersonCertificate, list[str]]:
    """Return the certificates under live sessions, with the sessions of each."""
    alive = Session.objects.filter(expire_date__gt=now()).values("session_key")
    gone = CertifiedSession.objects.filter(since_at__lt=now() - UNWRITTEN)
    gone.exclude(session_key__in=alive).delete()
    found: dict[PersonCertificate, list[str]] = defaultdict(list)
    rows = CertifiedSession.objects.filter(session_key__in=alive)
    for row in rows.select_related("certificate__account").order_by("since_at"):
        found[row.certificate].append(row.session_key)
    return found


def _tend(row: PersonCertificate, keys: list[str], standing: CertificateStanding) -> int:
    if standing.state == "revoked":
        end_revoked(row, standing, actor=KEEPER)
        return _end(row, keys, standing, why="certificate_revoked")
    if standing.state == "unknown" and not accepts_unasked():
        return _end(row, keys, standing, why="certificate_unasked")
    return 0


def _end(
    row: PersonCertificate, keys: list[str], standing: CertificateStanding, *, why: str
) -> int:
    with transaction.atomic():
        ended, _ = Session.objects.filter(session_key__in=keys).delete()
        if not ended:
            return 0
        end_sign_ons(session_keys=keys, actor=KEEPER, why=why)
        UserSession.objects.filter(session_key__in=keys).delete()
        CertifiedSession.objects.filter(session_key__in=keys).delete()
        audit.record(
            actor=KEEPER,
            act="identity.certified_sessions_ended",
            subject=Subject(kind="identity.account", id=row.account_id),
            content={
                "thumbprint": row.thumbprint,
                "ended": ended,
                "why": why,
                "said": standing.why,
            },
        )
    return ended
