"""Register an application before it is bought or built."""

from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line
from cuaso.services.planning.contracts import ApplicationDraft, Likeness
from cuaso.services.planning.logic.resemble import similar
from cuaso.services.planning.models import Application
from cuaso.services.planning.policies import APPLICATIONS

SUBJECT: Final = "planning.application"
SHORTEST: Final = 20
LEVELS: Final = range(1, 6)


def register_application(*, draft: ApplicationDraft, actor: Actor, justification: str = "") -> UUID:
    """Register an application of the actor's agency as proposed; return its id.

    Refused: who may not register (NotAllowed); missing or wrong facts (Invalid); one that
    resembles another without a justification (Conflict `planning.resembles`, `problems` say each
    reason). The likenesses are kept with the registration.
    """
    row = _row(draft, actor)
    access.require(actor=actor, act="register", record=row, policy=APPLICATIONS)
    _refuse_wrong(draft)
    with transaction.atomic():
        alike = similar(draft)
        _refuse_unexplained(alike, justification)
        row.justification = justification.strip()
        row.resembled = [f"{one.title} ({one.agency}): {' '.join(one.reasons)}" for one in alike]
        row.save(force_insert=True)
        about = Subject(kind=SUBJECT, id=row.id)
        content = {
            "title": row.title,
            "purpose": row.purpose,
            "elements": row.elements,
            "interfaces": row.interfaces,
            "level": row.level,
            "cost_vnd": row.cost_vnd,
            "resembled": row.resembled,
        }
        audit.record(
            actor=actor,
            act="planning.application_registered",
            subject=about,
            content=content,
            reason=row.justification,
        )
        audit.publish(
            topic="planning.application_registered",
            subject=about,
            payload={"title": row.title, "agency_id": row.agency_id, "level": row.level},
        )
    return row.id


def _row(draft: ApplicationDraft, actor: Actor) -> Application:
    if actor.agency_id is None:
        raise NotAllowed(
            code="planning.no_agency",
            what="Ông/bà chưa đăng ký được ứng dụng.",
            why="Ứng dụng đăng ký cho cơ quan, mà ông/bà đang không dùng tư cách của cơ quan nào.",
            mend="Hãy chọn tư cách cán bộ ở góc trên của trang.",
        )
    return Application(
        title=one_line(draft.title),
        purpose=draft.purpose.strip(),
        agency_id=actor.agency_id,
        approver_id=directory.province().committee_id,
        state="proposed",
        elements=sorted(set(draft.elements)),
        interfaces=sorted(set(draft.interfaces)),
        level=draft.level,
        cost_vnd=draft.cost_vnd,
        contract=one_line(draft.contract),
        from_date=draft.since,
        until_date=draft.until,
        registered_by=actor.person_id,
        registrar_name=actor.name,
        registered_at=clock.now(),
    )


def _refuse_wrong(draft: ApplicationDraft) -> None:
    problems = []
    if not 5 <= len(one_line(draft.title)) <= 200:  # noqa: PLR2004 said in the sentence
        problems.append(Problem(field="title", say="Hãy đặt tên từ 5 đến 200 ký tự."))
    if len(draft.purpose.strip()) < SHORTEST:
        say = f"Hãy nói ứng dụng dùng để làm gì, ít nhất {SHORTEST} ký tự."
        problems.append(Problem(field="purpose", say=say))
    if draft.level not in LEVELS:
        problems.append(Problem(field="level", say="Hãy chọn cấp độ an toàn từ 1 đến 5."))
    if draft.cost_vnd < 0:
        problems.append(Problem(field="cost_vnd", say="Số tiền không được âm."))
    if draft.since and draft.until and draft.until <= draft.since:
        problems.append(Problem(field="until", say="Ngày kết thúc phải sau ngày bắt đầu."))
    known = {one.key for one in dictionary.elements(draft.elements)}
    problems += [
        Problem(field="elements", say=f"Từ điển không có phần tử “{key}”.")
        for key in draft.elements
        if key not in known
    ]
    if problems:
        raise Invalid(
            code="planning.application_wrong",
            what="Chưa đăng ký được ứng dụng.",
            mend="Hãy sửa các mục được chỉ ra.",
            problems=tuple(problems),
        )


def _refuse_unexplained(alike: tuple[Likeness, ...], justification: str) -> None:
    if not alike or len(justification.strip()) >= SHORTEST:
        return
    raise Conflict(
        code="planning.resembles",
        what="Ứng dụng này giống ứng dụng đã có.",
        why=" ".join(f"{one.title} ({one.agency}): {' '.join(one.reasons)}" for one in alike),
        mend="Hãy dùng lại ứng dụng đã có, hoặc ghi vì sao vẫn cần làm riêng.",
        problems=(
            Problem(
                field="justification",
                say=f"Hãy ghi vì sao vẫn cần làm riêng, ít nhất {SHORTEST} ký tự.",
            ),
        ),
    )
