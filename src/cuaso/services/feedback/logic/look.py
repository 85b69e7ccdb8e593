"""Read complaints: one's own, or those that a leader answers."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback.contracts import KINDS, ComplaintState, ComplaintView, Kind
from cuaso.services.feedback.models import Complaint
from cuaso.services.feedback.policies import COMPLAINTS
from cuaso.services.procedures import api as procedures

MOST = 100


def complaints_about(*, dossier_id: UUID, actor: Actor) -> tuple[ComplaintView, ...]:
    """Return what the actor may read of the complaints about a dossier, oldest first."""
    rows = access.visible(
        actor=actor,
        act="view",
        queryset=Complaint.objects.filter(dossier_id=dossier_id),
        policy=COMPLAINTS,
    )
    return tuple(view(row, actor=actor) for row in rows.order_by("made_at", "id"))


def complaints_to_answer(*, actor: Actor, answered: bool = False) -> tuple[ComplaintView, ...]:
    """Return what waits for this leader's answer, by due moment; or the last hundred answered."""
    rows = access.visible(
        actor=actor, act="answer", queryset=Complaint.objects.all(), policy=COMPLAINTS
    )
    if answered:
        found = rows.exclude(answered_at=None).order_by("-answered_at", "-id")
    else:
        found = rows.filter(answered_at=None).order_by("due_at", "id")
    return tuple(view(row, actor=actor) for row in found[:MOST])


def complaint(*, id: UUID, actor: Actor) -> ComplaintView:
    """Return one complaint; an official's look is written down for its author.

    Raises NotFound, also where the actor may not know of it.
    """
    row = Complaint.objects.filter(id=id).first()
    if row is None:
        raise unknown()
    if not access.decide(actor=actor, act="view", record=row, policy=COMPLAINTS).allowed:
        raise unknown()
    shown = view(row, actor=actor)
    if actor.kind == "official":
        with transaction.atomic():
            audit.log_look(
                actor=actor,
                person_id=row.party_id,
                subject=Subject(kind="feedback.complaint", id=row.id),
                purpose="Trả lời phản ánh, kiến nghị về hồ sơ",
                task=shown.code,
            )
    return shown


def unknown() -> NotFound:
    """Return the refusal for a complaint that is not there, or not for this reader."""
    return NotFound(
        code="feedback.complaint_unknown",
        what="Không tìm thấy phản ánh, kiến nghị này.",
        why="Mã không đúng, hoặc phản ánh không thuộc trách nhiệm trả lời của ông/bà.",
        mend="Hãy mở lại danh sách phản ánh, kiến nghị.",
    )


def view(row: Complaint, *, actor: Actor) -> ComplaintView:
    """Return the row as its reader sees it; rights were checked by the caller."""
    about = procedures.affair(row.dossier_id)
    decision = access.decide(actor=actor, act="answer", record=row, policy=COMPLAINTS)
    kind: Kind = "suggestion" if row.kind == "suggestion" else "complaint"
    return ComplaintView(
        id=row.id,
        dossier_id=row.dossier_id,
        code=about.dossier_code or about.tracking_code,
        procedure_title=about.procedure_title,
        kind=kind,
        kind_say=KINDS[kind],
        text=row.text,
        act_say=row.act_say,
        author_name=row.author_name,
        agency_name=directory.agency(row.agency_id).name,
        answering_agency_name=directory.agency(row.answering_agency_id).name,
        made_at=row.made_at,
        due_at=row.due_at,
        due_steps=tuple(row.due_steps),
        due_source=row.due_source,
        due_unverified=row.due_unverified,
        state=_state(row),
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        may_answer=row.answered_at is None and decision.allowed,
    )


def _state(row: Complaint) -> ComplaintState:
    if row.answered_at is not None:
        return "answered"
    return "late" if row.due_at is not None and row.due_at < clock.now() else "open"
