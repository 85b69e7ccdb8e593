"""Reckon a received dossier's limit by another declared case of its procedure."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cuaso.declarations.calculating import Limit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.services.procedures.act_contracts import LimitCaseView
from cuaso.services.procedures.act_models import CaseChange
from cuaso.services.procedures.logic.course import standing, steps, timing
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.seeing import reading, viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier

USUAL = "Trường hợp thông thường"
USUAL_EN = "The usual case"


@viewing.shown
def change_case(
    *, id: UUID, case: str, reason: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Reckon the due moment anew, from the receipt, by the case numbered `case`, and tell the
    applicant with the reason; what the clock stood and was extended meanwhile is kept.

    Refused: a case that the procedure does not declare or that holds already, no reason, before
    the receipt, after the due moment, while the clock stands, once the result is signed, and a
    case by which the dossier would be late at once.
    Source: the decision that publishes the procedure names its limits and their cases.
    """
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        standing.require_open(dossier)
        standing.require_clock(dossier)
        standing.require_unsigned(dossier)
        was_due_at = _require_in_time(dossier)
        was, now = _chosen(dossier, case)
        due_at, told = timing.by_case(dossier, was=was, now=now)
        _require_reachable(due_at)
        row = CaseChange.objects.create(
            dossier=dossier,
            was_case=was.case,
            to_case=now.case,
            limit_say=str(now.duration),
            reason=reason,
            source=now.source,
            was_due_at=was_due_at,
            due_at=due_at,
            changed_by=actor.name,
            changed_at=clock.now(),
        )
        dossier.due_at, dossier.due_steps = due_at, [*dossier.due_steps, *told]
        dossier.due_source = now.source
        steps.set_due(dossier)
        notify.applicant(dossier, template="case_changed", reason=reason)
        steps.finish_act(
            dossier,
            actor=actor,
            act="case_changed",
            content={
                "was_case": row.was_case or USUAL,
                "to_case": row.to_case or USUAL,
                "was_due_at": was_due_at.isoformat(),
                "due_at": due_at.isoformat(),
                "due_say": timing.say_moment(due_at),
            },
            reason=reason,
        )
    return dossier, actor


def limit_cases(*, id: UUID, actor: Actor, purpose: str = "") -> tuple[LimitCaseView, ...]:
    """Return the cases that the procedure declares for a dossier, the usual one first; empty
    where it declares none.
    """
    dossier = reading.opened(id=id, actor=actor, purpose=purpose)
    known = declared.limits_of(dossier)
    if len(known) < 2:  # noqa: PLR2004 one case is no choice
        return ()
    current = _current(dossier)
    return tuple(
        LimitCaseView(
            code=str(number),
            label=one.case or USUAL,
            label_en=one.case_en or one.case or USUAL_EN,
            limit_say=str(one.duration),
            current=one.case == current,
        )
        for number, one in enumerate(known)
    )


def _current(dossier: Dossier) -> str:
    """Return the case by which the dossier is reckoned now, `""` for the usual one."""
    last = CaseChange.objects.filter(dossier=dossier).order_by("changed_at", "id").last()
    if last is not None:
        return last.to_case
    found = declared.limit_at_receipt(dossier)
    return found.case if found else ""


def _chosen(dossier: Dossier, case: str) -> tuple[Limit, Limit]:
    """Return the limit that holds and the one that was chosen; raise Invalid."""
    known = declared.limits_of(dossier)
    number = int(case) if case.isascii() and case.isdecimal() else len(known)
    current = _current(dossier)
    was = next((one for one in known if one.case == current), None)
    if was is None or number >= len(known) or known[number].case == current:
        say = "Hãy chọn một trường hợp khác mà thủ tục quy định."
        raise Invalid(
            code="procedures.case_unfit",
            what="Chưa đổi được trường hợp thời hạn.",
            why="Chỉ đổi được sang một trường hợp khác đã công bố của thủ tục này.",
            mend=say,
            problems=(Problem(field="case", say=say),),
        )
    return was, known[number]


def _require_in_time(dossier: Dossier) -> datetime:
    """Return the due moment that still lies ahead; raise Conflict when it is past."""
    if dossier.due_at is None:
        raise steps.unknown()
    if dossier.due_at <= clock.now():
        raise Conflict(
            code="procedures.late_already",
            what="Chưa đổi được trường hợp thời hạn.",
            why=f"Hồ sơ đã quá hạn lúc {timing.say_moment(dossier.due_at)}.",
            mend="Hãy giải quyết sớm nhất có thể; việc hẹn lại cần văn bản xin lỗi người nộp.",
        )
    return dossier.due_at


def _require_reachable(due_at: datetime) -> None:
    if due_at <= clock.now():
        raise Conflict(
            code="procedures.case_late",
            what="Chưa đổi được trường hợp thời hạn.",
            why=f"Theo trường hợp này hồ sơ đã quá hạn từ {timing.say_moment(due_at)}.",
            mend="Hãy giữ trường hợp hiện tại, hoặc giải quyết xong hồ sơ.",
        )
