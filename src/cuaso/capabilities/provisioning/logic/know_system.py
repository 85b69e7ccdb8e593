"""Which systems may ask and write, and by which tokens they are known."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.provisioning import contracts, models
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line

PREFIX: Final = "cuaso_"
LIFE: Final = timedelta(days=365)
_BYTES: Final = 32


def open_system(
    *,
    name: str,
    agency_id: UUID | None,
    may_write: bool,
    actor: Actor,
    life: timedelta = LIFE,
) -> tuple[UUID, str]:
    """Let a system in; return its id and its token, which is shown this once.

    agency_id None is the whole province. Raises Conflict for a name that is in use.
    """
    stated = one_line(name)
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        if models.System.objects.filter(name=stated).exists():
            raise Conflict(
                code="provisioning.system_exists",
                what=f"Hệ thống “{stated}” đã được mở.",
                mend="Hãy chọn tên khác, hoặc cấp lại mã truy cập cho hệ thống đang có.",
            )
        row = models.System.objects.create(
            name=stated,
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
    token = PREFIX + secrets.token_urlsafe(_BYTES)
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
    row = models.System.objects.filter(
        token_sha256=_hash(token), ended_at=None, token_ends_at__gt=clock.now()
    ).first()
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
    row = models.System.objects.select_for_update().filter(name=one_line(name)).first()
    if row is None:
        raise NotFound(
            code="provisioning.no_system",
            what=f"Không có hệ thống “{name}”.",
            mend="Hãy xem lại tên của hệ thống trong danh sách.",
        )
    return row


def _record(row: models.System, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="provisioning.system", id=row.id),
        content={
            "name": row.name,
            "agency": str(row.agency_id or ""),
            "may_write": row.may_write,
            "token_ends_at": row.token_ends_at.isoformat(),
        },
        reason=reason,
    )
