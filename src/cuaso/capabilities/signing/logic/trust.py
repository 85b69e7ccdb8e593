"""Roots that a chain may end in: the table, a configured folder, the demonstration authority."""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import IntegrityError, transaction

from cuaso.capabilities.signing.contracts import RootPurpose, TrustRoot
from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.authority import demonstration_root
from cuaso.capabilities.signing.models import TrustedRoot
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject


def trust_roots() -> tuple[TrustRoot, ...]:
    """Return every root in force; outside production the demonstration authority's too."""
    rows = TrustedRoot.objects.filter(withdrawn_at__isnull=True)
    roots = [
        TrustRoot(
            fingerprint=row.fingerprint,
            name=row.name,
            certificate_pem=row.certificate_pem,
            purpose=_purpose(row.purpose),
            source=row.source,
        )
        for row in rows
    ]
    for folder in surroundings.trust_folders():
        roots += _in_folder(folder)
    own = None if surroundings.is_production() else demonstration_root()
    if own is not None:
        roots.append(_root(own, purpose="signature", source="Cơ quan chứng thực trình diễn"))
    return tuple(roots)


def add_trust_root(*, pem: str, purpose: RootPurpose, source: str, actor: Actor) -> TrustRoot:
    """Let a root in. Adding one that is in force already changes nothing.

    `source` says who vouches for it. Raises Invalid unless it is a self-signed authority.
    """
    root = _root(_read_root(pem), purpose=purpose, source=source)
    row = TrustedRoot(
        fingerprint=root.fingerprint,
        name=root.name,
        certificate_pem=root.certificate_pem,
        purpose=purpose,
        source=source,
        added_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record(actor, "signing.root_trusted", row, reason=source)
    except IntegrityError:
        present = TrustedRoot.objects.get(fingerprint=root.fingerprint, withdrawn_at__isnull=True)
        if present.purpose != purpose:
            raise Conflict(
                code="signing.root_other_purpose",
                what=f"Chứng thư gốc “{present.name}” đã được tin cậy cho mục đích khác.",
                mend="Hãy rút chứng thư này rồi thêm lại.",
            ) from None
    return root


def withdraw_trust_root(*, fingerprint: str, reason: str, actor: Actor) -> None:
    """Trust the root no more; signatures under it are then not trusted."""
    with transaction.atomic():
        rows = TrustedRoot.objects.select_for_update()
        row = rows.filter(fingerprint=fingerprint, withdrawn_at__isnull=True).first()
        if row is None:
            raise NotFound(
                code="signing.no_root",
                what="Không có chứng thư gốc này trong danh sách đang tin cậy.",
            )
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        _record(actor, "signing.root_withdrawn", row, reason=reason)


def _record(actor: Actor, act: str, row: TrustedRoot, *, reason: str) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="signing.root", id=row.id),
        content={"fingerprint": row.fingerprint, "name": row.name, "purpose": row.purpose},
        reason=reason,
    )


def _read_root(pem: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        certificate.verify_directly_issued_by(certificate)
        authority = constraints.value.ca
    except Exception as error:  # an outsider's bytes break a parser in any way
        raise refusals.not_a_root() from error
    if not authority:
        raise refusals.not_a_root()
    return certificate


def _in_folder(folder: Path) -> list[TrustRoot]:
    files = sorted(folder.glob("*.pem")) if folder.is_dir() else []
    return [_from_file(path, path.stat().st_mtime_ns) for path in files]


@lru_cache(maxsize=256)
def _from_file(path: Path, written_ns: int) -> TrustRoot:  # noqa: ARG001 a rewritten file is another root
    certificate = _read_root(path.read_text(encoding="utf-8"))
    return _root(certificate, purpose="both", source=path.name)


def _root(certificate: x509.Certificate, *, purpose: RootPurpose, source: str) -> TrustRoot:
    return TrustRoot(
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        name=certificate.subject.rfc4514_string(),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        purpose=purpose,
        source=source,
    )


def _purpose(text: str) -> RootPurpose:
    return "timestamp" if text == "timestamp" else "signature" if text == "signature" else "both"
