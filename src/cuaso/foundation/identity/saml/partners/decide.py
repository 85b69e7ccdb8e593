"""An administrator lets a partner in, or does not, or shuts it out again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.clients.decide import ROLE
from cuaso.foundation.identity.saml.models import ParkedSignIn, Partner
from cuaso.foundation.identity.saml.terms import ATTRIBUTES
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
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


def connected_partners() -> tuple[ConnectedPartner, ...]:
    """Return all partners, those that wait for a decision first."""
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
        )
        for row in rows
    )


def approve_partner(*, actor: Actor, partner_id: UUID) -> None:
    _decide(actor, partner_id, to=Partner.Status.APPROVED, act="identity.partner_approved")


def refuse_partner(*, actor: Actor, partner_id: UUID) -> None:
    _decide(actor, partner_id, to=Partner.Status.REFUSED, act="identity.partner_refused")


def close_partner(*, actor: Actor, partner_id: UUID, reason: str) -> None:
    """Shut an approved partner out: it is told nothing more, and what waits is void."""
    _require_admin(actor)
    if not reason.strip():
        raise Invalid(
            code="identity.partner_reason_missing",
            what="Chưa khóa hệ thống.",
            why="Việc khóa cần có lý do.",
            mend="Hãy ghi lý do khóa hệ thống.",
        )
    with transaction.atomic():
        row = _locked(partner_id, status=Partner.Status.APPROVED)
        row.status, row.decided_at = Partner.Status.CLOSED, now()
        row.save(update_fields=["status", "decided_at"])
        ParkedSignIn.objects.filter(partner=row).delete()
        _record(actor, row, act="identity.partner_closed", reason=reason)


def _decide(actor: Actor, partner_id: UUID, *, to: Partner.Status, act: str) -> None:
    _require_admin(actor)
    with transaction.atomic():
        row = _locked(partner_id, status=Partner.Status.WAITING)
        row.status, row.decided_at = to, now()
        row.save(update_fields=["status", "decided_at"])
        _record(actor, row, act=act)


def _require_admin(actor: Actor) -> None:
    if ROLE not in actor.roles:
        raise NotAllowed(
            code="identity.partners_not_yours",
            what="Ông/bà chưa có quyền quyết định về các hệ thống kết nối.",
            why="Chức vụ hiện tại không có vai trò quản trị.",
            mend="Hãy chuyển sang chức vụ quản trị, hoặc nhờ quản trị viên của tỉnh.",
        )


def _locked(partner_id: UUID, *, status: Partner.Status) -> Partner:
    row = Partner.objects.select_for_update().filter(id=partner_id).first()
    if row is None:
        raise NotFound(
            code="identity.no_partner",
            what="Không có hệ thống này.",
            mend="Hãy mở lại danh sách các hệ thống.",
        )
    if row.status != status:
        raise Conflict(
            code="identity.partner_decided",
            what="Hệ thống này đã được quyết định trước đó.",
            why=f"Tình trạng hiện tại: {row.get_status_display()}.",
            mend="Hãy mở lại danh sách để xem tình trạng mới nhất.",
        )
    return row


def _record(actor: Actor, row: Partner, *, act: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.partner", id=row.id),
        content={"entity_id": row.entity_id, "name": row.name},
        reason=reason,
    )
