"""Give an official of the directory a way in, and take it away."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject


def open_official_account(
    *,
    actor: Actor,
    person_id: UUID,
    name: str,
    username: str,
    password: str | None,
    email: str = "",
    is_demo: bool = False,
    reason: str = "",
) -> UUID:
    """Make the account; raise Conflict when the person has one or the user name is taken.

    Without a password the account waits to be activated by a code; see `give_activation_code`.
    """
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
        if _has_one(person_id):
            raise Conflict(
                code="identity.account_exists",
                what="Chưa tạo được tài khoản.",
                why="Người này đã có tài khoản cán bộ.",
                mend="Hãy dùng tài khoản đang có.",
            )
        if Account.objects.filter(username=taken).exists():
            raise Conflict(
                code="identity.username_taken",
                what="Chưa tạo được tài khoản.",
                why=f"Tên đăng nhập “{taken}” đã có người dùng.",
                mend="Hãy chọn tên đăng nhập khác.",
            )
        account.save(force_insert=True)
        audit.record(
            actor=actor,
            act="identity.account_opened",
            subject=Subject(kind="identity.account", id=account.id),
            content={"username": taken, "is_demo": is_demo},
            reason=reason,
        )
        audit.publish(
            topic="identity.account_made",
            subject=Subject(kind="identity.account", id=account.id),
            payload={"kind": account.kind},
        )
    return account.id


def close_account(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """Shut the way in and end every session of it at once; `identity.account_closed` tells those
    who keep sessions of their own.
    """
    with transaction.atomic():
        account = _locked(account_id)
        account.is_active = False
        account.save(update_fields=["is_active"])
        sessions = UserSession.objects.filter(user=account)
        keys = list(sessions.values_list("session_key", flat=True))
        end_sign_ons(session_keys=keys, actor=actor, why="account_closed")
        Session.objects.filter(session_key__in=keys).delete()
        sessions.delete()
        about = Subject(kind="identity.account", id=account.id)
        audit.record(
            actor=actor,
            act="identity.account_closed",
            subject=about,
            content={"ended_sessions": len(keys)},
            reason=reason,
        )
        audit.publish(topic="identity.account_closed", subject=about, payload={"reason": reason})


def _locked(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound(code="identity.no_account", what="Không có tài khoản này.")
    return account


def _has_one(person_id: UUID) -> bool:
    return Account.objects.filter(person_id=person_id, kind=Account.Kind.OFFICIAL).exists()
