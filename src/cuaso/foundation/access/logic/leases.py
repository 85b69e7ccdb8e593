"""Rights for a time: asked for, decided by another, looked at again, ended. Each act is kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from cuaso.foundation.access.contracts import LeaseView
from cuaso.foundation.access.logic import lease_refusals as refusals
from cuaso.foundation.access.logic.pairs import require_apart
from cuaso.foundation.access.logic.words import ROLES
from cuaso.foundation.access.models import Lease
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

LONGEST: Final = timedelta(days=180)
LONGEST_EMERGENCY: Final = timedelta(hours=4)
CHECKED_EVERY: Final = timedelta(days=30)
DECIDERS: Final = frozenset({"leader", "admin"})


def ask_lease(
    *,
    role: str,
    agency_id: UUID,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    actor: Actor,
    basis: str = "",
) -> LeaseView:
    """Ask for a role over an agency for a time; it holds once another official has granted it.

    Raises NotAllowed for who is no official, Invalid for an unfit role, term or missing reason,
    Conflict for a role that may not stand beside one that the person holds.
    """
    person_id, post_id = refusals.require_official(actor)
    refusals.require_fit(role, reason, from_at, until_at, longest=LONGEST)
    with transaction.atomic():
        require_apart(person_id, role, agency_id)
        row = _new((person_id, post_id), role, agency_id, reason, (from_at, until_at))
        row.basis, row.state = basis.strip(), Lease.State.WAITING
        row.save()
        _write(row, act="access.lease_asked", actor=actor, reason=row.reason)
    return view(row)


def break_glass(
    *, role: str, agency_id: UUID, lasts: timedelta, reason: str, actor: Actor
) -> LeaseView:
    """Take a role over one agency at once, in an emergency, for at most four hours.

    The role is one that neither signs, seals nor gives rights; agencies below are not reached.
    Nobody is asked before; the agency's leaders and administrators are told and must look at it.
    Raises as `ask_lease` does.
    """
    person_id, post_id = refusals.require_official(actor)
    now = clock.now()
    refusals.require_emergency_role(role)
    refusals.require_fit(role, reason, now, now + lasts, longest=LONGEST_EMERGENCY)
    with transaction.atomic():
        require_apart(person_id, role, agency_id)
        row = _new((person_id, post_id), role, agency_id, reason, (now, now + lasts))
        row.emergency, row.state = True, Lease.State.GRANTED
        row.check_date = clock.today()
        row.save()
        _write(row, act="access.glass_broken", actor=actor, reason=row.reason)
        audit.publish(
            topic="access.glass_broken",
            subject=_subject(row),
            payload={
                "agency": str(agency_id),
                "person": str(actor.person_id),
                "name": directory.person(person_id).name,
                "role": role,
                "role_say": ROLES[role],
                "reason": row.reason,
                "until": row.until_at.isoformat(),
            },
        )
    return view(row)


def decide_lease(*, id: UUID, grant: bool, reason: str, actor: Actor) -> LeaseView:
    """Grant or refuse what was asked: by another person, who leads or administers that agency.

    A grant holds for its term and must be looked at again every 30 days. Raises NotAllowed,
    Conflict when it was decided already or the roles may not stand together, NotFound.
    """
    with transaction.atomic():
        row = _locked(id)
        _require_decider(row, actor)
        if row.state != Lease.State.WAITING:
            raise refusals.decided()
        if grant:
            require_apart(row.person_id, row.role, row.agency_id)
        refusals.require_reason(reason)
        row.state = Lease.State.GRANTED if grant else Lease.State.REFUSED
        row.decided_at, row.decided_by = clock.now(), actor.name
        row.decided_by_person_id, row.decision_reason = actor.person_id, reason.strip()
        row.check_date = clock.legal_date(row.from_at) + CHECKED_EVERY if grant else None
        row.save()
        done = "granted" if grant else "refused"
        _write(row, act=f"access.lease_{done}", actor=actor, reason=row.decision_reason)
    return view(row)


def check_lease(*, id: UUID, keep: bool, reason: str, actor: Actor) -> LeaseView:
    """Look at a right again: it is still needed for another 30 days, or it ends now."""
    if not keep:
        return end_lease(id=id, reason=reason, actor=actor)
    with transaction.atomic():
        row = _locked(id)
        _require_decider(row, actor)
        if row.state != Lease.State.GRANTED:
            raise refusals.decided()
        refusals.require_reason(reason)
        row.checked_at, row.checked_by = clock.now(), actor.name
        row.check_date = clock.today() + CHECKED_EVERY
        row.save(update_fields=["checked_at", "checked_by", "check_date"])
        _write(row, act="access.lease_checked", actor=actor, reason=reason.strip())
    return view(row)


def end_lease(*, id: UUID, reason: str, actor: Actor) -> LeaseView:
    """End a right before its time: by who holds it, or by who leads or administers the agency."""
    with transaction.atomic():
        row = _locked(id)
        if actor.person_id is None or actor.person_id != row.person_id:
            _require_decider(row, actor)
        if row.state not in (Lease.State.GRANTED, Lease.State.WAITING):
            raise refusals.decided()
        refusals.require_reason(reason)
        row.state, row.ended_at = Lease.State.ENDED, clock.now()
        row.ended_by, row.end_reason = actor.name, reason.strip()
        row.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
        _write(row, act="access.lease_ended", actor=actor, reason=row.end_reason)
    return view(row)


def end_due(*, actor: Actor) -> int:
    """Write down what has run out, and end what nobody looked at again in time; return how many.

    A right is without force from its end on, whether or not this has run.
    """
    over = Q(until_at__lte=clock.now()) | Q(emergency=False, check_date__lt=clock.today())
    waiting = Q(state=Lease.State.WAITING, until_at__lte=clock.now())
    done = 0
    due = _rows((Q(state=Lease.State.GRANTED) & over) | waiting)
    for id in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(id)
            if row.state not in (Lease.State.GRANTED, Lease.State.WAITING):
                continue
            ran_out = row.until_at <= clock.now()
            row.ended_at = row.until_at if ran_out else clock.now()
            row.state, row.ended_by = Lease.State.ENDED, actor.name
            row.end_reason = "Hết thời hạn." if ran_out else "Không được rà soát lại đúng hạn."
            row.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
            _write(row, act="access.lease_ended", actor=actor, reason=row.end_reason)
            done += 1
    return done


def take_up(*, id: UUID, actor: Actor) -> Actor:
    """Return the actor of a right that is in force, and write down that it is used from now on."""
    with transaction.atomic():
        row = _locked(id)
        if row.person_id != actor.person_id or not _in_force(row, clock.now()):
            raise refusals.unknown()
        _write(row, act="access.lease_taken_up", actor=actor, reason=row.reason)
    return actor_of_lease(view(row), at=clock.now())


def held_lease(id: UUID, person_id: UUID | None) -> LeaseView | None:
    """Return a person's right if it is in force now."""
    row = Lease.objects.filter(pk=id).first()
    if row is None or row.person_id != person_id or not _in_force(row, clock.now()):
        return None
    return view(row)


