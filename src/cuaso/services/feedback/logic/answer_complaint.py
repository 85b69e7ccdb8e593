from uuid import UUID

from django.conf import settings
from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback.contracts import ComplaintView
from cuaso.services.feedback.logic import look, telling
from cuaso.services.feedback.models import Complaint
from cuaso.services.feedback.policies import COMPLAINTS
from cuaso.services.procedures import api as procedures

SHORTEST, LONGEST = 10, 5000


def answer_complaint(*, id: UUID, text: str, actor: Actor) -> ComplaintView:
    """Answer a complaint once, and tell its author.

    Refused: who is no leader of the answering agency (NotFound), the officer whose act it is
    about (NotAllowed, with the policy's reason), too short a text, a second answer.
    """
    answer = text.strip()
    with transaction.atomic():
        row = Complaint.objects.select_for_update().filter(id=id).first()
        if row is None:
            raise look.unknown()
        decision = access.decide(actor=actor, act="answer", record=row, policy=COMPLAINTS)
        if not decision.allowed and not decision.grant:
            raise look.unknown()
        access.require(actor=actor, act="answer", record=row, policy=COMPLAINTS)
        _refuse_badly_answered(row, answer)
        row.answer, row.answered_at, row.answered_by = answer, clock.now(), actor.name
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        _tell(row)
        _write_down(row, actor=actor)
    return look.view(row, actor=actor)


def _refuse_badly_answered(row: Complaint, answer: str) -> None:
    if row.answered_at is not None:
        raise Conflict(
            code="feedback.already_answered",
            what="Phản ánh, kiến nghị này đã được trả lời.",
            why=f"{row.answered_by} đã trả lời; mỗi phản ánh chỉ trả lời một lần.",
            mend="Hãy tải lại trang để xem câu trả lời.",
        )
    if not SHORTEST <= len(answer) <= LONGEST:
        raise Invalid(
            code="feedback.answer_wrong",
            what="Chưa gửi được câu trả lời.",
            mend="Hãy viết câu trả lời rồi gửi lại.",
            problems=(Problem(field="answer", say="Hãy viết từ 10 đến 5.000 ký tự."),),
        )


def _tell(row: Complaint) -> None:
    about = procedures.affair(row.dossier_id)
    telling.applicant(
        about,
        template="complaint_answered",
        link=f"{settings.PUBLIC_URL}/ho-so/{about.tracking_code}/",
        key=f"complaint_answered:{row.id}",
        reason=row.answer,
        agency_name=directory.agency(row.answering_agency_id).name,
    )


def _write_down(row: Complaint, *, actor: Actor) -> None:
    about = Subject(kind="feedback.complaint", id=row.id)
    audit.record(
        actor=actor,
        act="feedback.complaint_answered",
        subject=about,
        content={"dossier": row.dossier_id, "answer": row.answer},
    )
    audit.publish(
        topic="feedback.complaint_answered",
        subject=about,
        payload={"dossier": str(row.dossier_id)},
    )
