"""What the control sheet says: every step as it was recorded, with its clock; nothing is typed.

Source: circular 01/2018/TT-VPCP, form 05; circular 03/2025/TT-VPCP, form 06.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from cuaso.kernel import clock
from cuaso.kernel.working_time import (
    Calendar,
    add_working_minutes,
    deadline,
    remaining,
    working_minutes_between,
)
from cuaso.services.procedures.act_models import Pause
from cuaso.services.procedures.logic.course import steps, timing
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.models import Dossier, Work

OUTCOMES = {
    "accept": "Tiếp nhận",
    "supplement": "Yêu cầu bổ sung",
    "refuse": "Từ chối",
    "consult": "Hỏi ý kiến cơ quan khác",
    "answered": "Đã trả lời",
    "propose": "Trình dự thảo kết quả",
    "return": "Trả lại dự thảo",
    "endorse": "Ký nháy, trình ký",
    "approve": "Đã ký",
    "given": "Đã có số định danh",
    "sealed": "Đã cấp số, đóng dấu",
    "delivered": "Đã trả kết quả",
    "withdrawn": "Người nộp rút hồ sơ",
    "passed": "Hồ sơ đi tiếp",
    "stopped": "Dừng giải quyết",
}
OUTSIDE = {"applicant": "Người nộp hồ sơ", "machine": "Hệ thống"}
TO_THE_MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step as the sheet prints it; moments are Vietnam's time to the minute."""

    title: str
    place: str
    who: str
    since_at: str
    done_at: str
    due_at: str
    result: str
    note: str


def told(dossier: Dossier) -> dict[str, object]:
    """Return the content of the sheet up to now, for the template."""
    works = list(dossier.works.order_by("since_at", "id"))
    names, calendars = Names(), _Calendars()
    partners = [names.agency(one.agency_id) for one in works if one.element == steps.CONSULT]
    return {
        "steps": [asdict(_row(dossier, one, names, calendars)) for one in works],
        "partners": list(dict.fromkeys(partners)),
        "outcome": _outcome(dossier),
        "finished_at": render.local(dossier.finished_at),
    }


class _Calendars:
    """Calendars of agencies for one sheet; each is read once a year."""

    def __init__(self) -> None:
        self._known: dict[tuple[UUID, int], Calendar] = {}

    def of(self, agency_id: UUID, moment: datetime) -> Calendar:
        key = (agency_id, clock.legal_date(moment).year)
        if key not in self._known:
            self._known[key] = timing.calendar(moment, agency_id=agency_id)
        return self._known[key]


def _row(dossier: Dossier, work: Work, names: Names, calendars: _Calendars) -> Row:
    calendar = calendars.of(work.agency_id or dossier.agency_id, work.since_at)
    due_at = _due(dossier, work, calendar)
    return Row(
        title=work.title,
        place=OUTSIDE.get(work.role) or names.agency(work.agency_id),
        who=work.done_by or names.holder(work.post_id),
        since_at=render.local(work.since_at),
        done_at=render.local(work.done_at),
        due_at=render.local(due_at),
        result=_kept(work, due_at, calendar),
        note=OUTCOMES.get(work.outcome, work.outcome),
    )


def _due(dossier: Dossier, work: Work, calendar: Calendar) -> datetime | None:
    """Return when a step should be done: its own clock, else the inner time of the procedure."""
    if work.role == "machine":
        return None
    declared_step = declared.procedure(dossier.procedure).steps.get(work.element)
    has_own = work.element == steps.CONSULT or work.role == "applicant"
    if has_own or declared_step is None or declared_step.within is None:
        return work.due_at
    due_at = deadline(work.since_at, declared_step.within, calendar).due_at
    for pause in Pause.objects.filter(dossier=dossier).order_by("paused_at"):
        due_at = _after_pause(due_at, pause, work, calendar)
    return due_at


def _after_pause(due_at: datetime, pause: Pause, work: Work, calendar: Calendar) -> datetime:
    """Move a step's due moment by the working time for which the clock stood during the step."""
    ended = work.done_at or clock.now()
    begin = max(pause.paused_at, work.since_at)
    end = min(pause.resumed_at or ended, ended)
    stood = working_minutes_between(begin, end, calendar) if begin < min(end, due_at) else 0
    return add_working_minutes(due_at, stood, calendar) if stood else due_at


def _kept(work: Work, due_at: datetime | None, calendar: Calendar) -> str:
    if due_at is None:
        return "Không tính hạn" if work.done_at else "Đang làm"
    ended = work.done_at or clock.now()
    late = (ended - due_at).total_seconds()
    if late >= TO_THE_MINUTE:
        return remaining(ended, due_at, calendar).say
    if work.done_at is None:
        return "Đang làm, trong hạn"
    return "Trước hạn" if late <= -TO_THE_MINUTE else "Đúng hạn"


def _outcome(dossier: Dossier) -> str:
    if dossier.status in (Status.WITHDRAWN, Status.STOPPED, Status.NOT_RECEIVED):
        return "Hồ sơ đã kết thúc, không có kết quả"
    if dossier.finished_at is None or dossier.due_at is None:
        return "Đang giải quyết" if dossier.status not in CLOSED else "Đã giải quyết xong"
    early = dossier.due_at - dossier.finished_at
    if abs(early.total_seconds()) < TO_THE_MINUTE:
        return "Đúng hạn"
    calendar = timing.calendar(dossier.due_at, agency_id=dossier.agency_id)
    if early.total_seconds() < 0:
        return remaining(dossier.finished_at, dossier.due_at, calendar).say
    return "Trước hạn"
