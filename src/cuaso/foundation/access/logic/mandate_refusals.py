"""What is said when a mandate to sign cannot be given."""

from datetime import datetime
from typing import Final
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem

SHORTEST_REASON: Final = 10
# Forms in which one person signs for another; for a collective (TM.) there is no principal.
FOR_A_PERSON: Final = frozenset({"KT", "TL", "TUQ"})


def require_giver(
    actor: Actor, agency_id: UUID, post_id: UUID | None, roles: frozenset[str]
) -> None:
    """Leaders and administrators of the agency give and end mandates, never their own."""
    fit = actor.kind == "official" and actor.roles & roles and agency_id in actor.agency_scope
    if not fit:
        raise NotAllowed(
            code="access.mandate_not_yours",
            what="Chưa có quyền giao thẩm quyền ký của cơ quan này.",
            why="Chỉ lãnh đạo hoặc quản trị viên của cơ quan, hoặc của cơ quan cấp trên, ghi nhận "
            "việc giao thẩm quyền ký theo văn bản.",
            mend="Hãy đề nghị người có thẩm quyền.",
        )
    held = directory.post(post_id).person_id if post_id else None
    if held is not None and held == actor.person_id:
        raise NotAllowed(
            code="access.mandate_own",
            what="Không ai được tự giao thẩm quyền ký cho mình.",
            why="Người giao và người nhận phải là hai người khác nhau.",
            mend="Hãy đề nghị lãnh đạo hoặc quản trị viên khác ghi nhận.",
        )


def require_fit(
    *,
    form: str,
    post_id: UUID,
    principal_post_id: UUID | None,
    basis: str,
    from_at: datetime,
    until_at: datetime | None,
) -> None:
    """Raise Invalid with everything that a mandate of this form lacks."""
    problems = []
    if form not in FOR_A_PERSON | {"TM"}:
        problems.append(Problem(field="form", say="Hãy chọn KT, TM, TL hoặc TUQ."))
    if not basis.strip():
        problems.append(Problem(field="basis", say="Hãy ghi số, ký hiệu, ngày của văn bản giao."))
    if form in FOR_A_PERSON and principal_post_id in (None, post_id):
        problems.append(Problem(field="principal", say="Hãy chọn chức danh được ký thay."))
    if form == "TUQ" and until_at is None:
        problems.append(Problem(field="until", say="Ủy quyền phải có thời hạn."))
    if until_at is not None and until_at <= max(from_at, clock.now()):
        problems.append(Problem(field="until", say="Lúc hết hạn phải sau lúc bắt đầu và sau nay."))
    if problems:
        raise _unfit(*problems)


def require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise _unfit(
            Problem(field="reason", say=f"Hãy ghi lý do, ít nhất {SHORTEST_REASON} ký tự.")
        )


def passed_on() -> Conflict:
    return Conflict(
        code="access.mandate_passed_on",
        what="Người được ủy quyền không được ủy quyền lại.",
        why="Nghị định 30/2020/NĐ-CP, Điều 13: người được ủy quyền không được ủy quyền lại cho "
        "người khác ký.",
        mend="Hãy đề nghị người đứng đầu giao trực tiếp.",
    )


def given_already() -> Conflict:
    return Conflict(
        code="access.mandate_given_already",
        what="Thẩm quyền ký này đã được giao trong thời gian đó.",
        mend="Hãy chấm dứt lần giao trước, hoặc chọn thời gian khác.",
    )


def unknown() -> NotFound:
    return NotFound(
        code="access.no_mandate",
        what="Không có thẩm quyền ký nào đang còn hiệu lực như vậy.",
        mend="Hãy tải lại trang.",
    )


def _unfit(*problems: Problem) -> Invalid:
    return Invalid(
        code="access.mandate_unfit",
        what="Chưa ghi nhận được thẩm quyền ký.",
        mend="Hãy sửa từng chỗ được nêu.",
        problems=problems,
    )
