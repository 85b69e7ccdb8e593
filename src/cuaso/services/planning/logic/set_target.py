"""Set by which year a duty shall be met."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.planning.models import Obligation

FURTHEST = 20


def may_plan(actor: Actor) -> bool:
    """Say whether the actor sets the years of the plan: an official who leads or administers."""
    return actor.kind == "official" and bool(actor.roles & {"admin", "leader"})


def set_target(*, id: UUID, year: int, reason: str, actor: Actor) -> None:
    """Set the year of a duty, with a reason that the ledger keeps.

    Refused: who may not plan (NotAllowed), an unknown duty (NotFound), a year in the past or
    more than twenty years ahead, no reason (Invalid).
    """
    if not may_plan(actor):
        raise NotAllowed(
            code="planning.planners_only",
            what="Ông/bà chưa đổi được năm của quy hoạch.",
            why="Chỉ lãnh đạo hoặc cán bộ quản trị đặt mục tiêu năm.",
            mend="Hãy gửi đề nghị tới lãnh đạo cơ quan.",
        )
    _refuse_wrong(year, reason)
    with transaction.atomic():
        row = Obligation.objects.select_for_update().filter(id=id).first()
        if row is None:
            raise NotFound(
                code="planning.no_obligation",
                what="Không có nghĩa vụ dữ liệu này.",
                mend="Hãy tải lại trang quy hoạch.",
            )
        before, row.year, row.year_set = row.year, year, True
        row.save(update_fields=["year", "year_set"])
        audit.record(
            actor=actor,
            act="planning.target_set",
            subject=Subject(kind="planning.obligation", id=row.id),
            content={"key": row.key, "before": before, "year": year},
            reason=reason.strip(),
        )


def _refuse_wrong(year: int, reason: str) -> None:
    this = clock.today().year
    problems = []
    if not this <= year <= this + FURTHEST:
        say = f"Năm phải từ {this} đến {this + FURTHEST}."
        problems.append(Problem(field="year", say=say))
    if not reason.strip():
        problems.append(Problem(field="reason", say="Hãy ghi vì sao đổi năm."))
    if problems:
        raise Invalid(
            code="planning.target_wrong",
            what="Chưa đổi được năm của quy hoạch.",
            mend="Hãy sửa các mục được chỉ ra.",
            problems=tuple(problems),
        )
