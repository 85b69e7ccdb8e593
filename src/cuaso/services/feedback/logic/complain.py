"""Complain of how a dossier is handled, or suggest something about it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Entry
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.working_time import deadline
from cuaso.kernel.working_time.words import say_moment
from cuaso.services.feedback.contracts import KINDS, ActChoice, ComplaintView, Kind
from cuaso.services.feedback.logic import look, telling
from cuaso.services.feedback.models import Complaint, ConcernedOfficial
from cuaso.services.feedback.policies import OWNERS
from cuaso.services.procedures import api as procedures

RULE = "complaint_answer"
SHORTEST, LONGEST = 10, 5000


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the applicant writes: `act` names one act of an officer, None the whole dossier."""

    kind: Kind
    text: str
    act: UUID | None = None


def acts_of(*, dossier_id: UUID, actor: Actor) -> tuple[ActChoice, ...]:
    """Return the acts of officers that the applicant sees on their dossier, oldest first."""
    seen = procedures.dossier(id=dossier_id, actor=actor)
    by_officers = {entry.id for entry in _of_officials(dossier_id)}
    return tuple(
        ActChoice(entry_id=line.entry_id, say=f"{say_moment(line.at)}: {line.who} {line.say}")
        for line in seen.log
        if line.entry_id is not None and line.entry_id in by_officers
    )


def complain(
    *, dossier_id: UUID, kind: Kind, text: str, actor: Actor, act: UUID | None = None
) -> ComplaintView:
    """Send a complaint or suggestion about one's own dossier to the leaders who must answer.

    Refused: another's dossier, an official, too short a text, an act that is none of this
    dossier, a second one while the first waits. Source of the time to answer: the pack's
    `complaint_answer`.
    """
    about = _own(dossier_id, actor)
    said = Said(kind=kind, text=text.strip(), act=act)
    acts = {one.entry_id: one.say for one in acts_of(dossier_id=dossier_id, actor=actor)}
    _refuse_badly_said(said, known=frozenset(acts))
    with transaction.atomic():
        row = _keep(about, said, say=acts.get(act, "") if act else "", actor=actor)
        _tell(row, about)
        _write_down(row, actor=actor)
    return look.view(row, actor=actor)


def _own(dossier_id: UUID, actor: Actor) -> procedures.Affair:
    about = procedures.affair(dossier_id)
    if actor.kind not in OWNERS or actor.party_id != about.party_id:
        raise NotAllowed(
            code="feedback.not_the_applicant",
            what="Chưa gửi được phản ánh, kiến nghị.",
            why="Chỉ người nộp hồ sơ gửi phản ánh, kiến nghị về hồ sơ của mình.",
            mend="Hãy đăng nhập đúng người nộp hồ sơ, hoặc chọn tư cách công dân.",
        )
    return about


def _refuse_badly_said(said: Said, *, known: frozenset[UUID]) -> None:
    problems = []
    if said.kind not in KINDS:
        problems.append(Problem(field="kind", say="Hãy chọn phản ánh hoặc kiến nghị."))
    if not SHORTEST <= len(said.text) <= LONGEST:
        problems.append(Problem(field="text", say="Hãy viết từ 10 đến 5.000 ký tự."))
    if said.act is not None and said.act not in known:
        problems.append(Problem(field="act", say="Hãy chọn một việc trong danh sách."))
    if problems:
        raise Invalid(
            code="feedback.complaint_wrong",
            what="Chưa gửi được phản ánh, kiến nghị.",
            mend="Hãy sửa các mục được chỉ ra rồi gửi lại.",
            problems=tuple(problems),
        )


def _keep(about: procedures.Affair, said: Said, *, say: str, actor: Actor) -> Complaint:
    persons = _concerned(about.id, said.act)
    answering = _answering_agency(about.agency_id, persons)
    row = Complaint(
        dossier_id=about.id,
        kind=said.kind,
        text=said.text,
        act_entry_id=said.act,
        act_say=say,
        party_id=about.party_id,
        person_id=actor.person_id or about.person_id,
        author_name=actor.name,
        agency_id=about.agency_id,
        answering_agency_id=answering,
        procedure_code=about.procedure_code,
        made_at=clock.now(),
    )
    _set_due(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(
            code="feedback.complaint_waits",
            what="Hồ sơ này đang có một phản ánh, kiến nghị chờ trả lời.",
            why="Mỗi lần chỉ gửi một; cơ quan trả lời xong thì gửi tiếp được.",
            mend="Hãy xem hạn trả lời ở trang hồ sơ.",
        ) from error
    ConcernedOfficial.objects.bulk_create(
        ConcernedOfficial(complaint=row, person_id=person_id) for person_id in sorted(persons)
    )
    return row


def _of_officials(dossier_id: UUID) -> list[Entry]:
    entries = audit.history(Subject(kind="procedures.dossier", id=dossier_id))
    return [entry for entry in entries if entry.actor_kind == "official"]


def _concerned(dossier_id: UUID, act: UUID | None) -> frozenset[UUID]:
    """Return who did the act; without one, every officer who acted on the dossier."""
    entries = [entry for entry in _of_officials(dossier_id) if act in (None, entry.id)]
    return frozenset(entry.person_id for entry in entries if entry.person_id is not None)


def _answering_agency(agency_id: UUID, persons: frozenset[UUID]) -> UUID:
    """Return the agency, or the nearest above it, with a leader who is not complained of."""
    current: UUID | None = agency_id
    last = agency_id
    while current is not None:
        last = current
        holders = directory.holders(current, "leader")
        if any(holder.person.id not in persons for holder in holders):
            return current
        current = directory.agency(current).parent_id
    return last


def _set_due(row: Complaint) -> None:
    today = clock.legal_date(row.made_at)
    said = procedures.rule(code=row.procedure_code, name=RULE, on=today)
    if said is None:
        return
    days = directory.working_calendar(on=today, agency_id=row.answering_agency_id)
    reckoned = deadline(row.made_at, Duration.parse(said.say), days)
    row.due_at, row.due_steps = reckoned.due_at, list(reckoned.steps)
    row.due_source, row.due_unverified = said.source, said.unverified


def _tell(row: Complaint, about: procedures.Affair) -> None:
    telling.applicant(
        about,
        template="complaint_made",
        link=f"{settings.PUBLIC_URL}/ho-so/{about.tracking_code}/",
        key=f"complaint_made:{row.id}",
        due_at_words=say_moment(row.due_at) if row.due_at else "",
        agency_name=directory.agency(row.answering_agency_id).name,
    )


def _write_down(row: Complaint, *, actor: Actor) -> None:
    about = Subject(kind="feedback.complaint", id=row.id)
    audit.record(
        actor=actor,
        act="feedback.complained",
        subject=about,
        content={
            "dossier": row.dossier_id,
            "kind": row.kind,
            "text": row.text,
            "act": row.act_entry_id,
            "to": row.answering_agency_id,
        },
    )
    audit.publish(
        topic="feedback.complained",
        subject=about,
        payload={"dossier": str(row.dossier_id), "kind": row.kind},
    )