def leases_at(person_id: UUID, at: datetime) -> tuple[LeaseView, ...]:
    """Return the rights that a person had at a moment, also of the past."""
    rows = _rows(Q(person_id=person_id, from_at__lte=at, until_at__gt=at)).order_by("from_at")
    return tuple(view(row) for row in rows if _in_force(row, at))


def my_leases(*, actor: Actor) -> tuple[LeaseView, ...]:
    """Return what the actor asked for and has, newest first."""
    if actor.person_id is None:
        return ()
    return _views(_rows(Q(person_id=actor.person_id)).order_by("-asked_at")[:100])


def leases_to_decide(*, actor: Actor) -> tuple[LeaseView, ...]:
    """Return what waits for the actor: asked for, or due to be looked at again."""
    if actor.person_id is None or actor.kind != "official" or not actor.roles & DECIDERS:
        return ()
    due = Q(state=Lease.State.GRANTED, check_date__lte=clock.today(), until_at__gt=clock.now())
    mine = Q(agency_id__in=actor.agency_scope) & (Q(state=Lease.State.WAITING) | due)
    return _views(_rows(mine).exclude(person_id=actor.person_id).order_by("asked_at")[:200])


def leases_over(*, actor: Actor) -> tuple[LeaseView, ...]:
    """Return the rights in force over the actor's agencies, for who decides or audits."""
    if actor.kind != "official" or not actor.roles & (DECIDERS | {"auditor"}):
        return ()
    now = clock.now()
    mine = Q(agency_id__in=actor.agency_scope, state=Lease.State.GRANTED)
    rows = _rows(mine & Q(from_at__lte=now, until_at__gt=now)).order_by("until_at")
    return _views(rows[:200])


