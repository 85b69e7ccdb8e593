"""Which systems may ask and write, and by which tokens they are known."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import named
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line

OURS_BEGIN_WITH: Final = "cuaso_"
LIFE: Final = timedelta(days=365)
_BYTES: Final = 32


def open_system(
    *,
    name: str,
    agency_id: UUID | None,
    may_write: bool,
    actor: Actor,
    life: timedelta = LIFE,
    client_id: str = "",
) -> tuple[UUID, str]:
    """Let a system in; return its id and its token, which is shown this once.

    agency_id None is the whole province. With `client_id` it may also show tokens that our OpenID
    provider gave it for itself with the scope `scim`. Raises Conflict for a name or a client that
    is in use.
    """
    stated = one_line(name)
    token = OURS_BEGIN_WITH + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        named.refuse_taken(
            models.System,
            stated,
            code="provisioning.system_exists",
            what=f"Hệ thống “{stated}” đã được mở.",
            mend="Hãy chọn tên khác, hoặc cấp lại mã truy cập cho hệ thống đang có.",
        )
        _refuse_known_client(client_id)
        row = models.System.objects.create(
            name=stated,
            client_id=client_id,
            agency_id=agency_id,
            may_write=may_write,
            token_sha256=_hash(token),
            token_ends_at=clock.now() + life,
            opened_at=clock.now(),
        )
        _record(row, act="provisioning.system_opened", actor=actor)
    return row.id, token


def renew_token(*, name: str, actor: Actor, life: timedelta = LIFE) -> str:
    """Give a system another token, return it; the one before is worth nothing from now on."""
    token = OURS_BEGIN_WITH + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        row = _locked(name)
        row.token_sha256, row.token_ends_at = _hash(token), clock.now() + life
        row.save(update_fields=["token_sha256", "token_ends_at"])
        _record(row, act="provisioning.token_renewed", actor=actor)
    return token


def end_system(*, name: str, actor: Actor, reason: str) -> None:
    """Let a system in no more. Raises NotFound."""
    with transaction.atomic():
        row = _locked(name)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        _record(row, act="provisioning.system_ended", actor=actor, reason=reason)


def system_of_token(token: str) -> contracts.System | None:
    """Return the system whose token this is today; None for a wrong, ended or spent one."""
    return _today(
        models.System.objects.filter(
            token_sha256=_hash(token), ended_at=None, token_ends_at__gt=clock.now()
        ).first()
    )


def system_of_client(client_id: str) -> contracts.System | None:
    """Return the system that is let in under this name at the OpenID provider; None for none."""
    rows = models.System.objects.filter(client_id=client_id, ended_at=None)
    return _today(rows.first() if client_id else None)


def _today(row: models.System | None) -> contracts.System | None:
    if row is None:
        return None
    scope = directory.scope(row.agency_id, clock.today()) if row.agency_id else ()
    return contracts.System(
        id=row.id,
        name=row.name,
        agency_id=row.agency_id,
        scope=frozenset(scope),
        may_write=row.may_write,
        token_ends_at=row.token_ends_at,
    )


def actor_of_system(known: contracts.System, *, trace: str = "") -> Actor:
    """Return the actor under whose name a system's acts stand in the ledger."""
    acting = system(known.name, trace=trace)
    return Actor(kind=acting.kind, name=acting.name, agency_id=known.agency_id, trace=acting.trace)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _locked(name: str) -> models.System:
    return named.locked(
        models.System, name, code="provisioning.no_system", what=f"Không có hệ thống “{name}”."
    )


def _refuse_known_client(client_id: str) -> None:
    if client_id and models.System.objects.filter(client_id=client_id, ended_at=None).exists():
        raise Conflict(
            code="provisioning.client_exists",
            what=f"Mã hệ thống “{client_id}” đã được mở danh bạ dưới một tên khác.",
            mend="Hãy dùng hệ thống đang có, hoặc đóng nó trước.",
        )


def _record(row: models.System, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="provisioning.system", id=row.id),
        content={
            "name": row.name,
            "agency": str(row.agency_id or ""),
            "may_write": row.may_write,
            "client": row.client_id,
            "token_ends_at": row.token_ends_at.isoformat(),
        },
        reason=reason,
    )
