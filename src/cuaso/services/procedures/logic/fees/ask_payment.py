from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd
from cuaso.services.procedures.act_models import Pause
from cuaso.services.procedures.logic.course import deputies, grounds, steps, timing
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import finance, viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier


@viewing.shown
def ask_payment(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Ask for what is owed before going on: national status 6 until it is paid or falls away.

    A running clock stands on the declared ground `financial_duty` and goes on by itself.
    Refused: nothing is owed, the step is not the actor's.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "receive", "examine", actor=actor)
        actor = deputies.acting(actor, work)
        unpaid = [one for one in finance.dues(dossier) if finance.is_open(one)]
        if not unpaid or dossier.status == Status.PAYMENT_ASKED:
            raise Conflict(
                code="procedures.nothing_to_pay",
                what="Không có khoản nào cần yêu cầu nộp.",
                why="Phí, lệ phí của hồ sơ đã nộp, được miễn, không có, hoặc đã yêu cầu nộp rồi.",
                mend="Hãy tải lại trang để xem tình trạng mới.",
            )
        total = format_vnd(sum(one.amount_vnd for one in unpaid))
        dossier.status = Status.PAYMENT_ASKED
        dossier.waiting_say = f"Cơ quan chờ nộp {total} rồi giải quyết tiếp."
        _stop_clock(dossier, document=f"Yêu cầu nộp {unpaid[0].reference}", actor=actor)
        notify.applicant(dossier, template="fee_asked", reason=total)
        steps.finish_act(dossier, actor=actor, act="payment_asked", content={"total": total})
    return dossier, actor


def _stop_clock(dossier: Dossier, *, document: str, actor: Actor) -> None:
    if dossier.due_at is None or dossier.paused_at is not None:
        return
    why = grounds.chosen(act="pause", code=finance.FINANCIAL_DUTY)
    Pause.objects.create(
        dossier=dossier,
        ground=why.code,
        ground_say=why.label,
        source=why.source,
        document=document,
        paused_by=actor.name,
        paused_at=clock.now(),
    )
    timing.pause(dossier, at=clock.now(), say=why.label)
    steps.set_due(dossier)
