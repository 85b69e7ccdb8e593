"""The handler mends a draft result while nobody has signed it nor agreed to it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.course import standing, steps
from cuaso.services.procedures.logic.deciding import correct_result
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def edit_draft(
    *,
    id: UUID,
    values: Mapping[str, str],
    note: str,
    actor: Actor,
    version: int | None = None,
) -> viewing.Acted:
    """Correct values of a draft that was proposed, by flat path, and draw it again.

    While it waits for the applicant's word the applicant is asked again. Refused: the applicant
    has agreed to it already, the leader who proposes it has, it is signed or being signed, a
    wrong value (Invalid).
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        standing.require_running(dossier)
        standing.require_at(dossier, standing.EDITS_AT)
        standing.require_unsigned(dossier)
        _refuse_agreed(dossier)
        _refuse_endorsed(dossier)
        result = Result.objects.select_for_update().get(dossier=dossier)
        result.values = correct_result.corrected(dossier, result, values)
        render.draw_draft(dossier, result, actor=actor)
        result.save(update_fields=["values", *render.DRAWN])
        if dossier.works.filter(element="confirm_draft", done_at=None).exists():
            notify.applicant(dossier, template="draft_ready")
        steps.finish_act(
            dossier,
            actor=actor,
            act="draft_edited",
            content={"changed": sorted(values)},
            reason=note.strip(),
        )
    return dossier, actor


def _refuse_agreed(dossier: Dossier) -> None:
    if standing.agreed(rows.known_works(dossier)):
        raise Conflict(
            code="procedures.draft_agreed",
            what="Chưa sửa được dự thảo.",
            why="Người nộp đã xác nhận nội dung dự thảo này.",
            mend="Hãy đề nghị lãnh đạo trả lại, rồi lập dự thảo mới để người nộp xác nhận lại.",
        )


def _refuse_endorsed(dossier: Dossier) -> None:
    if standing.endorsed(rows.known_works(dossier)):
        raise Conflict(
            code="procedures.draft_endorsed",
            what="Chưa sửa được dự thảo.",
            why="Lãnh đạo cơ quan đã ký nháy và trình dự thảo này.",
            mend="Hãy đề nghị người ký trả lại, rồi lập dự thảo mới để trình lại.",
        )
