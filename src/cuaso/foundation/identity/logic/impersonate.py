"""Look at the house with the eyes of an official of one's agencies: to see, never to act."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.logic.administer import ROLE, require_over
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.models import Account, Impersonation
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject

KEY: Final = "identity_looking_as"
LASTS: Final = timedelta(minutes=30)
_SHORTEST_REASON: Final = 10
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PATHS: Final = ("/tai-khoan/quan-tri/thoi-xem-thay/", "/dang-xuat/")


def begin_looking(request: HttpRequest, *, actor: Actor, account_id: UUID, reason: str) -> None:
    """Begin to see what the official sees from their first post, for half an hour.

    The person is told at once who looks and why. Raises Invalid without a reason, NotAllowed for
    an administrator's account, NotFound outside the actor's agencies.
    """
    _require_reason(reason)
    row, by = require_over(actor, account_id), account_of(request)
    posts = directory.posts_of(row.person_id)
    if by is None or any(ROLE in post.roles for post in posts):
        raise NotAllowed(
            code="identity.not_an_administrator",
            what="Không xem thay được một quản trị viên.",
            why="Xem thay không được mở rộng quyền của người xem.",
            mend="Hãy nhờ chính người đó cho xem.",
        )
    with transaction.atomic():
        look = Impersonation.objects.create(
            account=row,
            by=by,
            post_id=posts[0].id,
            session_key=request.session.session_key or "",
            reason=reason.strip(),
            until=now() + LASTS,
        )
        about = Subject(kind="identity.account", id=row.id)
        audit.record(
            actor=actor,
            act="identity.impersonation_begun",
            subject=about,
            content={"by": by.id, "until": look.until.isoformat()},
            reason=reason.strip(),
        )
        audit.publish(topic="identity.impersonated", subject=about, payload={"say": _say(look, by)})
        request.session[KEY] = str(look.id)
        request.session.save()


def end_looking(request: HttpRequest) -> None:
    """Go back to one's own eyes; an act of the ledger, when it was not over already."""
    row = _open(request)
    request.session.pop(KEY, None)
    if row is None:
        return
    with transaction.atomic():
        Impersonation.objects.filter(pk=row.pk).update(ended_at=now())
        audit.record(
            actor=Actor(kind="official", name=row.by.display_name, person_id=row.by.person_id),
            act="identity.impersonation_ended",
            subject=Subject(kind="identity.account", id=row.account_id),
            content={"by": row.by_id},
        )


def looking_as(request: HttpRequest) -> Actor | None:
    """Return the official whose eyes the session has, with who looks in `by_id`; None for one's
    own. What is over, and a post that has ended, is nobody's eyes any more.
    """
    if KEY not in request.session:
        return None
    row = _open(request)
    try:
        seen = directory.actor_for_post(row.post_id) if row else None
    except NotFound:
        seen = None
    if row is None or seen is None:
        request.session.pop(KEY, None)
        return None
    name = f"{seen.name} ({row.by.display_name} xem thay)"
    return replace(seen, name=name, by_id=row.by.person_id)


def refuse_act(request: HttpRequest) -> NotAllowed | None:
    """Return the refusal of whatever would change something, None for looking and for leaving."""
    if request.method in _SAFE or request.path in _PATHS:
        return None
    return NotAllowed(
        code="identity.looking_only",
        what="Đang xem thay người khác nên không làm được việc này.",
        why="Xem thay chỉ để xem; mọi việc phải do chính người giữ chức vụ làm.",
        mend="Hãy bấm “Thôi xem thay” rồi làm việc với tư cách của mình.",
    )


def looks_with(account: Account) -> tuple[Impersonation, ...]:
    """Return who has looked with the account's eyes, newest first, for its own person."""
    rows = Impersonation.objects.filter(account=account).select_related("by")
    return tuple(rows.order_by("-begun_at")[:20])


def _open(request: HttpRequest) -> Impersonation | None:
    """Return the look of this very session and account, while it lasts."""
    by = account_of(request)
    if by is None or KEY not in request.session:
        return None
    rows = Impersonation.objects.select_related("by").filter(
        pk=request.session[KEY], by=by, ended_at=None, until__gt=now()
    )
    return rows.first()


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < _SHORTEST_REASON:
        say = "Hãy ghi lý do xem thay, ít nhất mười chữ cái; người đó sẽ đọc được."
        raise Invalid(
            code="identity.no_reason",
            what="Chưa ghi lý do xem thay.",
            mend=say,
            problems=(Problem(field="reason", say=say),),
        )


def _say(look: Impersonation, by: Account) -> str:
    until = f"{look.until.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}"
    return (
        f"Quản trị viên {by.display_name} đang xem hệ thống thay ông/bà đến {until}. "
        f"Lý do: {look.reason}"
    )
