"""The leader gives open steps of the agency to one official: each by itself, with its answer."""

from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError, transaction

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Post
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, Refusal
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.models import Dossier, Work


def reassign(
    *, ids: Sequence[UUID], post_id: UUID, reason: str, actor: Actor
) -> tuple[tuple[UUID, bool, str], ...]:
    """Give the open step of several dossiers to a post; return each with whether it was done and
    what is to be said. One that fails stops no other.

    Raises Invalid without a reason, NotAllowed for a post beyond the leader's agencies.
    """
    reason = refuse.require_reason(reason)
    post = directory.post(post_id)
    if "leader" not in actor.roles or post.agency_id not in actor.agency_scope:
        raise NotAllowed(
            code="procedures.post_beyond",
            what="Chưa phân công lại được.",
            why="Chỉ lãnh đạo phân công lại việc, cho người của cơ quan mình.",
            mend="Hãy chọn một người trong danh sách.",
        )
    answers = []
    for id in dict.fromkeys(ids):
        try:
            said = _give(id, post=post, reason=reason, actor=actor)
        except Refusal as refusal:
            answers.append((id, False, str(refusal)))
        except DatabaseError:
            answers.append((id, False, "Hệ thống bận nên chưa phân công được; hãy làm lại sau."))
        else:
            answers.append((id, True, said))
    return tuple(answers)


def reassignable(*, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the posts to which a leader may give work."""
    if "leader" not in actor.roles:
        return ()
    return deputies.absentees(actor=actor)


def _give(id: UUID, *, post: Post, reason: str, actor: Actor) -> str:
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="lead")
        work = _open_for(dossier, post)
        work.post_id, work.delegated_by_id = post.id, None
        work.save(update_fields=["post_id", "delegated_by_id"])
        name = directory.holder_name(post.id)
        steps.finish_act(
            dossier,
            actor=actor,
            act="reassigned",
            content={"step": work.title, "to": f"{name}, {post.title}"},
            reason=reason,
        )
    return f"Đã giao “{work.title}” cho {name}."


def _open_for(dossier: Dossier, post: Post) -> Work:
    fitting = dossier.works.filter(
        done_at=None, role__in=sorted(post.roles), agency_id=post.agency_id
    ).first()
    if fitting is None:
        raise Conflict(
            code="procedures.post_unfit",
            what="Chưa phân công lại được.",
            why="Hồ sơ không có bước nào đang chờ vai trò của người được chọn tại cơ quan đó.",
            mend="Hãy chọn người khác, hoặc bỏ hồ sơ này khỏi danh sách.",
        )
    return fitting
