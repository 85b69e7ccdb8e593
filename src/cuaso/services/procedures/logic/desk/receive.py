from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.applying import submit
from cuaso.services.procedures.logic.course import deputies, steps, timing
from cuaso.services.procedures.logic.matter import codes
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import finance, viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier


@viewing.shown
def receive(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Receive a dossier that is complete: the legal code and the due moment are given.

    Refused: another acted first, the step is not the actor's, the actor's own affair.
    Source: decree 61/2018/NĐ-CP, article 17; decree 118/2025/NĐ-CP.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        accept(dossier, actor=actor)
    return dossier, actor


def accept(dossier: Dossier, *, actor: Actor) -> None:
    """Do what receiving does to a locked dossier, inside the caller's transaction."""
    work = steps.waiting(dossier, "receive", actor=actor)
    actor = deputies.acting(actor, work)
    at = clock.now()
    dossier.received_at = dossier.received_at or at
    dossier.received_agency_id = work.agency_id or actor.agency_id
    finance.at_receipt(dossier, actor=actor)
    dossier.status = Status.IN_PROCESS
    timing.start_clock(dossier, at=at)
    steps.advance(dossier, work, decision="accept", actor=actor)
    agency = directory.agency(dossier.agency_id)
    # The last statement that locks: the series of the day serialises one agency's receipts.
    dossier.dossier_code = dossier.dossier_code or codes.dossier_code(
        agency_code=agency.code, day=clock.legal_date(at)
    )
    notify.applicant(dossier, template="received")
    steps.finish_act(
        dossier,
        actor=actor,
        act="received",
        content={
            "dossier_code": dossier.dossier_code,
            "due_at": dossier.due_at.isoformat() if dossier.due_at else "",
            "due_source": dossier.due_source,
        },
        searched=submit.searched(dossier),
    )
