from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify

SHORTEST_REASON = 10


@viewing.shown
def refuse(*, id: UUID, reason: str, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Refuse a dossier with a reason: at reception it is not received, later it is stopped.

    Source: decree 61/2018/NĐ-CP, article 17; form 03 of circulars 01/2018 and 03/2025/TT-VPCP.
    """
    reason = require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "receive", "examine", actor=actor)
        actor = deputies.acting(actor, work)
        at_reception = work.element == "receive"
        dossier.status = Status.NOT_RECEIVED if at_reception else Status.STOPPED
        dossier.finished_at = clock.now()
        dossier.paused_at, dossier.closed_reason = None, reason
        steps.advance(dossier, work, decision="refuse", actor=actor)
        notify.applicant(dossier, template="refused", reason=reason)
        steps.finish_act(dossier, actor=actor, act="refused", content={}, reason=reason)
    return dossier, actor


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; raise Invalid when it says too little."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            code="procedures.reason_missing",
            what="Chưa thực hiện được.",
            why="Việc này phải có lý do rõ ràng để ghi vào hồ sơ.",
            mend=f"Hãy ghi lý do, ít nhất {SHORTEST_REASON} chữ cái.",
            problems=(Problem(field="reason", say="Hãy ghi rõ lý do."),),
        )
    return reason
