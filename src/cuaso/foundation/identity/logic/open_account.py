"""Give an official of the directory a way in, and take it away."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject


def open_official_account(
    *,
    actor: Actor,
    person_id: UUID,
    name: str,
    username: str,
    password: str,
    email: str = "",
    is_demo: bool = False,
) -> UUID:
    """Make the account; raise Conflict when the person has one or the user name is taken."""
    taken = username.lower()
    account = Account(
        kind=Account.Kind.OFFICIAL,
        username=taken,
        email=email,
        display_name=name,
        person_id=person_id,
        is_demo=is_demo,
    )
    account.set_password(password)
    with transaction.atomic():
        if Account.objects.filter(username=taken).exists() or _has_one(person_id):
            raise Conflict(
                code="identity.account_exists",
                what="Chưa tạo được tài khoản.",
                why="Tên đăng nhập đã dùng, hoặc người này đã có tài khoản cán bộ.",
                mend="Hãy chọn tên khác, hoặc dùng tài khoản đang có.",
            )
        account.save(force_insert=True)
        audit.record(
            actor=actor,
            act="identity.account_opened",
            subject=Subject(kind="identity.account", id=account.id),
            content={"username": taken, "is_demo": is_demo},
        )
    return account.id


def close_account(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """Shut the way in and end every session of it at once."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise NotFound(code="identity.no_account", what="Không có tài khoản này.")
        account.is_active = False
        account.save(update_fields=["is_active"])
        sessions = UserSession.objects.filter(user=account)
        keys = list(sessions.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        sessions.delete()
        audit.record(
            actor=actor,
            act="identity.account_closed",
            subject=Subject(kind="identity.account", id=account.id),
            content={"ended_sessions": len(keys)},
            reason=reason,
        )


def _has_one(person_id: UUID) -> bool:
    return Account.objects.filter(person_id=person_id, kind=Account.Kind.OFFICIAL).exists()
