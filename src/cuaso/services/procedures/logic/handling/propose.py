"""The handler drafts the result; the applicant may confirm it; the leader may send it back."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter import codes, declared, rows
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def propose(
    *, id: UUID, values: Mapping[str, str], note: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Draft the result from the dossier and the handler's corrections, and send it on.

    Raises Invalid when a corrected value does not fit its field.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "examine", actor=actor)
        actor = deputies.acting(actor, work)
        cleaned = declared.clean_corrections(
            dossier.procedure, dossier.values, values, channel=dossier.channel
        )
        result = _draft(dossier, cleaned.stored, actor)
        steps.advance(
            dossier,
            work,
            decision="propose",
            actor=actor,
            data={"channel": dossier.channel},
        )
        if steps.stands_at(dossier, "confirm_draft"):
            notify.applicant(dossier, template="draft_ready")
        steps.finish_act(
            dossier,
            actor=actor,
            act="proposed",
            content={"result": str(result.id), "note": note.strip(), "changed": sorted(values)},
        )
    return dossier, actor


def _draft(dossier: Dossier, values: Mapping[str, object], actor: Actor) -> Result:
    declaration = declared.procedure(dossier.procedure)
    result = rows.result(dossier)
    known = result is not None
    if result is None:
        result = Result(dossier=dossier, verify_code=codes.verify_code())
    result.title = declaration.result.title
    result.kind = declaration.result.document_kind
    result.values = dict(values)
    result.state, result.attempt = "draft", None
    render.draw_draft(dossier, result, actor=actor)
    if known:
        rows.rewrite(result)
    else:
        rows.insert(result)
    return result


def redraw(dossier: Dossier, *, actor: Actor) -> None:
    """Draw the draft again after something that stands on it became known."""
    result = Result.objects.filter(dossier=dossier, state="draft").first()
    if result is not None:
        render.draw_draft(dossier, result, actor=actor)
        result.save(update_fields=render.DRAWN)


@viewing.shown
def confirm_draft(*, id: UUID, accepted: bool, note: str, actor: Actor) -> viewing.Acted:
    """The applicant agrees with the draft result, or says what is wrong in it."""
    if not accepted:
        note = refuse.require_reason(note)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="own")
        work = steps.waiting(dossier, "confirm_draft", actor=actor)
        decision = "accept" if accepted else "change"
        steps.advance(dossier, work, decision=decision, actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="draft_confirmed" if accepted else "draft_disputed",
            content={"at": clock.now().isoformat()},
            reason=note.strip(),
        )
    return dossier, actor


@viewing.shown
def return_to_handler(
    *, id: UUID, reason: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """The leader who should sign or initial the draft sends it back with a comment."""
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "endorse", "approve", actor=actor)
        actor = deputies.acting(actor, work)
        _refuse_while_signing(dossier)
        steps.advance(dossier, work, decision="return", actor=actor)
        steps.finish_act(dossier, actor=actor, act="returned", content={}, reason=reason)
    return dossier, actor


def _refuse_while_signing(dossier: Dossier) -> None:
    result = rows.result(dossier)
    if result is not None and result.state == "signing":
        raise Conflict(
            code="procedures.signing_under_way",
            what="Chưa trả lại được dự thảo.",
            why="Kết quả này đang được ký ở nơi khác.",
            mend="Hãy đợi ít giây rồi tải lại trang.",
        )
