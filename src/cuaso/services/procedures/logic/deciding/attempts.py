"""One try to sign: a result is claimed before the token is asked, so that nobody signs it twice."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cuaso.foundation.access.contracts import Authority
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.models import Dossier, Result

# A try whose process died may be taken over after this long; a token call ends much sooner.
ABANDONED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Try:
    """One try to sign: what was claimed before the token was asked."""

    result_id: UUID
    attempt: UUID
    file_id: UUID
    authority: Authority | None = None


def claim(dossier: Dossier, *, state: str, trying: str) -> Result:
    """Mark a result as being worked on by one try; a try that died is taken over."""
    result = rows.result(dossier, locked=True)
    if result is None:
        raise steps.unknown()
    abandoned = (
        result.state == trying
        and result.attempt_at is not None
        and result.attempt_at < clock.now() - ABANDONED_AFTER
    )
    if result.state != state and not abandoned:
        raise Conflict(
            code="procedures.signing_under_way",
            what="Kết quả này đang được ký ở nơi khác, hoặc đã ký xong.",
            why="Mỗi kết quả chỉ được ký một lần.",
            mend="Hãy đợi ít giây rồi tải lại trang.",
        )
    result.state, result.attempt, result.attempt_at = trying, new_id(), clock.now()
    rows.update(result, "state", "attempt", "attempt_at")
    return result


def take_back(dossier: Dossier, held: Try) -> Result:
    """Lock the result for the try that claimed it; Conflict when another took over."""
    result = rows.result(dossier, locked=True)
    if result is None or (result.id, result.attempt) != (held.result_id, held.attempt):
        raise Conflict(
            code="procedures.attempt_lost",
            what="Lần ký này đã quá lâu và được thay bằng lần khác.",
            why="Bản ký muộn không được dùng, để không có hai kết quả.",
            mend="Hãy tải lại trang để xem tình trạng mới.",
        )
    return result


def release(result_id: UUID, attempt: UUID, *, back_to: str) -> None:
    """Give a claimed result back unchanged after a try that failed."""
    Result.objects.filter(id=result_id, attempt=attempt).update(
        state=back_to, attempt=None, attempt_at=None
    )


def held(result: Result, *, file_id: UUID, authority: Authority) -> Try:
    """Return the try that has just claimed a result."""
    if result.attempt is None:
        raise Conflict(code="procedures.no_attempt", what="Lần ký này không còn hiệu lực.")
    return Try(result_id=result.id, attempt=result.attempt, file_id=file_id, authority=authority)
