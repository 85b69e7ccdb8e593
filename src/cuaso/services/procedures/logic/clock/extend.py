"""Give a later due moment, with an apology: as often as the law of the dossier's day says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.working_time import deadline
from cuaso.services.procedures.act_models import Apology
from cuaso.services.procedures.logic.course import standing, steps, timing
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier

TIMES = "extension_times"


@dataclass(frozen=True, kw_only=True)
class Later:
    """A later due moment and the sentences of its reckoning."""

    due_at: datetime
    steps: tuple[str, ...]


@viewing.shown
def extend(
    *,
    id: UUID,
    reason: str,
    actor: Actor,
    until: date | None = None,
    added: str = "",
    version: int | None = None,
) -> viewing.Acted:
    """Extend the time limit until the end of a day, or by `added` ("2 ngày làm việc"), and
    apologise to the applicant with the reason.

    Refused: more often than the law of the day of receipt allows, after the end, while the clock
    stands, a moment that is not later than now and than the present one.
    Source: decree 61/2018/NĐ-CP, article 19; decree 118/2025/NĐ-CP; form 04 of both circulars.
    """
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="settle", version=version)
        standing.require_open(dossier)
        standing.require_clock(dossier)
        source = _require_times_left(dossier)
        later = _later(dossier, until=until, added=added)
        apology = _apologise(dossier, later, reason=reason, actor=actor)
        was = timing.say_moment(apology.was_due_at)
        extended = f"Gia hạn và xin lỗi người nộp; hạn trước đó là {was}. Căn cứ: {source}."
        timing.extend(dossier, due_at=later.due_at, steps=(extended, *later.steps))
        steps.set_due(dossier)
        notify.applicant(dossier, template="extended", reason=reason)
        steps.finish_act(
            dossier,
            actor=actor,
            act="extended",
            content={
                "was_due_at": apology.was_due_at.isoformat(),
                "due_at": later.due_at.isoformat(),
                "sentence": apology.sentence,
            },
            reason=reason,
        )
    return dossier, actor


def _require_times_left(dossier: Dossier) -> str:
    """Return the source of the rule that allows one more extension, else raise Conflict."""
    on = clock.legal_date(dossier.received_at or dossier.submitted_at)
    rule = declared.law(dossier.procedure, on=on).get(TIMES)
    if rule is None:
        raise Conflict(
            code="procedures.extension_not_ruled",
            what="Chưa gia hạn được.",
            why=f"Quy định áp dụng ngày {on:%d/%m/%Y} không nêu việc gia hạn.",
            mend="Hãy giải quyết theo ngày hẹn đã ghi.",
        )
    given = Apology.objects.filter(dossier=dossier).exclude(due_at=None).count()
    if given >= int(str(rule["value"])):
        raise Conflict(
            code="procedures.extended_already",
            what="Hồ sơ này không gia hạn thêm được.",
            why=f"Chỉ được gia hạn {rule['value']} lần theo {rule['source']}.",
            mend="Hãy giải quyết hồ sơ sớm nhất có thể.",
        )
    return str(rule["source"])


def _later(dossier: Dossier, *, until: date | None, added: str) -> Later:
    if (until is None) == (not added.strip()):
        raise _unfit("until", "Hãy chọn ngày hẹn mới, hoặc thời gian thêm, chỉ một trong hai.")
    was = dossier.due_at or clock.now()
    found = _by_day(dossier, until) if until else _by_amount(dossier, was, added)
    if found.due_at <= max(was, clock.now()):
        field = "until" if until else "added"
        raise _unfit(field, "Ngày hẹn mới phải sau ngày hẹn cũ và sau lúc này.")
    return found


def _by_day(dossier: Dossier, until: date) -> Later:
    days = directory.working_calendar(on=until, agency_id=dossier.agency_id)
    day = days.working_day_from(until)
    due_at = days.closing(day)
    moved = f"Ngày {until:%d/%m/%Y} không làm việc nên hạn lùi sang ngày làm việc kế tiếp."
    said = (moved,) if day != until else ()
    return Later(due_at=due_at, steps=(*said, f"Hạn mới là {timing.say_moment(due_at)}."))


def _by_amount(dossier: Dossier, was: datetime, added: str) -> Later:
    try:
        amount = Duration.parse(added)
    except Invalid as refusal:
        raise _unfit("added", refusal.mend) from refusal
    reckoned = deadline(was, amount, timing.calendar(was, agency_id=dossier.agency_id))
    return Later(due_at=reckoned.due_at, steps=reckoned.steps)


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="procedures.extension_unfit",
        what="Chưa gia hạn được.",
        mend="Hãy sửa chỗ được nêu.",
        problems=(Problem(field=field, say=say),),
    )


def _apologise(dossier: Dossier, later: Later, *, reason: str, actor: Actor) -> Apology:
    was = dossier.due_at or clock.now()
    agency = directory.agency(dossier.agency_id)
    sentence = (
        f"{agency.name} xin lỗi ông/bà {dossier.applicant_name} vì không trả được kết quả hồ sơ "
        f"{dossier.dossier_code} đúng hẹn lúc {timing.say_moment(was)}. "
        f"Lý do: {reason.rstrip('.')}. Ngày hẹn trả mới là {timing.say_moment(later.due_at)}."
    )
    return Apology.objects.create(
        dossier=dossier,
        reason=reason,
        sentence=sentence,
        was_due_at=was,
        due_at=later.due_at,
        said_by=actor.name,
        said_at=clock.now(),
    )
