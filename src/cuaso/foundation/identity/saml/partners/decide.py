"""An administrator lets a partner in, or does not, or shuts it out again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic import admit_system
from cuaso.foundation.identity.logic.certificate_ends import PARTNER, ends
from cuaso.foundation.identity.saml.models import ParkedSignIn, Partner
from cuaso.foundation.identity.saml.terms import ATTRIBUTES
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class ConnectedPartner:
    """A partner as the page of systems shows it. `wishes` say in words what it is told."""

    id: UUID
    entity_id: str
    name: str
    status: str
    contact: str
    consumers: tuple[str, ...]
    wishes: tuple[str, ...]
    encrypted: bool
    signed_only: bool
    registered_at: datetime
    certificate_until: datetime | None


def connected_partners() -> tuple[ConnectedPartner, ...]:
    """Return all partners, those that wait for a decision first."""
    until = ends(PARTNER)
    rows = sorted(
        Partner.objects.order_by("name"), key=lambda row: row.status != Partner.Status.WAITING
    )
    return tuple(
        ConnectedPartner(
            id=row.id,
            entity_id=row.entity_id,
            name=row.name,
            status=row.status,
            contact=row.contact,
            consumers=tuple(address for _, address in row.consumers),
            wishes=tuple(ATTRIBUTES[one][2] for one in row.attributes),
            encrypted=bool(row.encryption_certificate),
            signed_only=row.signed_only,
            registered_at=row.created_at,
            certificate_until=until.get(row.id),
        )
        for row in rows
    )


def approve_partner(*, actor: Actor, partner_id: UUID) -> None:
    _decide(actor, partner_id, to=Partner.Status.APPROVED, act="identity.partner_approved")


def refuse_partner(*, actor: Actor, partner_id: UUID) -> None:
    _decide(actor, partner_id, to=Partner.Status.REFUSED, act="identity.partner_refused")


def close_partner(*, actor: Actor, partner_id: UUID, reason: str) -> None:
    """Shut an approved partner out: it is told nothing more, and what waits is void."""
    admit_system.require_admin(actor)
    admit_system.require_reason(reason)
    with transaction.atomic():
        rows = Partner.objects.filter(id=partner_id)
        row = admit_system.locked(rows, status=Partner.Status.APPROVED)
        admit_system.settle(row, to=Partner.Status.CLOSED)
        ParkedSignIn.objects.filter(partner=row).delete()
        _record(actor, row, act="identity.partner_closed", reason=reason)


def _decide(actor: Actor, partner_id: UUID, *, to: Partner.Status, act: str) -> None:
    admit_system.require_admin(actor)
    with transaction.atomic():
        rows = Partner.objects.filter(id=partner_id)
        row = admit_system.locked(rows, status=Partner.Status.WAITING)
        admit_system.settle(row, to=to)
        _record(actor, row, act=act)


def _record(actor: Actor, row: Partner, *, act: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.partner", id=row.id),
        content={"entity_id": row.entity_id, "name": row.name},
        reason=reason,
    )
