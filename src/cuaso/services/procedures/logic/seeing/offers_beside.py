"""Which acts beside the step at hand stand open to an official: extend, pause, stop ..."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.contracts import ActOffer
from cuaso.services.procedures.logic.course import corrections, standing, steps
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.models import Dossier, Result, Work
from cuaso.services.procedures.policies import DOSSIERS

EXTEND = ActOffer(
    act="extend", title="Gia hạn và xin lỗi", rare=True, fields=("reason", "until", "added")
)
CHANGE_CASE = ActOffer(
    act="change_case", title="Đổi trường hợp thời hạn", rare=True, fields=("case", "reason")
)
PAUSE = ActOffer(
    act="pause", title="Tạm dừng tính thời hạn", rare=True, fields=("ground", "document")
)
RESUME = ActOffer(act="resume", title="Tính tiếp thời hạn")
STOP = ActOffer(act="stop", title="Dừng giải quyết", rare=True, fields=("ground", "reason"))
TRANSFER = ActOffer(
    act="transfer",
    title="Chuyển cơ quan có thẩm quyền",
    rare=True,
    fields=("agency_id", "reason"),
)
HAND_BACK = ActOffer(act="hand_back", title="Chuyển trả hồ sơ", rare=True, fields=("reason",))
EDIT = ActOffer(act="edit_draft", title="Sửa dự thảo", rare=True, fields=("values", "note"))
CORRECT = ActOffer(
    act="correct_result", title="Đính chính kết quả", rare=True, fields=("values", "reason")
)
REVOKE = ActOffer(
    act="revoke_result", title="Thu hồi kết quả", rare=True, fields=("ground", "reason")
)


def beside(
    dossier: Dossier,
    *,
    works: Sequence[Work],
    result: Result | None,
    actor: Actor,
    left: Set[str],
) -> tuple[ActOffer, ...]:
    """Return the acts that need a role at the competent agency, not the step at hand."""
    at = _open(works)
    if not access.decide(actor=actor, act="settle", record=dossier, policy=DOSSIERS).allowed:
        return tuple(_of_reception(dossier, at, actor))
    if dossier.status in CLOSED or dossier.status == Status.DONE:
        return tuple(_after_the_end(dossier, at, result, actor))
    return tuple(_settling(dossier, works, result, left))


def _of_reception(dossier: Dossier, at: Set[str], actor: Actor) -> Iterator[ActOffer]:
    if at != {"receive"} or "reception" not in actor.roles:
        return
    if access.decide(actor=actor, act="work", record=dossier, policy=DOSSIERS).allowed:
        yield TRANSFER


def _after_the_end(
    dossier: Dossier, at: Set[str], result: Result | None, actor: Actor
) -> Iterator[ActOffer]:
    if corrections.CORRECT in at:
        yield replace(CORRECT, rare=False, main=True)
    if result is None or result.state != "issued":
        return
    yield CORRECT
    if "leader" in actor.roles and actor.agency_id == steps.issuer(dossier):
        yield REVOKE


def _settling(
    dossier: Dossier, works: Sequence[Work], result: Result | None, left: Set[str]
) -> Iterator[ActOffer]:
    if dossier.paused_say:
        yield RESUME
    elif dossier.paused_at is None:
        yield from _while_it_runs(dossier, works, result, left)
    if _unsigned(result) and dossier.received_at:
        yield STOP


def _while_it_runs(
    dossier: Dossier, works: Sequence[Work], result: Result | None, left: Set[str]
) -> Iterator[ActOffer]:
    at = _open(works)
    if dossier.due_at is not None and dossier.original_due_at is None:
        yield EXTEND
    if not at or not _unsigned(result):
        return
    if _other_cases(dossier):
        yield CHANGE_CASE
    if dossier.due_at is not None and at <= standing.PAUSES_AT:
        yield PAUSE
    if at <= standing.MOVES_AT:
        yield TRANSFER
        if "transfers" in left and standing.last_arrival(dossier):
            yield HAND_BACK
    if at <= standing.EDITS_AT and not (standing.agreed(works) or standing.endorsed(works)):
        yield EDIT


def _other_cases(dossier: Dossier) -> bool:
    """Say whether a limit still runs that the procedure declares in several cases."""
    if dossier.due_at is None or dossier.due_at <= clock.now():
        return False
    return len(declared.limits_of(dossier)) > 1


def _open(works: Sequence[Work]) -> Set[str]:
    return {work.element for work in works if work.done_at is None}


def _unsigned(result: Result | None) -> bool:
    return result is None or result.state == "draft"
