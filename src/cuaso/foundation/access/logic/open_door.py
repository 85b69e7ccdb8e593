"""Open a second door: for so long, for one purpose, one reader sees by SQL what they may see."""

from datetime import datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from cuaso.foundation.access.contracts import OpenDoor
from cuaso.foundation.access.logic.cedar import SETS, SINGLES
from cuaso.foundation.access.models import Door
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject

LONGEST: Final = timedelta(hours=8)


def open_door(
    *, actor: Actor, purpose: str, lasts: timedelta = LONGEST, purpose_code: str = ""
) -> OpenDoor:
    """Open a door on what the actor may see now; its secret is shown this once.

    It ends after `lasts`, at most eight hours and never past the legal day, because rules and
    posts are of a day. Raises Invalid without a purpose or with an unfit term.
    """
    _require(purpose, lasts)
    secret, now = token_urlsafe(32), clock.now()
    with transaction.atomic():
        door = Door.objects.create(
            hash=sha256(secret.encode()).hexdigest(),
            facts=facts(actor, purpose_code=purpose_code),
            purpose=purpose.strip(),
            purpose_code=purpose_code,
            person_id=actor.person_id,
            post_id=actor.post_id,
            opened_at=now,
            until_at=min(now + lasts, _midnight(now)),
        )
        audit.record(
            actor=actor,
            act="access.door_opened",
            subject=Subject(kind="access.door", id=door.id),
            content={"until": door.until_at.isoformat(), "roles": sorted(actor.roles)},
            reason=door.purpose,
        )
    return OpenDoor(id=door.id, secret=secret, until_at=door.until_at)


def close_door(*, id: UUID, actor: Actor) -> None:
    """End a door of one's own at once; raise NotFound for another's or an ended one."""
    with transaction.atomic():
        mine = Door.objects.filter(pk=id, person_id=actor.person_id, ended_at=None)
        if actor.person_id is None or not mine.update(ended_at=clock.now()):
            raise NotFound(
                code="access.no_door",
                what="Không có cửa đọc dữ liệu nào đang mở để đóng.",
                mend="Hãy tải lại trang.",
            )
        audit.record(
            actor=actor,
            act="access.door_closed",
            subject=Subject(kind="access.door", id=id),
            content={},
        )


def facts(actor: Actor, *, purpose_code: str = "") -> dict[str, Any]:
    """Return what the conditions of row-level security ask of an actor."""
    sets = {name: sorted(str(one) for one in getattr(actor, name)) for name in SETS}
    singles = {name: str(getattr(actor, name) or "") for name in SINGLES}
    day = clock.today().isoformat()
    return {**sets, **singles, "purpose": purpose_code, "day": day}


def _require(purpose: str, lasts: timedelta) -> None:
    problems = []
    if not purpose.strip():
        problems.append(Problem(field="purpose", say="Hãy ghi mục đích đọc dữ liệu."))
    if not timedelta(0) < lasts <= LONGEST:
        problems.append(Problem(field="lasts", say="Cửa chỉ mở trong tối đa 8 giờ."))
    if problems:
        raise Invalid(
            code="access.door_unfit",
            what="Chưa mở được cửa đọc dữ liệu.",
            mend="Hãy sửa chỗ được nêu.",
            problems=tuple(problems),
        )


def _midnight(now: datetime) -> datetime:
    tomorrow = now.astimezone(clock.VIETNAM).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=clock.VIETNAM)
