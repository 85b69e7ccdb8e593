"""End what was given: the whole family of tokens at once."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.models import Client, Consent, Grant
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject


def end_grant(grant: Grant, *, why: str, actor: Actor | None = None) -> None:
    """Void every token of the grant; inside the caller's transaction, once."""
    if not Grant.objects.filter(id=grant.id, ended_at=None).update(ended_at=now(), ended_why=why):
        return
    audit.record(
        actor=actor or system("Đăng nhập tập trung"),
        act="identity.grant_ended",
        subject=subject_of(grant),
        content={"grant": grant.id, "client": grant.client_id, "why": why},
    )


def take_back(*, actor: Actor, account_id: UUID, client_row: UUID) -> int:
    """End every grant of one person to one system, and the person's consent to it."""
    with transaction.atomic():
        grants = Grant.objects.filter(account_id=account_id, client_id=client_row, ended_at=None)
        ended = list(grants)
        for grant in ended:
            end_grant(grant, why="taken_back", actor=actor)
        Consent.objects.filter(account_id=account_id, client_id=client_row).delete()
        audit.record(
            actor=actor,
            act="identity.consent_taken_back",
            subject=Subject(kind="identity.account", id=account_id),
            content={"client": client_row, "ended": len(ended)},
        )
    return len(ended)


def end_all_of(client: Client, *, actor: Actor, why: str) -> int:
    """Void everything that one system holds; inside the caller's transaction."""
    ended = Grant.objects.filter(client=client, ended_at=None).update(ended_at=now(), ended_why=why)
    audit.record(
        actor=actor,
        act="identity.client_grants_ended",
        subject=Subject(kind="identity.client", id=client.id),
        content={"ended": ended, "why": why},
    )
    return ended


def subject_of(grant: Grant) -> Subject:
    if grant.account_id is None:
        return Subject(kind="identity.client", id=grant.client_id)
    return Subject(kind="identity.account", id=grant.account_id)
