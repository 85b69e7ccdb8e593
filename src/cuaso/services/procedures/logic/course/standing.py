"""Whether a dossier stands so that an act beside its flow may be done."""

from collections.abc import Sequence, Set

from cuaso.foundation.directory import api as directory
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.act_models import Transfer
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.models import Dossier, Result, Work

# The steps at which an act beside the flow may be done. Where officials have the dossier its
# clock may be paused: elsewhere it stands already, or all is done.
PAUSES_AT = frozenset({"examine", "consult", "endorse", "approve"})
MOVES_AT = frozenset({"receive", "examine"})
EDITS_AT = frozenset({"confirm_draft", "endorse", "approve"})


def require_open(dossier: Dossier) -> None:
    """Raise Conflict when the dossier ended or its result was issued."""
    if dossier.status in CLOSED or dossier.status == Status.DONE:
        raise Conflict(
            code="procedures.already_settled",
            what="Chưa thực hiện được.",
            why="Hồ sơ đã kết thúc hoặc đã có kết quả.",
            mend="Nếu kết quả có sai sót, hãy dùng việc đính chính hoặc thu hồi kết quả.",
        )


def require_received(dossier: Dossier) -> None:
    """Raise Conflict while nobody received the dossier."""
    if dossier.received_at is None:
        raise Conflict(
            code="procedures.not_received",
            what="Chưa thực hiện được.",
            why="Hồ sơ chưa được tiếp nhận.",
            mend="Hãy tiếp nhận hồ sơ, hoặc từ chối tiếp nhận kèm lý do.",
        )


def require_unsigned(dossier: Dossier) -> None:
    """Raise Conflict when the dossier's result is signed, or being signed."""
    if Result.objects.filter(dossier=dossier).exclude(state__in=("draft", "cancelled")).exists():
        raise Conflict(
            code="procedures.result_signed",
            what="Chưa thực hiện được.",
            why="Kết quả của hồ sơ đã ký hoặc đang được ký.",
            mend="Hãy để việc ký, đóng dấu hoàn tất; sau đó đính chính hoặc thu hồi nếu cần.",
        )


def require_clock(dossier: Dossier) -> None:
    """Raise Conflict when no time limit runs: none was given, or it stands still."""
    if dossier.due_at is None:
        raise Conflict(
            code="procedures.no_clock",
            what="Chưa thực hiện được.",
            why="Hồ sơ chưa được tiếp nhận, hoặc quy định không nêu thời hạn giải quyết.",
            mend="Không cần tạm dừng hay gia hạn hồ sơ này.",
        )
    require_running(dossier)


def require_running(dossier: Dossier) -> None:
    """Raise Conflict while the clock stands still."""
    if dossier.paused_at is not None:
        raise steps.clock_stands()


def require_at(dossier: Dossier, elements: Set[str]) -> None:
    """Raise Conflict unless every open step of the dossier is among `elements`."""
    at = set(dossier.works.filter(done_at=None).values_list("element", flat=True))
    if not at or at - elements:
        raise Conflict(
            code="procedures.not_at_step",
            what="Chưa thực hiện được.",
            why="Hồ sơ đang ở bước không làm được việc này.",
            mend="Hãy xem đường đi của hồ sơ và làm lại khi hồ sơ về bước phù hợp.",
        )


def last_arrival(dossier: Dossier) -> Transfer | None:
    """Return the transfer by which the dossier came to the agency where it is now, if any."""
    rows = Transfer.objects.filter(dossier=dossier, handed_back_at=None, inherited=False)
    came = rows.order_by("-moved_at", "-id").first()
    if came is None:
        return None
    heir = directory.heirs().get(came.to_agency_id)
    return came if dossier.agency_id in (came.to_agency_id, heir and heir.id) else None


def agreed(works: Sequence[Work]) -> bool:
    """Say whether the applicant has agreed to the draft that stands; steps in their order."""
    return _last_outcome(works, "confirm_draft") == "accept"


def endorsed(works: Sequence[Work]) -> bool:
    """Say whether the settling agency's leader has agreed to the draft that stands."""
    return _last_outcome(works, "endorse") == "endorse"


def _last_outcome(works: Sequence[Work], element: str) -> str:
    return next((work.outcome for work in reversed(works) if work.element == element), "")
