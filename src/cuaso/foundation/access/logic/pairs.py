"""Separation of duties: pairs of roles that nobody holds together over one agency."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cuaso.foundation.access.contracts import PairView
from cuaso.foundation.access.logic.words import ROLES
from cuaso.foundation.access.models import Lease, RolePair
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject


def declare_pair(
    *,
    one: str,
    other: str,
    reason: str,
    source: str,
    actor: Actor,
    since: date | None = None,
    unverified: bool = False,
) -> PairView:
    """Say that two roles may not be held together from a day on; the same pair again is one.

    Raises Invalid for roles that do not exist or are the same.
    """
    first, second = sorted((one, other))
    if first == second or not {first, second} <= ROLES.keys():
        raise Invalid(
            code="access.pair_unfit",
            what="Chưa khai báo được cặp vai trò.",
            mend="Hãy chọn hai vai trò khác nhau trong danh sách.",
            problems=(Problem(field="other", say="Hãy chọn hai vai trò khác nhau."),),
        )
    with transaction.atomic():
        row, fresh = RolePair.objects.get_or_create(
            one=first,
            other=second,
            until_date=None,
            defaults={
                "reason": reason,
                "source": source,
                "unverified": unverified,
                "from_date": since,
            },
        )
        if fresh:
            audit.record(
                actor=actor,
                act="access.pair_declared",
                subject=Subject(kind="access.pair", id=row.id),
                content={"one": first, "other": second, "source": source},
                reason=reason,
            )
    return _view(row)


def pairs(on: date | None = None) -> tuple[PairView, ...]:
    """Return the pairs in force on a day (today)."""
    return tuple(_view(row) for row in _in_force(on or clock.today()))


def require_apart(person_id: UUID | None, role: str, agency_id: UUID) -> None:
    """Raise Conflict when the person holds over the agency what may not stand beside the role."""
    if person_id is None:
        return
    held = _roles_over(person_id, agency_id)
    for pair in _in_force(clock.today()):
        if role in (pair.one, pair.other) and {pair.one, pair.other} - {role} <= held:
            other = pair.other if pair.one == role else pair.one
            raise Conflict(
                code="access.roles_apart",
                what=f"Không cấp được vai trò {ROLES[role]} cho người này.",
                why=f"Người này đang giữ vai trò {ROLES[other]} tại cơ quan đó. {pair.reason} "
                f"Căn cứ: {pair.source}.",
                mend="Hãy giao cho người khác.",
                data={"role": role, "other": other},
            )


def _roles_over(person_id: UUID, agency_id: UUID) -> set[str]:
    """Return the roles that a person has over an agency now, by posts and by rights for a time."""
    now = clock.now()
    held: set[str] = set()
    for post in directory.posts_of(person_id):
        if agency_id in directory.scope(post.agency_id, clock.today()):
            held |= post.roles
    leased = Lease.objects.filter(
        person_id=person_id, state=Lease.State.GRANTED, until_at__gt=now
    ).values_list("role", "agency_id")
    for role, over in leased:
        if agency_id in directory.scope(over, clock.today()):
            held.add(role)
    return held


def _in_force(day: date) -> list[RolePair]:
    begun = Q(from_date=None) | Q(from_date__lte=day)
    return list(
        RolePair.objects.filter(begun, Q(until_date=None) | Q(until_date__gt=day)).order_by(
            "one", "other"
        )
    )


def _view(row: RolePair) -> PairView:
    return PairView(
        one=row.one,
        other=row.other,
        one_say=ROLES[row.one],
        other_say=ROLES[row.other],
        reason=row.reason,
        source=row.source,
        unverified=row.unverified,
    )
