"""Data of a person is handed over and forgotten at that person's own wish alone."""

from uuid import UUID

from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed


def require_oneself(actor: Actor) -> UUID:
    """Return the person's id; raise NotAllowed for a guardian, a representative or an official."""
    if actor.kind != "citizen" or actor.person_id is None:
        raise NotAllowed(
            code="accounts.for_oneself_only",
            what="Chỉ chính chủ được làm việc này.",
            why="Tài khoản đang dùng tư cách khác, không phải cho chính mình.",
            mend="Hãy chuyển sang tư cách công dân rồi mở lại trang.",
        )
    return actor.person_id
