"""An administrator lets a system in, or does not, or shuts it out again."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import ConnectedSystem
from cuaso.foundation.identity.logic import admit_system
from cuaso.foundation.identity.logic.certificate_ends import CLIENT, ends
from cuaso.foundation.identity.provider.grants.end import end_all_of
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.terms import SCOPE_SENTENCES
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject

# While both secrets are good, the system can change over without a minute's stop.
OVERLAP: Final = timedelta(days=7)


def connected_systems() -> tuple[ConnectedSystem, ...]:
    """Return all systems, those that wait for a decision first."""
    until = ends(CLIENT)
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
            certificate_until=until.get(row.id),
        )
        for row in rows
    )


def approve_system(*, actor: Actor, client_id: str) -> None:
    _decide(actor, client_id, to=Client.Status.APPROVED, act="identity.system_approved")


def refuse_system(*, actor: Actor, client_id: str) -> None:
    _decide(actor, client_id, to=Client.Status.REFUSED, act="identity.system_refused")


def close_system(*, actor: Actor, client_id: str, reason: str) -> None:
    """Shut an approved system out; everything that it holds is void at once."""
    admit_system.require_admin(actor)
    admit_system.require_reason(reason)
    with transaction.atomic():
        rows = Client.objects.filter(client_id=client_id)
        row = admit_system.locked(rows, status=Client.Status.APPROVED)
        admit_system.settle(row, to=Client.Status.CLOSED)
        end_all_of(row, actor=actor, why="system_closed")
        _record(actor, row, act="identity.system_closed", reason=reason)


def renew_secret(*, actor: Actor, client_id: str) -> str:
    """Return a new secret; the old one stays good for a week."""
    admit_system.require_admin(actor)
    secret = fresh()
    with transaction.atomic():
        rows = Client.objects.filter(client_id=client_id)
        row = admit_system.locked(rows, status=Client.Status.APPROVED)
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
    admit_system.require_admin(actor)
    with transaction.atomic():
        rows = Client.objects.filter(client_id=client_id)
        row = admit_system.locked(rows, status=Client.Status.WAITING)
        admit_system.settle(row, to=to)
        _record(actor, row, act=act)


def _record(actor: Actor, row: Client, *, act: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.client", id=row.id),
        content={"client": row.client_id, "name": row.name},
        reason=reason,
    )
