"""Separation of duties: pairs of roles that nobody holds together over one agency."""

from collections.abc import Collection
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
    return view(row)


def pairs(on: date | None = None) -> tuple[PairView, ...]:
    """Return the pairs in force on a day (today)."""
    return tuple(view(row) for row in in_force(on or clock.today()))


def require_apart(person_id: UUID | None, role: str, agency_id: UUID) -> None:
    """Raise Conflict when the person holds over the agency what may not stand beside the role."""
    if person_id is not None:
        require_roles_apart(
            person_id=person_id, roles={role}, agency_id=agency_id, day=clock.today()
        )


def require_roles_apart(
    *, person_id: UUID, roles: Collection[str], agency_id: UUID, day: date
) -> None:
    """Raise Conflict when a new post or right from a day on would bring together, over one agency,
    roles that stand apart: within itself, or beside what the person holds. The directory asks this
    of every appointment; what stood before is not ended but listed (`role_conflicts`).
    """
    found = in_force(max(day, clock.today()))
    held = roles_over(person_id, agency_id, max(day, clock.today())) if found else set()
    for pair in found:
        for role, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if role in roles and other in held | set(roles):
                raise _apart(role, other, pair, held=other in held)


def roles_over(person_id: UUID, agency_id: UUID, day: date) -> set[str]:
    """Return the roles that a person has on a day over an agency or a part of it, by posts and by
    rights for a time.
    """
    held: set[str] = set()
    for post in directory.posts_of(person_id, day):
        if meet(post.agency_id, agency_id, day):
            held |= post.roles
    leased = Lease.objects.filter(
        person_id=person_id, state=Lease.State.GRANTED, until_at__gt=clock.now()
    ).values_list("role", "agency_id")
    return held | {role for role, over in leased if meet(over, agency_id, day)}


def in_force(day: date) -> list[RolePair]:
    """Return the declared pairs of a day."""
    begun = Q(from_date=None) | Q(from_date__lte=day)
    return list(
        RolePair.objects.filter(begun, Q(until_date=None) | Q(until_date__gt=day)).order_by(
            "one", "other"
        )
    )


def meet(one: UUID, other: UUID, day: date) -> bool:
    """Two agencies meet when one is, or lies below, the other."""
    return one == other or one in directory.scope(other, day) or other in directory.scope(one, day)


def _apart(role: str, other: str, pair: RolePair, *, held: bool) -> Conflict:
    now = (
        f"Người này đang giữ vai trò {ROLES[other]} tại cơ quan đó."
        if held
        else f"Chức danh này gộp cả vai trò {ROLES[other]}."
    )
    return Conflict(
        code="access.roles_apart",
        what=f"Không cấp được vai trò {ROLES[role]} cho người này.",
        why=f"{now} {pair.reason} Căn cứ: {pair.source}.",
        mend="Hãy giao cho người khác.",
        data={"role": role, "other": other},
    )


def view(row: RolePair) -> PairView:
    """Return a pair as others see it."""
    return PairView(
        one=row.one,
        other=row.other,
        one_say=ROLES[row.one],
        other_say=ROLES[row.other],
        reason=row.reason,
        source=row.source,
        unverified=row.unverified,
    )
