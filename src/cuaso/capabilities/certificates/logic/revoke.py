"""A certificate is good no more: from this moment at our doors, and for others by CRL and OCSP."""

from typing import Final, cast, get_args

from django.db import transaction

from cuaso.capabilities.certificates.contracts import Reason
from cuaso.capabilities.certificates.logic import refusals
from cuaso.capabilities.certificates.models import Certificate
from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

REASONS: Final = cast("tuple[Reason, ...]", get_args(Reason))


def revoke(*, actor: Actor, serial: str, reason: str) -> None:
    """Revoke by an administrator's word; raise NotAllowed, Invalid, NotFound or Conflict."""
    if refusals.ROLE not in actor.roles:
        raise refusals.not_yours()
    end(actor=actor, serial=serial, reason=reason)


def end(*, actor: Actor, serial: str, reason: str) -> None:
    """Revoke a certificate for one of the reasons of RFC 5280."""
    if reason not in REASONS:
        raise refusals.reason_wrong()
    with transaction.atomic():
        row = Certificate.objects.select_for_update().filter(serial=serial).first()
        if row is None:
            raise refusals.no_certificate()
        if row.revoked_at is not None:
            raise refusals.revoked_before()
        row.revoked_at, row.revoke_reason = now(), reason
        row.save(update_fields=["revoked_at", "revoke_reason"])
        identity.end_certificate(thumbprint=row.thumbprint)
        audit.record(
            actor=actor,
            act="certificates.revoked",
            subject=Subject(kind="certificates.certificate", id=row.id),
            content={"serial": serial, "names": row.names, "client": row.client_id},
            reason=reason,
        )
