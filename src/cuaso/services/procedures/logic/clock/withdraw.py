from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.clock import pause, stop
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def withdraw(*, id: UUID, reason: str, actor: Actor) -> viewing.Acted:
    """Withdraw one's own dossier while its result is not signed.

    Refused: a dossier that ended, or whose result is signed or being signed.
    """
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="own")
        _refuse_late(dossier)
        dossier.status, dossier.finished_at = Status.WITHDRAWN, clock.now()
        dossier.waiting_say, dossier.closed_reason = "", reason
        pause.drop(dossier, actor=actor)
        stop.end_flow(dossier, actor=actor, reason=reason, outcome="withdrawn")
        notify.applicant(dossier, template="withdrawn", reason=reason)
        steps.finish_act(dossier, actor=actor, act="withdrawn", content={}, reason=reason)
    return dossier, actor


def _refuse_late(dossier: Dossier) -> None:
    signed = Result.objects.filter(dossier=dossier).exclude(state="draft").exists()
    if dossier.status in CLOSED or dossier.status == Status.DONE or signed:
        raise Conflict(
            code="procedures.too_late_to_withdraw",
            what="Không rút được hồ sơ này nữa.",
            why="Hồ sơ đã kết thúc, hoặc kết quả đã được ký.",
            mend="Nếu kết quả có sai sót, hãy đề nghị cơ quan cải chính hoặc thu hồi.",
        )
