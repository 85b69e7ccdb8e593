"""Where a person is signed in now, and through which systems."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.name_device import name_device
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.models import Consent, Grant, SignOn
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """One session of the house, with the names of the systems that were entered from it."""

    id: int
    ip: str
    device: str
    begun_at: datetime
    seen_at: datetime
    own: bool
    systems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A system of others that the person has agreed to."""

    client_row: UUID
    name: str
    given_at: datetime


def open_sessions(account: Account, *, session_key: str) -> tuple[OpenSession, ...]:
    """Return the account's sessions, the one in use first."""
    rows = list(UserSession.objects.filter(user=account).order_by("-last_seen_at"))
    systems = _systems(account)
    found = [
        OpenSession(
            id=row.pk,
            ip=row.ip,
            device=name_device(row.user_agent),
            begun_at=row.created_at,
            seen_at=row.last_seen_at,
            own=row.session_key == session_key,
            systems=tuple(sorted(systems[row.session_key])),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.own))


def agreements(account: Account) -> tuple[Agreed, ...]:
    rows = Consent.objects.filter(account=account).select_related("client").order_by("given_at")
    return tuple(
        Agreed(client_row=row.client_id, name=row.client.name, given_at=row.given_at)
        for row in rows
    )


def end_session(*, actor: Actor, account: Account, session_id: int) -> None:
    """End one of the account's own sessions with every system below; raise NotFound otherwise."""
    with transaction.atomic():
        row = UserSession.objects.select_for_update().filter(pk=session_id, user=account).first()
        if row is None:
            raise NotFound(
                code="identity.no_session",
                what="Không có phiên này.",
                why="Phiên có thể đã kết thúc trước đó.",
                mend="Hãy mở lại trang để xem các phiên còn lại.",
            )
        end_sign_ons(session_keys=[row.session_key], actor=actor, why="ended_by_person")
        Session.objects.filter(session_key=row.session_key).delete()
        row.delete()
        audit.record(
            actor=actor,
            act="identity.session_ended",
            subject=Subject(kind="identity.account", id=account.id),
            content={"ip": row.ip},
        )


def _systems(account: Account) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    ids = SignOn.objects.filter(account=account, ended_at=None).values_list("id", flat=True)
    grants = Grant.objects.filter(sign_on__in=list(ids), ended_at=None)
    for key, name in grants.values_list("sign_on__session_key", "client__name"):
        found[key].add(name)
    return found
