from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow import api as workflow
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.act_models import Stop
from cuaso.services.procedures.logic.clock import pause
from cuaso.services.procedures.logic.course import asked, grounds, standing, steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def stop(
    *, id: UUID, reason: str, ground: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Stop work on a received dossier: national status 8. `ground` is a code of `stop_ground`.

    Refused: a dossier that ended or was not received, one whose result is signed or issued, no
    reason. The flow ends, every open step is closed, the applicant is told.
    Source: circular 03/2025/TT-VPCP, annex I, form 05.
    """
    why, reason = asked.both(
        lambda: grounds.chosen(act="stop", code=ground), lambda: refuse.require_reason(reason)
    )
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        standing.require_open(dossier)
        standing.require_received(dossier)
        standing.require_unsigned(dossier)
        at = clock.now()
        Stop.objects.create(
            dossier=dossier,
            ground=why.code,
            ground_say=why.label,
            source=why.source,
            reason=reason,
            stopped_by=actor.name,
            stopped_at=at,
        )
        dossier.status, dossier.finished_at = Status.STOPPED, at
        dossier.waiting_say, dossier.closed_reason = "", f"{why.label}. {reason}"
        pause.drop(dossier, actor=actor)
        end_flow(dossier, actor=actor, reason=reason, outcome="stopped")
        Result.objects.filter(dossier=dossier).update(state="cancelled")
        notify.applicant(dossier, template="stopped", reason=dossier.closed_reason)
        steps.finish_act(
            dossier, actor=actor, act="stopped", content={"ground": why.code}, reason=reason
        )
    return dossier, actor


def end_flow(dossier: Dossier, *, actor: Actor, reason: str, outcome: str) -> None:
    """End the dossier's flow before its time and close every open step."""
    workflow.cancel(instance_id=steps.required_flow(dossier), reason=reason, actor=actor)
    for work in dossier.works.filter(done_at=None):
        steps.close(work, actor=actor, outcome=outcome)
