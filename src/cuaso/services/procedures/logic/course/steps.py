"""Lock a dossier, find the step that waits for the actor, and move it along its flow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cuaso.capabilities.workflow import api as workflow
from cuaso.capabilities.workflow.contracts import Instance, Task
from cuaso.declarations.procedures import LANES, SIGNING_LANES
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.logic.course import corrections, deputies
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.models import Dossier, Work
from cuaso.services.procedures.policies import DOSSIERS

CONSULT = "consult"


def subject(dossier: Dossier) -> Subject:
    """Return the dossier as the subject of acts, messages and its flow."""
    return Subject(kind="procedures.dossier", id=dossier.id)


def locked(*, id: UUID, actor: Actor, act: str, version: int | None = None) -> Dossier:
    """Lock a dossier for one act, inside the act's transaction.

    Raises NotFound, also where the actor may not know of the dossier; NotAllowed with the
    policy's reason; Conflict when the dossier went on to a step of others, or somebody acted
    since the reader saw `version`.
    """
    dossier = rows.dossier(id, locked=True)
    if dossier is None:
        raise unknown()
    rows.know([dossier])
    if actor.kind != "system":
        _refuse_without_right(dossier, actor=actor, act=act)
    if version is not None and dossier.version != version:
        raise Conflict(
            code="procedures.acted_meanwhile",
            what="Hồ sơ vừa được người khác xử lý.",
            why="Nội dung đang xem đã cũ, nên việc vừa bấm chưa được thực hiện.",
            mend="Hãy tải lại trang để xem tình trạng mới rồi quyết định.",
        )
    return dossier


def _refuse_without_right(dossier: Dossier, *, actor: Actor, act: str) -> None:
    decision = access.decide(actor=actor, act=act, record=dossier, policy=DOSSIERS)
    if decision.allowed:
        return
    seen = access.decide(actor=actor, act="view", record=dossier, policy=DOSSIERS)
    if not seen.allowed:
        raise unknown()
    if act == "work" and not decision.grant and _had_work(dossier, actor):
        raise Conflict(
            code="procedures.moved_on",
            what="Hồ sơ không có việc nào đang chờ ông/bà.",
            why=f"Hiện hồ sơ đang ở: {_standing(dossier)}.",
            mend="Hãy tải lại trang để xem tình trạng mới.",
        )
    access.require(actor=actor, act=act, record=dossier, policy=DOSSIERS)


def _had_work(dossier: Dossier, actor: Actor) -> bool:
    """Say whether a step of the actor's role is behind the dossier: then somebody acted first."""
    past = dossier.works.exclude(done_at=None).filter(role__in=sorted(actor.roles))
    return past.filter(agency_id=actor.agency_id).exists()


def unknown() -> NotFound:
    """Return the refusal for a dossier that is not there, or not for this reader to know of."""
    return NotFound(
        code="procedures.dossier_unknown",
        what="Không tìm thấy hồ sơ này.",
        why="Mã hồ sơ không đúng, hoặc hồ sơ không thuộc tư cách đang dùng.",
        mend="Hãy kiểm tra lại mã, hoặc đổi tư cách ở góc trên của trang.",
    )


def waiting(dossier: Dossier, *elements: str, actor: Actor) -> Work:
    """Return the open step among `elements` that waits for this actor.

    Raises Conflict when the dossier stands elsewhere or its clock stands on a legal ground,
    NotAllowed when the step waits for another.
    """
    if dossier.paused_say:
        raise clock_stands()
    open_works = [
        work
        for work in rows.known_works(dossier)
        if work.done_at is None and work.element in elements
    ]
    if not open_works:
        raise Conflict(
            code="procedures.not_at_step",
            what="Hồ sơ không ở bước này.",
            why=f"Hiện hồ sơ đang ở: {_standing(dossier)}.",
            mend="Hãy tải lại trang để xem việc cần làm bây giờ.",
        )
    for work in open_works:
        if is_for(work, actor):
            return work
    raise NotAllowed(
        code="procedures.step_of_another",
        what="Việc này không giao cho ông/bà.",
        why=f"Bước “{open_works[0].title}” đang chờ vai trò hoặc người khác.",
        mend="Nếu cần, hãy nhờ người phụ trách giao lại việc.",
    )


def clock_stands() -> Conflict:
    """Return the refusal of an act while the time limit stands still."""
    return Conflict(
        code="procedures.clock_stands",
        what="Chưa thực hiện được.",
        why="Hồ sơ đang tạm dừng tính thời hạn.",
        mend="Hãy cho tính tiếp thời hạn, hoặc đợi người nộp bổ sung, rồi làm lại.",
    )


def is_for(work: Work, actor: Actor) -> bool:
    """Say whether a step waits for this actor, by role, agency and post, or for who they stand
    in for.
    """
    if actor.kind == "system":
        return True
    if work.role == "applicant":
        return actor.kind != "official"
    if not is_at(work, actor):
        return False
    return work.post_id in (None, actor.post_id) or deputies.holds(actor, work)


def is_at(work: Work, actor: Actor) -> bool:
    """Say whether a step waits for the actor's role at the actor's own agency: who leads the
    agency above does not do what waits for those below.
    """
    return work.role in actor.roles and work.agency_id == actor.agency_id


def stands_at(dossier: Dossier, element: str) -> bool:
    """Say whether the dossier stands at an element of its flow now."""
    known = rows.known_works(dossier)
    return any(work.done_at is None and work.element == element for work in known)


def _standing(dossier: Dossier) -> str:
    titles = list(dossier.works.filter(done_at=None).values_list("title", flat=True))
    return ", ".join(titles) or "đã kết thúc"


