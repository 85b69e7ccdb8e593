"""Ask other agencies in parallel; each answer has its own clock."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.working_time import deadline
from cuaso.services.procedures.logic.course import deputies, steps, timing
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.models import Consultation, Dossier, Work

# How long another agency has is a habit of the house, not a rule of law.
ANSWER_WITHIN = Duration(amount=2, unit="working_day")
SHORTEST_QUESTION = 5


@viewing.shown
def consult(
    *,
    id: UUID,
    agency_ids: Sequence[UUID],
    question: str,
    actor: Actor,
    version: int | None = None,
) -> viewing.Acted:
    """Ask one or several agencies; the dossier comes back when the last has answered."""
    _refuse_badly_asked(agency_ids, question)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "examine", actor=actor)
        actor = deputies.acting(actor, work)
        _refuse_where_nobody_is_asked(dossier)
        _refuse_unasked(dossier, agency_ids)
        for agency_id in dict.fromkeys(agency_ids):
            _ask(dossier, agency_id=agency_id, question=question.strip())
        steps.advance(dossier, work, decision="consult", actor=actor)
        names = [directory.agency(agency_id).name for agency_id in dict.fromkeys(agency_ids)]
        steps.finish_act(
            dossier, actor=actor, act="consulted", content={"to": names}, reason=question.strip()
        )
    return dossier, actor


def _refuse_badly_asked(agency_ids: Sequence[UUID], question: str) -> None:
    problems = []
    if not agency_ids:
        problems.append(Problem(field="agency_ids", say="Hãy chọn ít nhất một cơ quan để hỏi."))
    if len(question.strip()) < SHORTEST_QUESTION:
        problems.append(Problem(field="question", say="Hãy ghi nội dung cần hỏi."))
    if problems:
        raise Invalid(
            code="procedures.question_incomplete",
            what="Chưa gửi được câu hỏi.",
            mend="Hãy điền các mục được chỉ ra.",
            problems=tuple(problems),
        )


def _ask(dossier: Dossier, *, agency_id: UUID, question: str) -> None:
    at = clock.now()
    due_at = deadline(at, ANSWER_WITHIN, timing.calendar(at, agency_id=agency_id)).due_at
    asked = Consultation.objects.create(
        dossier=dossier, agency_id=agency_id, question=question, asked_at=at, due_at=due_at
    )
    Work.objects.create(
        dossier=dossier,
        task_id=asked.id,
        element=steps.CONSULT,
        title="Trả lời cơ quan hỏi ý kiến",
        role="handler",
        agency_id=agency_id,
        submitted_at=dossier.submitted_at,
        since_at=at,
        due_at=due_at,
    )


@viewing.shown
def answer_consultation(
    *,
    id: UUID,
    consultation_id: UUID,
    answer: str,
    actor: Actor,
    version: int | None = None,
) -> viewing.Acted:
    """Answer a question; the last answer sends the dossier back to who asked."""
    if not answer.strip():
        raise Invalid(
            code="procedures.answer_missing",
            what="Chưa gửi được câu trả lời.",
            mend="Hãy ghi câu trả lời.",
            problems=(Problem(field="answer", say="Hãy ghi câu trả lời."),),
        )
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        asked = Consultation.objects.filter(dossier=dossier, id=consultation_id).first()
        if asked is None or asked.answered_at is not None:
            raise Conflict(
                code="procedures.already_answered",
                what="Câu hỏi này đã được trả lời hoặc không còn.",
                mend="Hãy tải lại trang.",
            )
        _refuse_stranger(asked, actor)
        asked.answer, asked.answered_by, asked.answered_at = answer.strip(), actor.name, clock.now()
        asked.save(update_fields=["answer", "answered_by", "answered_at"])
        steps.close(Work.objects.get(task_id=asked.id), actor=actor, outcome="answered")
        _return_when_last(dossier, actor)
        steps.finish_act(
            dossier, actor=actor, act="consultation_answered", content={"answer": asked.answer}
        )
    return dossier, actor


def _refuse_stranger(asked: Consultation, actor: Actor) -> None:
    if "handler" not in actor.roles or asked.agency_id not in (
        actor.agency_scope | {actor.agency_id}
    ):
        raise NotAllowed(
            code="procedures.not_asked",
            what="Câu hỏi này không gửi cho cơ quan của ông/bà.",
            mend="Hãy để cơ quan được hỏi trả lời.",
        )


def _return_when_last(dossier: Dossier, actor: Actor) -> None:
    if Consultation.objects.filter(dossier=dossier, answered_at=None).exists():
        return
    instance = steps.complete_element(
        dossier, element=steps.CONSULT, data={"decision": ""}, actor=actor
    )
    steps.sync(dossier, instance)


def consultable_agencies(*, id: UUID, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return agencies of today that can answer: somebody handles there, and it is not the one
    that settles the dossier.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
    return askable(dossier)


def askable(dossier: Dossier) -> tuple[tuple[UUID, str], ...]:
    """Return the agencies of today where somebody handles, the dossier's own left out."""
    handlers = directory.holders_below(directory.province().committee_id, "handler")
    answering = {holder.post.agency_id for holder in handlers} - {dossier.agency_id}
    found = directory.agencies(on=clock.today())
    return tuple((agency.id, agency.name) for agency in found if agency.id in answering)


def _refuse_unasked(dossier: Dossier, agency_ids: Sequence[UUID]) -> None:
    if set(agency_ids) <= {agency_id for agency_id, _ in askable(dossier)}:
        return
    raise Invalid(
        code="procedures.agency_unfit",
        what="Chưa gửi được câu hỏi.",
        why="Có cơ quan được chọn không trả lời được: là chính cơ quan giải quyết, "
        "hoặc chưa có cán bộ thẩm tra trên hệ thống.",
        mend="Hãy chọn cơ quan trong danh sách.",
        problems=(Problem(field="agency_ids", say="Hãy chọn cơ quan trong danh sách."),),
    )


def _refuse_where_nobody_is_asked(dossier: Dossier) -> None:
    if not declared.has_step(dossier.procedure, steps.CONSULT):
        raise Conflict(
            code="procedures.no_consultation",
            what="Chưa gửi được câu hỏi.",
            why="Quy trình của thủ tục này không có bước hỏi ý kiến cơ quan khác.",
            mend="Hãy thẩm tra theo hồ sơ, hoặc yêu cầu bổ sung.",
        )
