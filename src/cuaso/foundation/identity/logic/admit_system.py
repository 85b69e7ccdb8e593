"""What is the same for every kind of connected system: who decides about it, and only once."""

from datetime import datetime
from typing import Final, Protocol, TypeVar

from django.db.models import Model, QuerySet

from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

ROLE: Final = "admin"
_System = TypeVar("_System", bound=Model)


class Decided(Protocol):
    """The row of a system that waits, is let in, refused or shut out."""

    status: str
    decided_at: datetime | None

    def save(self, *, update_fields: list[str]) -> None:
        """Write the named columns."""


def require_admin(actor: Actor) -> None:
    if ROLE not in actor.roles:
        raise NotAllowed(
            code="identity.systems_not_yours",
            what="Ông/bà chưa có quyền quyết định về các hệ thống kết nối.",
            why="Chức vụ hiện tại không có vai trò quản trị.",
            mend="Hãy chuyển sang chức vụ quản trị, hoặc nhờ quản trị viên của tỉnh.",
        )


def require_reason(reason: str) -> None:
    """A system that works is shut out for a reason that its people can be told."""
    if not reason.strip():
        raise Invalid(
            code="identity.system_reason_missing",
            what="Chưa khóa hệ thống.",
            why="Việc khóa cần có lý do.",
            mend="Hãy ghi lý do khóa hệ thống.",
        )


def locked(rows: QuerySet[_System], *, status: str) -> _System:
    """Return the system in the queryset, locked; raise NotFound, or Conflict when it is not in
    `status` any more.
    """
    row = rows.select_for_update().first()
    if row is None:
        raise NotFound(
            code="identity.no_system",
            what="Không có hệ thống này.",
            mend="Hãy mở lại danh sách các hệ thống.",
        )
    if row.status != status:  # type: ignore[attr-defined]
        raise Conflict(
            code="identity.system_decided",
            what="Hệ thống này đã được quyết định trước đó.",
            why=f"Tình trạng hiện tại: {row.get_status_display()}.",  # type: ignore[attr-defined]
            mend="Hãy mở lại danh sách để xem tình trạng mới nhất.",
        )
    return row


def settle(row: Decided, *, to: str) -> None:
    row.status, row.decided_at = to, now()
    row.save(update_fields=["status", "decided_at"])
