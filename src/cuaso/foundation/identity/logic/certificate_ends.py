"""When the certificates end by which connected systems are known here: shown, and told in time.

Those of the house's own authority are told of by that authority.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.db.models import Max, Min

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.identity.logic.tend_certificates import WARNED
from cuaso.foundation.identity.models import KnownCertificate
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.saml.models import Partner
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

KEEPER: Final = system("Hệ thống kết nối")
PARTNER, CLIENT = "identity.partner", "identity.client"
# What this process has noted already: a system shows its certificate with every request.
_noted: set[tuple[UUID, str]] = set()
_MOST_NOTED: Final = 10_000


def note_shown(client: Client, *, pem: str) -> None:
    """Remember when a certificate ends that is registered by its thumbprint alone; once each."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    key = (client.id, _thumbprint(certificate))
    if key in _noted:
        return
    if len(_noted) >= _MOST_NOTED:
        _noted.clear()
    KnownCertificate.objects.bulk_create(
        [_known(CLIENT, client.id, "connection", certificate)], ignore_conflicts=True
    )
    _noted.add(key)


def ends(kind: str) -> dict[UUID, datetime]:
    """Return when the first certificate of each system of a kind ends that nothing follows."""
    rows = KnownCertificate.objects.filter(system_kind=kind, followed=False)
    return dict(rows.values_list("system_id").annotate(Min("until")))


def soon() -> datetime:
    """Return until when an end counts as near."""
    return now() + timedelta(days=WARNED[0])


def warn_of_ends() -> int:
    """Look up what approved systems are known by and warn 30, 7 and 1 days before its end, each
    once, unless a later one of the same use stands beside it; return how many were warned of.
    """
    _look_up(PARTNER, _of_partners())
    _look_up(CLIENT, _of_clients())
    _forget_registered_no_more()
    _mark_followed()
    moment = now()
    rows = KnownCertificate.objects.filter(followed=False, until__gt=moment, until__lte=soon())
    return sum(_warned(row) for row in rows.order_by("until", "id"))


def _of_partners() -> Iterator[tuple[UUID, str, str]]:
    for row in Partner.objects.filter(status=Partner.Status.APPROVED):
        for pem in row.certificates:
            yield row.id, "signing", pem
        if row.encryption_certificate:
            yield row.id, "encryption", row.encryption_certificate


def _of_clients() -> Iterator[tuple[UUID, str, str]]:
    for row in Client.objects.filter(status=Client.Status.APPROVED):
        for key in row.jwks.get("keys", []):
            for text in list(key.get("x5c") or ())[:1]:
                yield row.id, "signing", _pem(text)


def _look_up(kind: str, found: Iterable[tuple[UUID, str, str]]) -> None:
    """Keep what is registered now, and forget what no longer is."""
    rows = [
        _known(kind, id, use, certificate)
        for id, use, pem in found
        if (certificate := _read(pem)) is not None
    ]
    KnownCertificate.objects.bulk_create(rows, ignore_conflicts=True)
    here = {(one.system_id, one.use, one.thumbprint) for one in rows}
    kept = KnownCertificate.objects.filter(system_kind=kind).exclude(use="connection")
    gone = [one.id for one in kept if (one.system_id, one.use, one.thumbprint) not in here]
    KnownCertificate.objects.filter(id__in=gone).delete()


def _forget_registered_no_more() -> None:
    approved = Client.objects.filter(status=Client.Status.APPROVED)
    registered = dict(approved.values_list("id", "certificate_thumbprints"))
    rows = KnownCertificate.objects.filter(use="connection")
    gone = [row.id for row in rows if row.thumbprint not in registered.get(row.system_id, [])]
    KnownCertificate.objects.filter(id__in=gone).delete()


def _mark_followed() -> None:
    """Mark those beside which a later certificate of the same system and use stands."""
    latest = {
        (one["system_id"], one["use"]): one["last"]
        for one in KnownCertificate.objects.values("system_id", "use").annotate(last=Max("until"))
    }
    for row in KnownCertificate.objects.all():
        followed = row.until < latest[row.system_id, row.use]
        if followed != row.followed:
            KnownCertificate.objects.filter(id=row.id).update(followed=followed)


def _warned(row: KnownCertificate) -> bool:
    due = min(days for days in WARNED if row.until <= now() + timedelta(days=days))
    if row.warned_days is not None and row.warned_days <= due:
        return False
    system_row = _system(row)
    content = {
        "name": system_row.name,
        "kind": "saml" if row.system_kind == PARTNER else "openid",
        "use": row.use,
        "until": row.until.isoformat(),
        "days": due,
        "contact": system_row.contact,
    }
    with transaction.atomic():
        KnownCertificate.objects.filter(id=row.id).update(warned_days=due)
        audit.record(
            actor=KEEPER,
            act="identity.known_certificate_ending",
            subject=Subject(kind=row.system_kind, id=row.system_id),
            content=content,
            publications=(
                Publication(topic="identity.known_certificate_ending", payload=content, key=None),
            ),
        )
    return True


def _system(row: KnownCertificate) -> Client | Partner:
    if row.system_kind == PARTNER:
        return Partner.objects.get(id=row.system_id)
    return Client.objects.get(id=row.system_id)


def _known(kind: str, system_id: UUID, use: str, certificate: x509.Certificate) -> KnownCertificate:
    return KnownCertificate(
        system_kind=kind,
        system_id=system_id,
        use=use,
        thumbprint=_thumbprint(certificate),
        until=certificate.not_valid_after_utc,
    )


def _thumbprint(certificate: x509.Certificate) -> str:
    hashed = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def _read(pem: str) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return None


def _pem(text: object) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
