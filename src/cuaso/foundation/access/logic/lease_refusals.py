"""What is said when a right for a time cannot be given."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cuaso.foundation.access.logic.words import IN_EMERGENCY, ROLES
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem

SHORTEST_REASON: Final = 10


def require_official(actor: Actor) -> tuple[UUID, UUID]:
    """Return the person and the post of an official; raise NotAllowed for anybody else."""
    if actor.kind != "official" or actor.person_id is None or actor.post_id is None:
        raise NotAllowed(
            code="access.lease_for_officials",
            what="Chưa đề nghị được quyền.",
            why="Chỉ cán bộ, công chức đang giữ một chức danh được đề nghị quyền có thời hạn.",
            mend="Hãy đăng nhập bằng tài khoản cán bộ.",
        )
    return actor.person_id, actor.post_id


def require_fit(
    role: str, reason: str, from_at: datetime, until_at: datetime, *, longest: timedelta
) -> None:
    problems = []
    if role not in ROLES:
        problems.append(Problem(field="role", say="Hãy chọn một vai trò trong danh sách."))
    if len(reason.strip()) < SHORTEST_REASON:
        problems.append(Problem(field="reason", say=_REASON))
    if until_at <= max(from_at, clock.now()):
        problems.append(Problem(field="until", say="Lúc kết thúc phải sau lúc bắt đầu và sau nay."))
    elif until_at - from_at > longest:
        problems.append(Problem(field="until", say=f"Thời hạn dài nhất là {_say(longest)}."))
    if problems:
        raise _unfit(*problems)


def require_emergency_role(role: str) -> None:
    if role not in IN_EMERGENCY:
        raise _unfit(Problem(field="role", say=_NOT_IN_EMERGENCY))


def require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise _unfit(Problem(field="reason", say=_REASON))


_NOT_IN_EMERGENCY: Final = (
    "Khẩn cấp chỉ lấy được vai trò tiếp nhận, thẩm tra hoặc kiểm tra. Quyền ký, đóng dấu và quản "
    "trị phải do người có thẩm quyền cấp."
)
_REASON: Final = f"Hãy ghi lý do, ít nhất {SHORTEST_REASON} ký tự."


def unknown() -> NotFound:
    return NotFound(
        code="access.no_lease",
        what="Không có quyền nào đang còn hiệu lực như vậy.",
        mend="Hãy tải lại trang để xem các quyền hiện có.",
    )


def decided() -> Conflict:
    return Conflict(
        code="access.lease_decided",
        what="Quyền này đã được quyết định hoặc đã kết thúc.",
        mend="Hãy tải lại trang để xem tình trạng mới.",
    )


def own_request() -> NotAllowed:
    return NotAllowed(
        code="access.lease_own",
        what="Không ai được quyết định quyền của chính mình.",
        why="Người đề nghị và người quyết định phải là hai người khác nhau.",
        mend="Hãy đề nghị lãnh đạo hoặc quản trị viên khác của cơ quan quyết định.",
    )


def not_yours() -> NotAllowed:
    return NotAllowed(
        code="access.lease_not_yours",
        what="Chưa có thẩm quyền quyết định quyền này.",
        why="Chỉ lãnh đạo hoặc quản trị viên của cơ quan có dữ liệu, hoặc của cơ quan cấp trên, "
        "được quyết định.",
        mend="Hãy chuyển đề nghị cho người có thẩm quyền.",
    )


def _unfit(*problems: Problem) -> Invalid:
    return Invalid(
        code="access.lease_unfit",
        what="Chưa thực hiện được.",
        mend="Hãy sửa từng chỗ được nêu.",
        problems=problems,
    )


def _say(longest: timedelta) -> str:
    return f"{longest.days} ngày" if longest.days else f"{longest.seconds // 3600} giờ"
