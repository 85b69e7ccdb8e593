"""Whose affair a dossier is and how it stands, for the services that build on procedures."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cuaso.kernel import clock
from cuaso.services.procedures.contracts import Cited
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import catalogue, declared, rows
from cuaso.services.procedures.logic.matter.status import Status


@dataclass(frozen=True, kw_only=True)
class Affair:
    """Who stands behind a dossier, which agency settles it and whether it was late.

    `late`: it ended, or stands open now, after the moment that it was due.
    """

    id: UUID
    tracking_code: str
    dossier_code: str
    title: str
    procedure_code: str
    procedure_title: str
    person_id: UUID
    party_id: UUID
    applicant_name: str
    agency_id: UUID
    delivered: bool
    late: bool


def affair(id: UUID) -> Affair:
    """Return a dossier's affair; raise NotFound.

    Holds no answer of a form. It asks no right: who shows it to people asks for theirs first.
    """
    row = rows.dossier(id)
    if row is None:
        raise steps.unknown()
    return Affair(
        id=row.id,
        tracking_code=row.tracking_code,
        dossier_code=row.dossier_code or "",
        title=row.title,
        procedure_code=row.procedure.code,
        procedure_title=row.procedure.title,
        person_id=row.person_id,
        party_id=row.party_id,
        applicant_name=row.applicant_name,
        agency_id=row.agency_id,
        delivered=row.status == Status.DELIVERED,
        late=_late(row.due_at, row.finished_at),
    )


def _late(due_at: datetime | None, finished_at: datetime | None) -> bool:
    return due_at is not None and (finished_at or clock.now()) > due_at


def rule(*, code: str, name: str, on: date) -> Cited | None:
    """Return what the law beyond a procedure says on a day under a name; None if nothing."""
    said = declared.law(catalogue.version_on(code=code, on=on), on=on).get(name)
    if said is None:
        return None
    return Cited(
        say=str(said["value"]), source=str(said["source"]), unverified=bool(said["unverified"])
    )
