"""Who holds two roles that stand apart since before that was declared: listed, looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.foundation.access.check_contracts import RoleConflict
from cuaso.foundation.access.logic import lease_refusals as refusals
from cuaso.foundation.access.logic.leases import CHECKED_EVERY, DECIDERS
from cuaso.foundation.access.logic.pairs import in_force, meet, view
from cuaso.foundation.access.models import Lease, PairCheck, RolePair
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

READERS: Final = DECIDERS | {"auditor"}


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A role that a person has over an agency; `words` say by what."""

    person_id: UUID
    name: str
    agency_id: UUID
    words: str


def role_conflicts(*, actor: Actor) -> tuple[RoleConflict, ...]:
    """Return who holds both roles of a pair in the actor's agencies today: those first who are due
    to be looked at. For who decides on rights or audits; nobody loses a post by it.
    """
    if actor.kind != "official" or not actor.roles & READERS or actor.agency_id is None:
        return ()
    kept = {(row.person_id, row.one, row.other): row for row in PairCheck.objects.all()}
    found = [
        _conflict(pair, one, other, kept.get((one.person_id, pair.one, pair.other)))
        for pair in in_force(clock.today())
        for one, other in _both(pair, actor.agency_id, clock.today())
    ]
    return tuple(sorted(found, key=lambda each: (not each.due, each.person_name)))


def keep_conflict(*, person_id: UUID, one: str, other: str, reason: str, actor: Actor) -> None:
    """Say why a person keeps both roles for another 30 days; by another who leads or administers.

    Raises NotAllowed for one's own, NotFound when there is no such conflict in the actor's
    agencies, Invalid without a reason. To end it, end one of the posts.
    """
    if actor.person_id == person_id:
        raise refusals.own_request()
    if not actor.roles & DECIDERS:
        raise refusals.not_yours()
    refusals.require_reason(reason)
    wanted = (person_id, *sorted((one, other)))
    if wanted not in {
        (each.person_id, each.pair.one, each.pair.other) for each in role_conflicts(actor=actor)
    }:
        raise NotFound(
            code="access.no_conflict",
            what="Không có người nào đang kiêm hai vai trò này tại cơ quan của ông/bà.",
            mend="Hãy tải lại trang.",
        )
    with transaction.atomic():
        row, _ = PairCheck.objects.update_or_create(
            person_id=person_id,
            one=wanted[1],
            other=wanted[2],
            defaults={
                "reason": reason.strip(),
                "checked_at": clock.now(),
                "checked_by": actor.name,
                "check_date": clock.today() + CHECKED_EVERY,
            },
        )
        audit.record(
            actor=actor,
            act="access.conflict_kept",
            subject=Subject(kind="access.pair_check", id=row.id),
            content={"person": str(person_id), "one": row.one, "other": row.other},
            reason=row.reason,
        )


def _both(pair: RolePair, agency_id: UUID, day: date) -> Iterator[tuple[_Held, _Held]]:
    """Yield each person once, with the first two holdings that meet."""
    others: dict[UUID, list[_Held]] = {}
    for held in _holding(pair.other, agency_id, day):
        others.setdefault(held.person_id, []).append(held)
    seen: set[UUID] = set()
    for one in _holding(pair.one, agency_id, day):
        met = [
            other
            for other in others.get(one.person_id, ())
            if meet(one.agency_id, other.agency_id, day)
        ]
        if met and one.person_id not in seen:
            seen.add(one.person_id)
            yield one, met[0]


def _holding(role: str, agency_id: UUID, day: date) -> Iterator[_Held]:
    for holder in directory.holders_below(agency_id, role, day):
        yield _Held(
            person_id=holder.person.id,
            name=holder.person.name,
            agency_id=holder.post.agency_id,
            words=f"{holder.post.title}, {directory.agency(holder.post.agency_id).name}",
        )
    leased = Lease.objects.filter(
        role=role,
        agency_id__in=directory.scope(agency_id, day),
        state=Lease.State.GRANTED,
        from_at__lte=clock.now(),
        until_at__gt=clock.now(),
    )
    for row in leased:
        until = row.until_at.astimezone(clock.VIETNAM)
        yield _Held(
            person_id=row.person_id,
            name=directory.person(row.person_id).name,
            agency_id=row.agency_id,
            words=f"quyền có thời hạn đến {until:%d/%m/%Y}, {directory.agency(row.agency_id).name}",
        )


def _conflict(pair: RolePair, one: _Held, other: _Held, row: PairCheck | None) -> RoleConflict:
    return RoleConflict(
        person_id=one.person_id,
        person_name=one.name,
        pair=view(pair),
        one_held_as=one.words,
        other_held_as=other.words,
        check_date=row.check_date if row else None,
        checked_by=row.checked_by if row else "",
        check_reason=row.reason if row else "",
        due=row is None or row.check_date <= clock.today(),
    )
