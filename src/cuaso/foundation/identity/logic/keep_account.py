"""Accounts of officials as another system keeps them: renamed, shut for good, opened again."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import AccountFacts
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject

_LONGEST_NAME = 150


def accounts(ids: Iterable[UUID]) -> Mapping[UUID, AccountFacts]:
    """Return officials' accounts by id, in one query; what is not known is left out."""
    rows = Account.objects.filter(pk__in=set(ids), kind=Account.Kind.OFFICIAL)
    return {row.id: facts_of(row) for row in rows}


def accounts_of(person_ids: Iterable[UUID]) -> Mapping[UUID, AccountFacts]:
    """Return officials' accounts by the person whose they are, in one query."""
    rows = Account.objects.filter(person_id__in=set(person_ids), kind=Account.Kind.OFFICIAL)
    return {row.person_id: facts_of(row) for row in rows}


def change_account(
    *, actor: Actor, account_id: UUID, username: str, name: str, email: str
) -> AccountFacts:
    """Let an account be called so; what is the same already changes nothing.

    Raises Conflict when the user name is another's.
    """
    with transaction.atomic():
        row = _locked(account_id)
        wanted = {"username": username.lower(), "display_name": name, "email": email}
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if "username" in changed:
            _require_free(username, but=row.id)
        for field, value in changed.items():
            setattr(row, field, value)
        if changed:
            row.save(update_fields=list(changed))
            _record(row, act="identity.account_changed", actor=actor, content=changed)
    return facts_of(row)


def reopen_account(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """Open a shut way in again; an open one stays as it is."""
    with transaction.atomic():
        row = _locked(account_id)
        if not row.is_active:
            row.is_active = True
            row.save(update_fields=["is_active"])
            _record(row, act="identity.account_reopened", actor=actor, reason=reason)


def retire_account(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """Shut an account for good, end its sessions, and let its user name be used again."""
    with transaction.atomic():
        close_account(actor=actor, account_id=account_id, reason=reason)
        row = _locked(account_id)
        mark = f"~{row.id.hex[-12:]}"
        row.username = row.username[: _LONGEST_NAME - len(mark)] + mark
        row.save(update_fields=["username"])
        _record(row, act="identity.account_retired", actor=actor, reason=reason)


def _require_free(username: str, *, but: UUID) -> None:
    wanted = username.lower()
    if Account.objects.filter(username=wanted).exclude(pk=but).exists():
        raise Conflict(
            code="identity.username_taken",
            what=f"Tên đăng nhập “{wanted}” đã có người dùng.",
            mend="Hãy chọn tên đăng nhập khác.",
        )


def _locked(account_id: UUID) -> Account:
    row = Account.objects.select_for_update().filter(pk=account_id).first()
    if row is None:
        raise NotFound(
            code="identity.no_account",
            what="Không có tài khoản này.",
            mend="Hãy tìm lại theo tên đăng nhập.",
        )
    return row


def facts_of(row: Account) -> AccountFacts:
    """Return what other systems may know of an account."""
    return AccountFacts(
        id=row.id,
        person_id=row.person_id,
        username=row.username,
        display_name=row.display_name,
        email=row.email,
        active=row.is_active,
        created_at=row.created_at,
    )


def _record(
    row: Account,
    *,
    act: str,
    actor: Actor,
    content: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.account", id=row.id),
        content=content or {},
        reason=reason,
    )
