"""The authority of a post to sign: given, ended, asked for at any minute (decree 30/2020, 13)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from cuaso.foundation.access.contracts import MandateForm, MandateView
from cuaso.foundation.access.logic import mandate_refusals as refusals
from cuaso.foundation.access.models import Mandate
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

GIVERS: Final = frozenset({"leader", "admin"})


def give_mandate(
    *,
    form: MandateForm,
    post_id: UUID,
    agency_id: UUID,
    basis: str,
    from_at: datetime,
    actor: Actor,
    until_at: datetime | None = None,
    principal_post_id: UUID | None = None,
    matters: Iterable[str] = (),
) -> MandateView:
    """Let a post sign for an agency from a moment on: for the head (KT.), for the collective
    (TM.), by order (TL.) or by delegation (TUQ.), as a written decision says.

    `matters` are keys of procedures, none for all. Raises NotAllowed, Invalid for a missing basis,
    principal or term (a delegation has one and may not be passed on), Conflict for a second one of
    the same form for the same time.
    """
    refusals.require_giver(actor, agency_id, post_id, GIVERS)
    wanted = sorted(set(matters))
    refusals.require_fit(
        form=form,
        post_id=post_id,
        principal_post_id=principal_post_id,
        basis=basis,
        from_at=from_at,
        until_at=until_at,
    )
    with transaction.atomic():
        rows = Mandate.objects.select_for_update().filter(post_id=post_id, agency_id=agency_id)
        _require_no_other(rows, form, wanted, from_at, until_at)
        if principal_post_id and _only_delegated(principal_post_id, agency_id, from_at):
            raise refusals.passed_on()
        row = Mandate.objects.create(
            form=form,
            post_id=post_id,
            principal_post_id=principal_post_id,
            agency_id=agency_id,
            matters=wanted,
            basis=basis.strip(),
            from_at=from_at,
            until_at=until_at,
            given_at=clock.now(),
            given_by=actor.name,
        )
        _write(row, act="access.mandate_given", actor=actor)
    return view(row)


def end_mandate(*, id: UUID, reason: str, actor: Actor) -> MandateView:
    """End a mandate now; what was signed until this minute stays signed with authority."""
    with transaction.atomic():
        row = Mandate.objects.select_for_update().filter(pk=id, ended_at=None).first()
        if row is None:
            raise refusals.unknown()
        refusals.require_giver(actor, row.agency_id, None, GIVERS)
        refusals.require_reason(reason)
        row.ended_at, row.ended_by, row.end_reason = clock.now(), actor.name, reason.strip()
        row.save(update_fields=["ended_at", "ended_by", "end_reason"])
        _write(row, act="access.mandate_ended", actor=actor, reason=row.end_reason)
    return view(row)


def mandates(*, actor: Actor) -> tuple[MandateView, ...]:
    """Return who may sign for whom in the actor's agencies: in force, to come and past."""
    rows = Mandate.objects.filter(agency_id__in=actor.agency_scope or [actor.agency_id])
    return tuple(view(row) for row in rows.order_by("-from_at")[:300])


def view(row: Mandate) -> MandateView:
    """Return a mandate as others see it."""
    principal = row.principal_post_id
    return MandateView(
        id=row.id,
        form=row.form,  # type: ignore[arg-type] # the same words
        form_say=str(Mandate.Form(row.form).label),
        post_id=row.post_id,
        holder=directory.holder_name(row.post_id),
        title=directory.post(row.post_id).title,
        principal_post_id=principal,
        principal=directory.post(principal).title if principal else "",
        agency_id=row.agency_id,
        agency_name=directory.agency(row.agency_id).name,
        matters=tuple(row.matters),
        basis=row.basis,
        from_at=row.from_at,
        until_at=row.until_at,
        given_by=row.given_by,
        ended_at=row.ended_at,
        in_force=in_force(row, clock.now()),
    )


def in_force(row: Mandate, at: datetime) -> bool:
    """Say whether a mandate held at a moment, also of the past."""
    begun = row.from_at <= at and row.given_at <= at
    over = row.until_at is not None and row.until_at <= at
    return begun and not over and not (row.ended_at is not None and row.ended_at <= at)


def _require_no_other(
    rows: QuerySet[Mandate],
    form: str,
    matters: list[str],
    from_at: datetime,
    until_at: datetime | None,
) -> None:
    meets = Q(until_at=None) | Q(until_at__gt=from_at)
    if until_at is not None:
        meets &= Q(from_at__lt=until_at)
    if rows.filter(meets, form=form, matters=matters, ended_at=None).exists():
        raise refusals.given_already()


def _only_delegated(post_id: UUID, agency_id: UUID, at: datetime) -> bool:
    """Who signs by delegation only may not delegate further."""
    rows = [
        row
        for row in Mandate.objects.filter(post_id=post_id, agency_id=agency_id)
        if in_force(row, at) or in_force(row, clock.now())
    ]
    return bool(rows) and all(row.form == Mandate.Form.TUQ for row in rows)


def _write(row: Mandate, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="access.mandate", id=row.id),
        content={
            "form": row.form,
            "post": str(row.post_id),
            "principal": str(row.principal_post_id or ""),
            "agency": str(row.agency_id),
            "matters": row.matters,
            "basis": row.basis,
            "from": row.from_at.isoformat(),
            "until": row.until_at.isoformat() if row.until_at else "",
        },
        reason=reason,
    )
