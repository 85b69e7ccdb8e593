"""An administrator lets a system in, or does not, or shuts it out again."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import ConnectedSystem
from cuaso.foundation.identity.provider.grants.end import end_all_of
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.terms import SCOPE_SENTENCES
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

# While both secrets are good, the system can change over without a minute's stop.
OVERLAP: Final = timedelta(days=7)
ROLE: Final = "admin"


def connected_systems() -> tuple[ConnectedSystem, ...]:
    """Return all systems, those that wait for a decision first."""
    rows = sorted(
        Client.objects.order_by("name"), key=lambda row: row.status != Client.Status.WAITING
    )
    return tuple(
        ConnectedSystem(
            client_id=row.client_id,
            name=row.name,
            status=row.status,
            contact=row.contact,
            redirect_uris=tuple(row.redirect_uris),
            wishes=tuple(SCOPE_SENTENCES.get(one, one) for one in row.scopes),
            registered_at=row.created_at,
        )
        for row in rows
    )


def approve_system(*, actor: Actor, client_id: str) -> None:
    _decide(actor, client_id, to=Client.Status.APPROVED, act="identity.system_approved")


def refuse_system(*, actor: Actor, client_id: str) -> None:
    _decide(actor, client_id, to=Client.Status.REFUSED, act="identity.system_refused")


def close_system(*, actor: Actor, client_id: str, reason: str) -> None:
    """Shut an approved system out; everything that it holds is void at once."""
    _require_admin(actor)
    with transaction.atomic():
        row = _locked(client_id, status=Client.Status.APPROVED)
        row.status, row.decided_at = Client.Status.CLOSED, now()
        row.save(update_fields=["status", "decided_at"])
        end_all_of(row, actor=actor, why="system_closed")
        _record(actor, row, act="identity.system_closed", reason=reason)


def renew_secret(*, actor: Actor, client_id: str) -> str:
    """Return a new secret; the old one stays good for a week."""
    _require_admin(actor)
    secret = fresh()
    with transaction.atomic():
        row = _locked(client_id, status=Client.Status.APPROVED)
        if row.secret_hash is None:
            raise Conflict(
                code="identity.system_has_no_secret",
                what="Hệ thống này không dùng mật khẩu.",
                mend="Hãy cập nhật bộ khóa công khai hoặc chứng thư của hệ thống.",
            )
        row.old_secret_hash, row.old_secret_until = row.secret_hash, now() + OVERLAP
        row.secret_hash = digest(secret)
        row.save(update_fields=["secret_hash", "old_secret_hash", "old_secret_until"])
        _record(actor, row, act="identity.system_secret_renewed")
    return secret


def _decide(actor: Actor, client_id: str, *, to: Client.Status, act: str) -> None:
    _require_admin(actor)
    with transaction.atomic():
        row = _locked(client_id, status=Client.Status.WAITING)
        row.status, row.decided_at = to, now()
        row.save(update_fields=["status", "decided_at"])
        _record(actor, row, act=act)


def _require_admin(actor: Actor) -> None:
    if ROLE not in actor.roles:
        raise NotAllowed(
            code="identity.systems_not_yours",
            what="Ông/bà chưa có quyền quyết định về các hệ thống kết nối.",
            why="Chức vụ hiện tại không có vai trò quản trị.",
            mend="Hãy chuyển sang chức vụ quản trị, hoặc nhờ quản trị viên của tỉnh.",
        )


def _locked(client_id: str, *, status: Client.Status) -> Client:
    row = Client.objects.select_for_update().filter(client_id=client_id).first()
    if row is None:
        raise NotFound(
            code="identity.no_system",
            what="Không có hệ thống này.",
            mend="Hãy mở lại danh sách các hệ thống.",
        )
    if row.status != status:
        raise Conflict(
            code="identity.system_decided",
            what="Hệ thống này đã được quyết định trước đó.",
            why=f"Tình trạng hiện tại: {row.get_status_display()}.",
            mend="Hãy mở lại danh sách để xem tình trạng mới nhất.",
        )
    return row


def _record(actor: Actor, row: Client, *, act: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.client", id=row.id),
        content={"client": row.client_id, "name": row.name},
        reason=reason,
    )
