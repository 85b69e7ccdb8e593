"""Who holds a step: claim it, or give it to a colleague."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, Problem
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.models import Dossier, Work


@viewing.shown
def claim(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Take the dossier's open step as one's own."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = _mine_to_give(dossier, actor)
        _give(dossier, work, post_id=actor.post_id, actor=actor, act="claimed", to=actor.name)
    return dossier, actor


@viewing.shown
def assign(*, id: UUID, post_id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Give the open step to a colleague who holds the same role in the same agency."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = _mine_to_give(dossier, actor)
        name = fit_holder(work, post_id)
        _give(dossier, work, post_id=post_id, actor=actor, act="assigned", to=name)
    return dossier, actor


def fit_holder(work: Work, post_id: UUID) -> str:
    """Return the name of a post that may hold the step; raise Invalid for another post."""
    names = dict(_holders(work))
    if post_id not in names:
        raise Invalid(
            code="procedures.post_unfit",
            what="Chưa giao được việc.",
            why="Người được chọn không giữ vai trò này tại cơ quan đang xử lý.",
            mend="Hãy chọn một người trong danh sách.",
            problems=(Problem(field="post_id", say="Hãy chọn người nhận việc."),),
        )
    return names[post_id]


def colleagues(*, id: UUID, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the posts to which the actor may give the dossier's open step."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        return _holders(_mine_to_give(dossier, actor))


def _holders(work: Work) -> tuple[tuple[UUID, str], ...]:
    if work.agency_id is None:
        return ()
    holders = directory.holders(agency_id=work.agency_id, role=work.role, on=clock.today())
    return tuple(
        (holder.post.id, f"{holder.person.name}, {holder.post.title}") for holder in holders
    )


def _mine_to_give(dossier: Dossier, actor: Actor) -> Work:
    for work in dossier.works.filter(done_at=None):
        if steps.is_at(work, actor):
            return work
    raise NotAllowed(
        code="procedures.step_of_another",
        what="Việc này không thuộc vai trò của ông/bà.",
        mend="Hãy nhờ người phụ trách bước này giao lại việc.",
    )


def _give(
    dossier: Dossier, work: Work, *, post_id: UUID | None, actor: Actor, act: str, to: str
) -> None:
    work.post_id, work.delegated_by_id = post_id, None
    work.save(update_fields=["post_id", "delegated_by_id"])
    steps.finish_act(dossier, actor=actor, act=act, content={"step": work.title, "to": to})
