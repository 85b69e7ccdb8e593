"""Stop the clock on a legal ground that a document shows, and let it go on."""

from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.services.procedures.act_models import Pause
from cuaso.services.procedures.logic.course import asked, grounds, standing, steps, timing
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier

SHORTEST_DOCUMENT = 5


@viewing.shown
def pause(
    *, id: UUID, ground: str, document: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Stop the clock. `ground` is a code of the list `pause_ground`, `document` the paper that
    shows it (number, day, who signed it).

    Refused: a ground that is not declared, no document, a clock that does not run, a signed
    result. Until `resume` nobody goes on with the dossier.
    """
    why, document = asked.both(
        lambda: grounds.chosen(act="pause", code=ground), lambda: _require_document(document)
    )
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        standing.require_open(dossier)
        standing.require_clock(dossier)
        standing.require_at(dossier, standing.PAUSES_AT)
        standing.require_unsigned(dossier)
        Pause.objects.create(
            dossier=dossier,
            ground=why.code,
            ground_say=why.label,
            source=why.source,
            document=document,
            paused_by=actor.name,
            paused_at=clock.now(),
        )
        timing.pause(dossier, at=clock.now(), say=why.label)
        steps.set_due(dossier)
        notify.applicant(dossier, template="paused", reason=f"{why.label} ({document})")
        steps.finish_act(
            dossier,
            actor=actor,
            act="paused",
            content={"ground": why.code, "document": document},
            reason=why.label,
        )
    return dossier, actor


@viewing.shown
def resume(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Let the clock go on after a pause, with the working time that was left."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        if not _close(dossier, actor=actor):
            raise Conflict(
                code="procedures.not_paused",
                what="Hồ sơ không đang tạm dừng theo căn cứ nào.",
                mend="Hãy tải lại trang để xem tình trạng mới.",
            )
        timing.resume(dossier, at=clock.now())
        steps.set_due(dossier)
        notify.applicant(dossier, template="resumed")
        steps.finish_act(
            dossier,
            actor=actor,
            act="resumed",
            content={"due_at": dossier.due_at.isoformat() if dossier.due_at else ""},
        )
    return dossier, actor


def drop(dossier: Dossier, *, actor: Actor) -> None:
    """End a pause because the dossier ends; the clock does not go on."""
    _close(dossier, actor=actor)
    dossier.paused_at, dossier.paused_say = None, ""


def _close(dossier: Dossier, *, actor: Actor) -> bool:
    standing_still = Pause.objects.filter(dossier=dossier, resumed_at=None)
    return bool(standing_still.update(resumed_at=clock.now(), resumed_by=actor.name))


def _require_document(document: str) -> str:
    document = document.strip()
    if len(document) < SHORTEST_DOCUMENT:
        raise Invalid(
            code="procedures.document_missing",
            what="Chưa tạm dừng được.",
            why="Việc tạm dừng phải có văn bản làm căn cứ, ghi vào hồ sơ và báo cho người nộp.",
            mend="Hãy ghi số, ngày và cơ quan ban hành văn bản.",
            problems=(Problem(field="document", say="Hãy ghi văn bản làm căn cứ."),),
        )
    return document
