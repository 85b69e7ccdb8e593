"""What the registry of officials does to posts: one post follows it from a day on."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.appoint import appoint, note_post
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.text import one_line

DAY = timedelta(days=1)


def hold_post(
    *,
    person_id: UUID,
    place: contracts.Kept,
    title: str,
    roles: Iterable[str],
    start: date,
    actor: Actor,
    reason: str,
    known: UUID | None = None,
) -> contracts.Post:
    """Let a person hold this post from a day on in the place of the `known` one, which ends then.

    When the known post is this one it goes on: an end written by mistake is taken back, a beginning
    still to come moves to the new day. Posts beside the known one are left alone.
    """
    wanted = (place.agency_id, place.unit_id, one_line(title))
    with transaction.atomic():
        row = models.Post.objects.select_for_update().filter(pk=known).first() if known else None
        if row is not None and (row.agency_id, row.unit_id, row.title) == wanted:
            if row.until_date is None or start <= row.until_date:
                return _continue(row, start, actor=actor, reason=reason)
        elif row is not None:
            _end(row, start, actor=actor, reason=reason)
        return appoint(
            agency_id=place.agency_id,
            unit_id=place.unit_id,
            person_id=person_id,
            title=title,
            roles=roles,
            start=start,
            actor=actor,
            reason=reason,
        )


def end_posts(
    *, person_id: UUID, end: date, actor: Actor, reason: str
) -> tuple[contracts.Post, ...]:
    """End every post that a person holds on the day `end` or later: `end` is the first day on which
    nobody acts from them. One that begins no earlier keeps its first day alone.
    """
    held = models.Post.objects.select_for_update().filter(person_id=person_id)
    with transaction.atomic():
        rows = [row for row in held if row.until_date is None or row.until_date > end]
        return tuple(views.post(row) for row in rows if _end(row, end, actor=actor, reason=reason))


def _continue(row: models.Post, start: date, *, actor: Actor, reason: str) -> contracts.Post:
    """Take back an end; let a post that has not begun, or began earlier than known, begin then."""
    begun = row.from_date or start
    fresh = start if start < begun or begun > clock.today() else begun
    if row.until_date is not None or fresh != row.from_date:
        row.until_date, row.from_date = None, fresh
        row.save(update_fields=["until_date", "from_date"])
        note_post(row, act="directory.post_continued", actor=actor, reason=reason)
        MEMORY.renew()
    return views.post(row)


def _end(row: models.Post, end: date, *, actor: Actor, reason: str) -> bool:
    """End a post, at the earliest after its first day; say whether that changed anything."""
    last = max(end, row.from_date + DAY) if row.from_date else end
    if row.until_date is not None and row.until_date <= last:
        return False
    row.until_date = last
    row.save(update_fields=["until_date"])
    note_post(row, act="directory.post_ended", actor=actor, reason=reason)
    MEMORY.renew()
    return True
