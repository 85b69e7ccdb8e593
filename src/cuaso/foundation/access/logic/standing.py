"""Who a person is at a moment: their posts, and the rights that they held for a time."""

from datetime import date, datetime, time
from uuid import UUID

from cuaso.foundation.access.contracts import LeaseView, Stand
from cuaso.foundation.access.logic.leases import actor_of_lease, leases_at
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Post
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal


def stands_of(person_id: UUID, moment: datetime | None = None) -> tuple[Stand, ...]:
    """Return from where a person could act at a moment (now): each post, each right in force."""
    at = moment or clock.now()
    day = clock.legal_date(at)
    posts = (_post(post, day) for post in directory.posts_of(person_id, day))
    return (*posts, *(_lease(lease, at) for lease in leases_at(person_id, at)))


def stand_of_post(post_id: UUID, moment: datetime | None = None) -> tuple[Stand, ...]:
    """Return the stand of a post at a moment (now); none where it was vacant or not in force."""
    day = clock.legal_date(moment or clock.now())
    try:
        return (_post(directory.post(post_id), day),)
    except Refusal:
        return ()


def noon(day: date | None) -> datetime:
    """Return the middle of a legal day (today), where a question names only the day."""
    return datetime.combine(day or clock.today(), time(12), tzinfo=clock.VIETNAM)


def _post(post: Post, day: date) -> Stand:
    return Stand(
        actor=directory.actor_for_post(post.id, day),
        title=post.title,
        agency=directory.agency(post.agency_id).name,
        term=str(post.valid),
    )


def _lease(lease: LeaseView, at: datetime) -> Stand:
    start, end = (one.astimezone(clock.VIETNAM) for one in (lease.from_at, lease.until_at))
    return Stand(
        actor=actor_of_lease(lease, at=at),
        title=f"quyền có thời hạn ({lease.role_say})",
        agency=lease.agency_name,
        term=f"từ {start:%H:%M %d/%m/%Y} đến {end:%H:%M %d/%m/%Y}",
        lease=lease,
    )
