"""The signed link by which an applicant rates without signing in."""

from uuid import UUID

from django.conf import settings
from django.core import signing

_SIGNER = signing.Signer(salt="cuaso.feedback.rating", sep=".")


def address(dossier_id: UUID) -> str:
    """Return the full address of the rating page of one dossier."""
    return f"{settings.PUBLIC_URL}/danh-gia/{_SIGNER.sign(dossier_id.hex)}/"


def dossier_of(token: str) -> UUID | None:
    """Return the dossier that a link names; None for what this house did not sign."""
    try:
        return UUID(hex=_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
