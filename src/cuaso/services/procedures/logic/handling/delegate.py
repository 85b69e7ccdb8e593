from uuid import UUID

from django.db import transaction

from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.handling import assign
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.models import Dossier, Work


@viewing.shown
def delegate(
    *, id: UUID, post_id: UUID, note: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Let a colleague do the step that the actor holds; who gave it away stays on record.

    Refused: a step that the actor does not hold, a colleague without the role at the agency.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = _held(dossier, actor)
        name = assign.fit_holder(work, post_id)
        actor = deputies.acting(actor, work)
        work.post_id, work.delegated_by_id = post_id, work.post_id
        work.save(update_fields=["post_id", "delegated_by_id"])
        steps.finish_act(
            dossier,
            actor=actor,
            act="delegated",
            content={"step": work.title, "to": name},
            reason=note.strip(),
        )
    return dossier, actor


def _held(dossier: Dossier, actor: Actor) -> Work:
    held = dossier.works.filter(deputies.held_by(actor), done_at=None).first()
    if held is None:
        raise Conflict(
            code="procedures.step_not_held",
            what="Chưa uỷ quyền được việc này.",
            why="Chỉ người đang giữ việc mới uỷ quyền được.",
            mend="Hãy nhận việc trước, hoặc dùng việc giao cho người khác.",
        )
    return held
