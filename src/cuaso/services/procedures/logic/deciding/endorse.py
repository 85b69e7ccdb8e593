"""The settling agency's leader agrees to a draft that another agency signs."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.course import deputies, standing, steps
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.models import Result


@viewing.shown
def endorse(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Initial the draft and send it to the agency that signs.

    The ledger keeps the digest of the draft that was agreed to; from then on nobody changes it
    until it is signed or sent back. Refused: the step waits for another, it is signed already.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "endorse", actor=actor)
        standing.require_unsigned(dossier)
        result = Result.objects.select_for_update().get(dossier=dossier)
        actor = deputies.acting(actor, work)
        steps.advance(dossier, work, decision="endorse", actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="endorsed",
            content={
                "result": str(result.id),
                "sha256": files.info(result.draft_file_id).sha256,
            },
        )
    return dossier, actor
