"""Guardianship of wards and representation of businesses, with days."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory.models import Tie
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line

Kind = Literal["guardian", "representative"]


def tie(
    *, kind: Kind, person_id: UUID, other_id: UUID, basis: str, start: date, actor: Actor
) -> UUID:
    """Make a person guardian of a ward or representative of a business from a day on.

    `basis` names the paper that says so. Raises Conflict when the tie already holds.
    """
    try:
        with transaction.atomic():
            row = Tie.objects.create(
                kind=kind,
                person_id=person_id,
                other_id=other_id,
                basis=one_line(basis),
                from_date=start,
            )
            _record(row, act="directory.tied", actor=actor)
    except IntegrityError as error:
        raise Conflict(
            code="directory.tied_already",
            what="Không ghi nhận được quan hệ giám hộ hoặc đại diện.",
            why="Quan hệ này đã có hiệu lực, hoặc người và đối tượng là một.",
            mend="Hãy xem lại quan hệ đã ghi nhận.",
        ) from error
    return row.id


def ties_of(person_id: UUID, kind: Kind) -> dict[UUID, UUID]:
    """Return today's ties of a person of one kind: whom they stand for, and the tie's id."""
    rows = Tie.objects.valid_on(clock.today()).filter(person_id=person_id, kind=kind)
    return dict(rows.values_list("other_id", "id"))


def untie(*, tie_id: UUID, end: date, actor: Actor, reason: str) -> None:
    """End a tie: `end` is the first day on which it no longer holds."""
    with transaction.atomic():
        row = Tie.objects.select_for_update().filter(pk=tie_id).first()
        if row is None or (row.from_date is not None and end <= row.from_date):
            raise NotFound(
                code="directory.no_tie",
                what="Không có quan hệ giám hộ hoặc đại diện nào để chấm dứt vào ngày này.",
                mend="Hãy kiểm tra lại người và ngày.",
            )
        row.until_date = end
        row.save(update_fields=["until_date"])
        _record(row, act="directory.untied", actor=actor, reason=reason)


def _record(row: Tie, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="directory.person", id=row.other_id),
        content={"kind": row.kind, "person": str(row.person_id), "basis": row.basis},
        reason=reason,
    )