def advance(
    dossier: Dossier,
    work: Work,
    *,
    decision: str,
    actor: Actor,
    data: Mapping[str, object] | None = None,
) -> None:
    """Complete a step with a decision and open the steps that follow."""
    if work.off_flow:
        close(work, actor=actor, outcome=decision)
        corrections.go_on(dossier, work, decision=decision)
        return
    instance = workflow.complete(
        task_id=work.task_id, data={**(data or {}), "decision": decision}, actor=actor
    )
    # The lock of the act holds, so that what was read under it is how the steps stand.
    known = rows.known_works(dossier)
    _follow(dossier, instance, known=known, beside=[_closed(work, actor, outcome=decision)])


def close(work: Work, *, actor: Actor, outcome: str) -> None:
    """Mark a step as done by somebody."""
    rows.run([_closed(work, actor, outcome=outcome)])


def _closed(work: Work, actor: Actor, *, outcome: str) -> Written:
    work.done_at, work.done_by, work.outcome = clock.now(), actor.name, outcome
    return rows.updated(work, "done_at", "done_by", "outcome")


def sync(dossier: Dossier, instance: Instance) -> bool:
    """Make the rows of open steps equal to what the flow waits for; say whether any changed."""
    return _follow(dossier, instance, known=rows.works(dossier))


def open_first(dossier: Dossier, instance: Instance) -> None:
    """Open the first steps of a new dossier, which has none yet."""
    _follow(dossier, instance, known=())


def _follow(
    dossier: Dossier, instance: Instance, *, known: Sequence[Work], beside: Sequence[Written] = ()
) -> bool:
    """Do as `sync` with steps that were read already; `beside` is written with it."""
    drawn = {work.task_id: work for work in known if not work.off_flow and work.element != CONSULT}
    wanted = {task.id: task for task in instance.waiting}
    passed = [work for id, work in drawn.items() if work.done_at is None and id not in wanted]
    opened = [
        _opened(dossier, task)
        for id, task in wanted.items()
        if id not in drawn and task.element != CONSULT
    ]
    for work in passed:
        work.done_at, work.outcome = clock.now(), "passed"
    gone = [rows.updated(work, "done_at", "outcome") for work in passed]
    rows.run([*beside, *gone, *rows.inserted(opened)])
    rows.keep_works(dossier, [*known, *opened])
    return bool(passed or opened)


def _opened(dossier: Dossier, task: Task) -> Work:
    role = LANES.get(task.lane, "machine") if task.kind == "user" else _silent_role(task)
    return Work(
        dossier=dossier,
        task_id=task.id,
        element=task.element,
        title=task.title,
        role=role,
        agency_id=agency_for(dossier, role, signing=task.lane in SIGNING_LANES),
        submitted_at=dossier.submitted_at,
        since_at=clock.now(),
        due_at=task.due_at if role == "applicant" else dossier.due_at,
    )


def _silent_role(task: Task) -> str:
    return "applicant" if task.kind == "receive" else "machine"


def agency_for(dossier: Dossier, role: str, *, signing: bool = False) -> UUID | None:
    """Return the agency where a role works on the dossier, None for who is at no agency.

    `signing`: at the agency that signs, where that is another than the settling one.
    """
    if role in ("applicant", "machine"):
        return None
    if role == "reception":
        received = dossier.received_agency_id
        heir = directory.heirs().get(received) if received else None
        if received and heir is None:
            return received
        return directory.one_stop_centre(heir.id if heir else dossier.agency_id).id
    return issuer(dossier) if signing else dossier.agency_id


def issuer(dossier: Dossier) -> UUID:
    """Return the agency in whose name the result is signed, numbered and sealed."""
    return dossier.signing_agency_id or dossier.agency_id


def finish_act(
    dossier: Dossier,
    *,
    actor: Actor,
    act: str,
    content: Mapping[str, object],
    reason: str = "",
    topic: str = "",
    searched: str = "",
    beside: Sequence[Written] = (),
) -> None:
    """Save the dossier under its next version, and write the act into ledger and outbox.

    searched: the text by which the dossier is found, where the act changed it; beside: what else
    the act writes.

    Of a dossier that another front is told of, `procedures.moved` is published as well.
    """
    dossier.version += 1
    payload = {"status": int(dossier.status), "version": dossier.version, "act": act}
    topics = [topic or act, *(["moved"] if dossier.sync_state != "none" else [])]
    audit.record(
        actor=actor,
        act=f"procedures.{act}",
        subject=subject(dossier),
        content={**content, "status": int(dossier.status), "version": dossier.version},
        reason=reason,
        publications=[Publication(topic=f"procedures.{each}", payload=payload) for each in topics],
        beside=[rows.written(dossier, searched=searched), *beside],
    )


def set_due(dossier: Dossier) -> None:
    """Give the dossier's open steps of officials its due moment, none while the clock stands."""
    due_at = None if dossier.paused_at else dossier.due_at
    dossier.works.filter(done_at=None).exclude(role__in=("applicant", "machine")).exclude(
        element=CONSULT
    ).update(due_at=due_at)


def complete_element(
    dossier: Dossier, *, element: str, data: Mapping[str, object], actor: Actor
) -> Instance:
    """Complete the flow's own waiting task at an element (a step that no Work row stands for)."""
    instance = workflow.instance(required_flow(dossier))
    for task in instance.waiting:
        if task.element == element:
            return workflow.complete(task_id=task.id, data=data, actor=actor)
    raise Conflict(
        code="procedures.not_at_step",
        what="Hồ sơ không ở bước này.",
        mend="Hãy tải lại trang để xem việc cần làm bây giờ.",
    )


def required_flow(dossier: Dossier) -> UUID:
    """Return the id of the dossier's flow; every submitted dossier has one."""
    if dossier.flow_instance_id is None:
        raise unknown()
    return dossier.flow_instance_id
