"""Who is told of changes, and telling them: in order, and after an outage from where it stopped."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import named
from cuaso.capabilities.provisioning.logic.sealed import seal
from cuaso.capabilities.provisioning.logic.tell_scim import ScimTeller
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line

BATCH: Final = 500
LEASE: Final = timedelta(minutes=2)
FIRST_DELAY: Final = timedelta(seconds=2)
LONGEST_DELAY: Final = timedelta(minutes=5)
log = logging.getLogger(__name__)


class Teller(Protocol):
    """Tells one follower. `kinds` is what it wants to know of."""

    kinds: tuple[contracts.Kind, ...]

    def tell(self, shown: Sequence[models.Entry], gone: Sequence[models.Entry]) -> None:
        """Give the follower entries and take others away; raise Unavailable when it cannot."""


def follow(
    *,
    name: str,
    way: str,
    address: str,
    actor: Actor,
    token: str = "",
    agency_id: UUID | None = None,
) -> UUID:
    """Tell a system (`way` scim, or ldap) of everything from now on, beginning with what stands.

    agency_id: only that agency and all below it. Raises Conflict for a name that is in use.
    """
    stated = one_line(name)
    with transaction.atomic():
        named.refuse_taken(
            models.Follower,
            stated,
            code="provisioning.follower_exists",
            what=f"Hệ thống nhận “{stated}” đã được khai báo.",
            mend="Hãy chọn tên khác.",
        )
        row = models.Follower.objects.create(
            name=stated,
            way=way,
            address=address.rstrip("/"),
            secret=seal(token) if token else "",
            agency_id=agency_id,
        )
        _record(row, act="provisioning.follower_added", actor=actor)
    return row.id


def unfollow(*, name: str, actor: Actor, reason: str) -> None:
    """Tell a system no more; what it has stays with it. Raises NotFound."""
    with transaction.atomic():
        row = _named(name)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        _record(row, act="provisioning.follower_ended", actor=actor, reason=reason)


def tell_all_again(*, name: str, actor: Actor) -> None:
    """Tell a system everything once more from the beginning. Raises NotFound."""
    with transaction.atomic():
        row = _named(name)
        row.revision, row.failures, row.next_try_at = 0, 0, None
        row.placed.update(digest="")
        row.save(update_fields=["revision", "failures", "next_try_at"])
        _record(row, act="provisioning.follower_told_again", actor=actor)


def standings() -> tuple[contracts.Standing, ...]:
    """Return how far each follower has what it is told, by name."""
    rows = models.Follower.objects.filter(ended_at=None).order_by("name")
    return tuple(
        contracts.Standing(
            name=row.name,
            way=row.way,
            address=row.address,
            behind=models.Entry.objects.filter(revision__gt=row.revision).count(),
            failures=row.failures,
            trouble=row.trouble,
            told_at=row.told_at,
        )
        for row in rows
    )


def tell_followers() -> int:
    """Tell every system with SCIM whose turn it is; return how many entries were told."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=clock.now())
    rows = models.Follower.objects.filter(due, way="scim", ended_at=None).order_by("name")
    return sum(tell(row, ScimTeller(row)) for row in rows)


def tell(follower: models.Follower, teller: Teller) -> int:
    """Tell one follower its next batch; return how many entries. What fails is tried again later,
    from the same entry on: nothing is skipped.
    """
    if not _lease(follower):
        return 0
    batch = list(
        models.Entry.objects.filter(revision__gt=follower.revision).order_by("revision")[:BATCH]
    )
    try:
        _give(follower, teller, [row for row in batch if row.kind in teller.kinds])
    except Exception as error:  # noqa: BLE001 a system outside may fail in any way
        _remember_failure(follower, error)
        return 0
    if batch:
        follower.revision, follower.told_at = batch[-1].revision, clock.now()
    follower.failures, follower.trouble, follower.next_try_at = 0, "", None
    follower.save(update_fields=["revision", "told_at", "failures", "trouble", "next_try_at"])
    return len(batch)


def newest_revision() -> int:
    """Return the revision of the newest change, 0 for none."""
    newest = models.Entry.objects.aggregate(newest=Max("revision"))["newest"]
    return newest or 0


def _give(follower: models.Follower, teller: Teller, batch: Sequence[models.Entry]) -> None:
    scope = set(directory.scope(follower.agency_id, clock.today())) if follower.agency_id else None
    shown: list[models.Entry] = []
    gone: list[models.Entry] = []
    for row in batch:
        visible = scope is None or bool(scope & set(row.agency_ids))
        (shown if visible and row.gone_at is None else gone).append(row)
    if batch:
        teller.tell(shown, gone)


def _lease(follower: models.Follower) -> bool:
    """Take the turn, so that two processes never tell the same follower at once."""
    now = clock.now()
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    mine = models.Follower.objects.filter(due, pk=follower.pk, ended_at=None)
    if not mine.update(next_try_at=now + LEASE):
        return False
    follower.refresh_from_db()
    return True


def _remember_failure(follower: models.Follower, error: Exception) -> None:
    log.warning("%s could not be told: %s", follower.name, error)
    delay = min(FIRST_DELAY * 2 ** min(follower.failures, 12), LONGEST_DELAY)
    models.Follower.objects.filter(pk=follower.pk).update(
        failures=F("failures") + 1,
        trouble=_sentence(error)[:1000],
        next_try_at=clock.now() + delay,
    )
    follower.refresh_from_db()


def _sentence(error: Exception) -> str:
    if isinstance(error, Refusal):
        return str(error)
    return f"Có lỗi ngoài dự kiến ({type(error).__name__}: {error})."


def _named(name: str) -> models.Follower:
    return named.locked(
        models.Follower,
        name,
        code="provisioning.no_follower",
        what=f"Không có hệ thống nhận “{name}”.",
    )


def _record(row: models.Follower, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="provisioning.follower", id=row.id),
        content={
            "name": row.name,
            "way": row.way,
            "address": row.address,
            "agency": str(row.agency_id or ""),
        },
        reason=reason,
    )
