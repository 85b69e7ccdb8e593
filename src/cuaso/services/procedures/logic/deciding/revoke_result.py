from uuid import UUID

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Authority
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.locker import api as locker
from cuaso.services.procedures.logic.course import asked, grounds, steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def revoke_result(
    *, id: UUID, reason: str, ground: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Take an issued result back: it loses its force at once, and whoever checks it learns so.

    By a leader of the competent agency who has the authority at this minute; `ground` is a code of
    `revoke_ground`. Refused: no authority, no issued result, a correction under way, no reason.
    """
    why, reason = asked.both(
        lambda: grounds.chosen(act="revoke", code=ground), lambda: refuse.require_reason(reason)
    )
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="lead", version=version)
        held = _authority(dossier, actor)
        result = issued(dossier)
        locker.revoke(verify_code=result.verify_code, reason=f"{why.label}. {reason}", actor=actor)
        result.state, result.revoked_at, result.revoked_by = "revoked", clock.now(), actor.name
        result.revoked_ground, result.revoked_reason = why.label, reason
        result.save(
            update_fields=[
                "state",
                "revoked_at",
                "revoked_by",
                "revoked_ground",
                "revoked_reason",
            ]
        )
        notify.applicant(dossier, template="result_revoked", reason=f"{why.label}. {reason}")
        steps.finish_act(
            dossier,
            actor=actor,
            act="result_revoked",
            content={
                "number": result.number,
                "ground": why.code,
                **access.as_content(held),
            },
            reason=f"{why.label}. {reason}",
        )
    return dossier, actor


def _authority(dossier: Dossier, actor: Actor) -> Authority:
    """Who takes back signs for the agency that signed, or for the one that settled."""
    signs = dossier.signing_agency_id
    return access.require_authority(
        post_id=actor.post_id,
        agency_id=signs if signs and signs == actor.agency_id else dossier.agency_id,
        matter=dossier.procedure.code,
    )


def issued(dossier: Dossier) -> Result:
    """Lock and return the dossier's issued result; raise Conflict when it has none in force."""
    result = Result.objects.select_for_update().filter(dossier=dossier, state="issued").first()
    if result is None:
        raise Conflict(
            code="procedures.no_issued_result",
            what="Chưa thực hiện được.",
            why="Hồ sơ không có kết quả đang có hiệu lực, hoặc bản đính chính đang chờ ký.",
            mend="Hãy xem mục Kết quả của hồ sơ.",
        )
    return result
