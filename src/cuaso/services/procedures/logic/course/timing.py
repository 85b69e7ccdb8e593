"""Reckon when a result is due, say why, stop the clock and let it go on, extend it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cuaso.declarations.calculating import Limit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.working_time import (
    Calendar,
    add_working_minutes,
    deadline,
    remaining,
    working_minutes_between,
)
from cuaso.services.procedures.contracts import DueState, DueView
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.rows import ListedDossier
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.models import Dossier

SOON_MINUTES = 8 * 60
SUPPLEMENTING = "để người nộp bổ sung hồ sơ"


def calendar(moment: datetime, *, agency_id: UUID) -> Calendar:
    """Return the calendar by which an agency works around a moment, overrides and hours in."""
    return directory.working_calendar(on=clock.legal_date(moment), agency_id=agency_id)


def start_clock(dossier: Dossier, *, at: datetime) -> None:
    """Set the due moment from the limit that the law gave on the day of receipt, in the case that
    the dossier's answers make.
    """
    limit = declared.limit(
        dossier.procedure,
        on=clock.legal_date(at),
        channel=dossier.channel,
        values=declared.form(dossier.procedure).load(dossier.values).values,
    )
    if limit is None:
        dossier.due_at, dossier.due_steps, dossier.due_source = None, [], ""
        return
    reckoned = deadline(
        at, limit.duration, calendar(at, agency_id=dossier.agency_id), cut_off=limit.cut_off
    )
    dossier.due_at = reckoned.due_at
    told = f"Trường hợp: {limit.case}; thời hạn {limit.duration}." if limit.case else ""
    dossier.due_steps = [*((told,) if told else ()), *reckoned.steps]
    dossier.due_source = limit.source


def pause(dossier: Dossier, *, at: datetime, say: str = "") -> None:
    """Stop the clock; only a ground that the law names may call this. `say` is that ground, `""`
    for a supplement.
    """
    if dossier.due_at is not None:
        dossier.paused_at, dossier.paused_say = at, say


def resume(dossier: Dossier, *, at: datetime) -> None:
    """Start the clock again: the due moment moves by the working minutes that it stood."""
    if dossier.paused_at is None or dossier.due_at is None:
        dossier.paused_at, dossier.paused_say = None, ""
        return
    days = calendar(at, agency_id=dossier.agency_id)
    left = max(0, working_minutes_between(dossier.paused_at, dossier.due_at, days))
    dossier.due_at = add_working_minutes(at, left, days)
    why = f"theo căn cứ: {dossier.paused_say}" if dossier.paused_say else SUPPLEMENTING
    stood = f"Thời hạn tạm dừng từ {say_moment(dossier.paused_at)} đến {say_moment(at)} {why}."
    kept = f"Hạn mới là {say_moment(dossier.due_at)}, giữ nguyên thời gian làm việc còn lại."
    dossier.due_steps = [*dossier.due_steps, stood, kept]
    dossier.paused_at, dossier.paused_say = None, ""


def extend(dossier: Dossier, *, due_at: datetime, steps: Sequence[str]) -> None:
    """Give a later due moment; what was due at first is kept, and `steps` join the reckoning."""
    dossier.original_due_at = dossier.original_due_at or dossier.due_at
    dossier.due_at = due_at
    dossier.due_steps = [*dossier.due_steps, *steps]


def by_case(dossier: Dossier, *, was: Limit, now: Limit) -> tuple[datetime, tuple[str, ...]]:
    """Return the due moment by another limit, reckoned from the receipt, and its sentences; the
    working time that the clock stood or was extended since comes on top.
    """
    at, due_at = dossier.received_at, dossier.due_at
    if at is None or due_at is None:
        message = "only a running clock is reckoned anew"
        raise ValueError(message)
    days = calendar(at, agency_id=dossier.agency_id)
    first = deadline(at, was.duration, days, cut_off=was.cut_off).due_at
    fresh = deadline(at, now.duration, days, cut_off=now.cut_off)
    stood = working_minutes_between(first, due_at, days) if due_at > first else 0
    name = now.case or "thông thường"
    told = [
        f"Đổi trường hợp: {name}; thời hạn {now.duration}. Hạn trước đó là {say_moment(due_at)}.",
        *fresh.steps,
    ]
    if not stood:
        return fresh.due_at, tuple(told)
    later = add_working_minutes(fresh.due_at, stood, days)
    told.append(
        "Cộng thời gian làm việc mà hồ sơ đã tạm dừng hoặc được gia hạn; "
        f"hạn mới là {say_moment(later)}."
    )
    return later, tuple(told)


def view(dossier: Dossier | ListedDossier) -> DueView:
    """Return when the dossier is due, how much working time is left, and the reckoning."""
    state, said = _standing(dossier)
    if state == "none":
        return DueView(state=state, due_at=None, remaining_say=said)
    return DueView(
        state=state,
        due_at=dossier.due_at,
        remaining_say=said,
        steps=tuple(dossier.due_steps),
        source=dossier.due_source,
        original_due_at=dossier.original_due_at,
    )


def _standing(dossier: Dossier | ListedDossier) -> tuple[DueState, str]:
    if dossier.finished_at or dossier.status in CLOSED:
        return "done", _closed(dossier)
    if dossier.due_at is None:
        return "none", _not_started(dossier)
    if dossier.paused_at:
        return "paused", _paused(dossier)
    left = remaining(
        clock.now(), dossier.due_at, calendar(dossier.due_at, agency_id=dossier.agency_id)
    )
    late = left.minutes < 0
    return ("late" if late else "soon" if left.minutes <= SOON_MINUTES else "ok"), left.say


def _paused(dossier: Dossier | ListedDossier) -> str:
    if dossier.paused_say:
        return f"Tạm dừng tính thời hạn. Căn cứ: {dossier.paused_say}"
    return "Tạm dừng tính thời hạn, chờ người nộp bổ sung"


def _closed(dossier: Dossier | ListedDossier) -> str:
    if dossier.status in (Status.WITHDRAWN, Status.NOT_RECEIVED, Status.STOPPED):
        return "Hồ sơ đã kết thúc"
    late = dossier.due_at and dossier.finished_at and dossier.finished_at > dossier.due_at
    return "Xong, quá hạn" if late else "Xong, đúng hạn"


def _not_started(dossier: Dossier | ListedDossier) -> str:
    if dossier.received_at is None:
        return "Thời hạn tính từ khi hồ sơ được tiếp nhận"
    return "Quy định chưa nêu thời hạn cho hình thức này"


def say_moment(moment: datetime) -> str:
    """Return a moment as people say it, Vietnam time."""
    local = moment.astimezone(clock.VIETNAM)
    return f"{local:%H} giờ {local:%M} ngày {local:%d/%m/%Y}"
