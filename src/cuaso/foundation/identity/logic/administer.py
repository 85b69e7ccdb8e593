"""What an administrator of an agency may do to accounts: those of their own agencies alone."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Post
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.sessions.end import end_sign_ons
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

ROLE: Final = "admin"
_AT_ONCE: Final = 300
_SHOWN: Final = 100


@dataclass(frozen=True, kw_only=True)
class Subordinate:
    """An official's account that the administrator answers for."""

    id: UUID
    name: str
    username: str
    active: bool
    posts: tuple[tuple[str, str], ...]


def subordinates(*, actor: Actor, text: str = "") -> tuple[Subordinate, ...]:
    """Return the accounts of the actor's agencies and those below, by name.

    Raises NotAllowed for whoever administers nothing.
    """
    require_administrator(actor)
    rows = Account.objects.filter(kind=Account.Kind.OFFICIAL).order_by("display_name")
    if text.strip():
        said = text.strip()
        rows = rows.filter(Q(display_name__icontains=said) | Q(username__icontains=said.lower()))
    found = list(rows[:_AT_ONCE])
    held = directory.posts_held(row.person_id for row in found)
    own = [row for row in found if _within(actor, held.get(row.person_id, ()))]
    return tuple(_shown(row, held[row.person_id]) for row in own[:_SHOWN])


def require_over(actor: Actor, account_id: UUID) -> Account:
    """Return the account when the actor answers for every post of its person, and it is not their
    own. Raises NotAllowed; NotFound alike for an account elsewhere and for none.
    """
    require_administrator(actor)
    row = Account.objects.filter(pk=account_id, kind=Account.Kind.OFFICIAL).first()
    posts = directory.posts_of(row.person_id) if row else ()
    if row is None or not _within(actor, posts):
        raise NotFound(
            code="identity.not_in_your_agencies",
            what="Không có tài khoản này trong các cơ quan ông/bà quản trị.",
            why="Quản trị viên chỉ quản tài khoản của cơ quan mình và các cơ quan trực thuộc.",
            mend="Hãy đề nghị quản trị viên của cơ quan nơi người đó giữ chức vụ.",
        )
    if row.person_id == actor.person_id:
        raise NotAllowed(
            code="identity.not_ones_own",
            what="Không tự quản trị tài khoản của chính mình.",
            mend="Hãy nhờ một quản trị viên khác.",
        )
    return row


def end_sessions(*, actor: Actor, account_id: UUID, reason: str) -> int:
    """Sign an official of the actor's agencies out everywhere; return how many sessions ended."""
    with transaction.atomic():
        row = require_over(actor, account_id)
        return end_every_session(row, actor=actor, reason=reason)


def end_every_session(row: Account, *, actor: Actor, reason: str) -> int:
    """End the account's sessions and what hangs on them; inside the caller's transaction."""
    sessions = UserSession.objects.filter(user=row)
    keys = list(sessions.values_list("session_key", flat=True))
    end_sign_ons(session_keys=keys, actor=actor, why="ended_by_administrator")
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    audit.record(
        actor=actor,
        act="identity.sessions_ended",
        subject=Subject(kind="identity.account", id=row.id),
        content={"ended": len(keys)},
        reason=reason,
    )
    return len(keys)


def require_administrator(actor: Actor) -> None:
    if actor.kind != "official" or ROLE not in actor.roles or actor.by_id is not None:
        raise NotAllowed(
            code="identity.not_administrator",
            what="Ông/bà không quản trị tài khoản nào.",
            why="Chức vụ hiện tại không có vai trò quản trị.",
            mend="Nếu có chức vụ quản trị, hãy chuyển tư cách rồi mở lại trang.",
        )


def _within(actor: Actor, posts: tuple[Post, ...]) -> bool:
    return bool(posts) and all(
        post.agency_id in actor.agency_scope or post.agency_id == actor.agency_id for post in posts
    )


def _shown(row: Account, posts: tuple[Post, ...]) -> Subordinate:
    return Subordinate(
        id=row.id,
        name=row.display_name,
        username=row.username,
        active=row.is_active,
        posts=tuple((post.title, directory.agency(post.agency_id).name) for post in posts),
    )