def actor_of_lease(lease: LeaseView, *, at: datetime) -> Actor:
    """Return who acts by a right: the person, from their post, with the right's role and agency."""
    below = directory.scope(lease.agency_id, clock.legal_date(at))
    return Actor(
        kind="official",
        name=f"{lease.person_name} (quyền có thời hạn: {lease.role_say})",
        person_id=lease.person_id,
        post_id=lease.post_id,
        agency_id=lease.agency_id,
        agency_scope=frozenset({lease.agency_id} if lease.emergency else below),
        roles=frozenset({lease.role}),
    )


def view(row: Lease) -> LeaseView:
    """Return a right as others see it."""
    now = clock.now()
    granted = row.state == Lease.State.GRANTED and row.until_at > now
    return LeaseView(
        id=row.id,
        person_id=row.person_id,
        person_name=directory.person(row.person_id).name,
        post_id=row.post_id,
        role=row.role,
        role_say=ROLES[row.role],
        agency_id=row.agency_id,
        agency_name=directory.agency(row.agency_id).name,
        reason=row.reason,
        basis=row.basis,
        emergency=row.emergency,
        state=row.state,  # type: ignore[arg-type] # the same words
        state_say=str(Lease.State(row.state).label),
        asked_at=row.asked_at,
        from_at=row.from_at,
        until_at=row.until_at,
        decided_by=row.decided_by,
        decision_reason=row.decision_reason,
        check_date=row.check_date,
        checked_by=row.checked_by,
        ended_at=row.ended_at,
        in_force=_in_force(row, now),
        due=granted and row.check_date is not None and row.check_date <= clock.today(),
    )


def _in_force(row: Lease, at: datetime) -> bool:
    """A right in the past is judged by when it was decided and ended, not by what it is now."""
    granted = row.state in (Lease.State.GRANTED, Lease.State.ENDED)
    begun = row.emergency or (row.decided_at is not None and row.decided_at <= at)
    ended = row.ended_at is not None and row.ended_at <= at
    return granted and begun and not ended and row.from_at <= at < row.until_at


def _new(
    who: tuple[UUID, UUID], role: str, agency_id: UUID, reason: str, term: tuple[datetime, datetime]
) -> Lease:
    directory.agency(agency_id)
    return Lease(
        person_id=who[0],
        post_id=who[1],
        role=role,
        agency_id=agency_id,
        reason=reason.strip(),
        asked_at=clock.now(),
        from_at=term[0],
        until_at=term[1],
    )


def _rows(wanted: Q) -> QuerySet[Lease]:
    return Lease.objects.filter(wanted)


def _views(rows: Iterable[Lease]) -> tuple[LeaseView, ...]:
    return tuple(view(row) for row in rows)


def _locked(id: UUID) -> Lease:
    row = Lease.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise refusals.unknown()
    return row


def _require_decider(row: Lease, actor: Actor) -> None:
    """Two eyes more: nobody decides for themselves, and who decides answers for the agency."""
    if actor.person_id is not None and actor.person_id == row.person_id:
        raise refusals.own_request()
    fit = actor.kind == "official" and actor.roles & DECIDERS
    if not fit or row.agency_id not in actor.agency_scope:
        raise refusals.not_yours()


def _subject(row: Lease) -> Subject:
    return Subject(kind="access.lease", id=row.id)


def _write(row: Lease, *, act: str, actor: Actor, reason: str) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=_subject(row),
        content={
            "person": str(row.person_id),
            "post": str(row.post_id),
            "role": row.role,
            "agency": str(row.agency_id),
            "from": row.from_at.isoformat(),
            "until": row.until_at.isoformat(),
            "emergency": row.emergency,
            "check": str(row.check_date or ""),
        },
        reason=reason,
    )
