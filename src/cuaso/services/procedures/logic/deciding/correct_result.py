"""Correct an issued result: a new version is signed, numbered and sealed, and then replaces it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.locker import api as locker
from cuaso.services.procedures.act_models import ReplacedResult
from cuaso.services.procedures.logic.course import corrections, steps
from cuaso.services.procedures.logic.deciding import revoke_result
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter import codes, declared
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def correct_result(
    *,
    id: UUID,
    values: Mapping[str, str],
    reason: str,
    actor: Actor,
    version: int | None = None,
) -> viewing.Acted:
    """Draft a result that shall replace the issued one, with corrected values by flat path.

    It goes to signature, number and seal like the first; until then the issued one stays in
    force. A correction that the leader sent back is drafted again. Refused: nothing issued, a
    wrong value (Invalid), no reason.
    """
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        again = dossier.works.filter(element=corrections.CORRECT, done_at=None).first()
        if again is None:
            result = _set_aside(dossier, reason=reason, actor=actor)
        else:
            result = Result.objects.select_for_update().get(dossier=dossier)
        result.values = corrected(dossier, result, values)
        render.draw_draft(dossier, result, actor=actor)
        result.save()
        if again is None:
            corrections.open_step(dossier, "approve")
        else:
            steps.advance(dossier, again, decision="propose", actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="correction_opened",
            content={"changed": sorted(values)},
            reason=reason,
        )
    return dossier, actor


def corrected(dossier: Dossier, result: Result, values: Mapping[str, str]) -> dict[str, object]:
    """Return the result's values with corrections; what registers gave to it stays.

    Raises Invalid for each path that is wrong.
    """
    cleaned = declared.clean_corrections(
        dossier.procedure, result.values, values, channel=dossier.channel
    )
    given = {name: value for name, value in result.values.items() if isinstance(value, str)}
    return {**given, **cleaned.stored}


def _set_aside(dossier: Dossier, *, reason: str, actor: Actor) -> Result:
    """Keep the issued result as it is, and make its row a fresh draft."""
    result = revoke_result.issued(dossier)
    if result.final_file_id is None:
        raise Conflict(code="procedures.no_result", what="Hồ sơ chưa có kết quả.")
    ReplacedResult.objects.create(
        dossier=dossier,
        title=result.title,
        number=result.number,
        number_date=result.number_date,
        signer=result.signer,
        signed_at=result.signed_at,
        issued_at=result.issued_at,
        final_file_id=result.final_file_id,
        verify_code=result.verify_code,
        locker_paper_id=result.locker_paper_id,
        values=result.values,
        reason=reason,
        opened_by=actor.name,
        opened_at=clock.now(),
    )
    result.state, result.verify_code = "draft", codes.verify_code()
    result.signed_file_id = result.final_file_id = result.locker_paper_id = None
    result.signer_post_id, result.signer, result.signed_at = None, "", None
    result.book, result.number, result.number_date, result.issued_at = "", "", None, None
    return result


def make_room(dossier: Dossier, result: Result, *, actor: Actor) -> ReplacedResult | None:
    """Take the force from the result that this one replaces; None when it replaces none."""
    earlier = ReplacedResult.objects.filter(dossier=dossier, replaced_at=None).first()
    if earlier is None:
        return None
    locker.replace(verify_code=earlier.verify_code, by_number=result.number, actor=actor)
    earlier.replaced_at, earlier.by_number = clock.now(), result.number
    earlier.save(update_fields=["replaced_at", "by_number"])
    return earlier


def finish(dossier: Dossier, result: Result, earlier: ReplacedResult, *, actor: Actor) -> None:
    """Tell the applicant and write down that a corrected result was issued."""
    notify.applicant(dossier, template="result_corrected", reason=earlier.reason)
    steps.finish_act(
        dossier,
        actor=actor,
        act="result_corrected",
        content={"number": result.number, "replaced": earlier.number},
        reason=earlier.reason,
    )
