"""Certificates of systems that the house's own authority has issued: told to us as they come."""

from collections.abc import Iterable
from datetime import datetime

from cuaso.foundation.identity.provider.models import SystemCertificate
from cuaso.kernel.clock import now


def admit_certificate(
    *, thumbprint: str, client_id: str, names: Iterable[str], until: datetime
) -> None:
    """Let a system prove itself by this certificate; inside the transaction that issues it."""
    SystemCertificate.objects.create(
        thumbprint=thumbprint, client_id=client_id, names=list(names), until=until
    )


def end_certificate(*, thumbprint: str) -> None:
    """Believe the certificate no more from now on; inside the transaction that revokes it."""
    SystemCertificate.objects.filter(thumbprint=thumbprint, ended_at=None).update(ended_at=now())


def is_certified(thumbprint: str, *, client_id: str) -> bool:
    """Return whether the certificate is the system's own, still good at this moment."""
    return SystemCertificate.objects.filter(
        thumbprint=thumbprint, client_id=client_id, ended_at=None, until__gt=now()
    ).exists()
