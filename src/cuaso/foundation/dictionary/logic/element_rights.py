"""Who keeps the dictionary, and how its elements are found for a change."""

from uuid import UUID

from cuaso.foundation.dictionary.element_models import Element, ElementVersion
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound

SUBJECT = "dictionary.element"
KEEPERS = frozenset({"admin"})
PUBLISHERS = frozenset({"admin", "leader"})


def may_keep(actor: Actor) -> bool:
    """Say whether the actor drafts versions: an official who administers."""
    return actor.kind == "official" and bool(actor.roles & KEEPERS)


def may_publish(actor: Actor) -> bool:
    """Say whether the actor publishes what somebody else drafted."""
    return actor.kind == "official" and bool(actor.roles & PUBLISHERS)


def require_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise NotAllowed(
            code="dictionary.keepers_only",
            what="Ông/bà chưa soạn được phiên bản của phần tử dữ liệu.",
            why="Chỉ cán bộ quản trị mới soạn từ điển dữ liệu.",
            mend="Hãy gửi đề nghị tới cán bộ quản trị của cơ quan.",
        )


def require_publisher(actor: Actor, draft: ElementVersion) -> None:
    if not may_publish(actor):
        raise NotAllowed(
            code="dictionary.publishers_only",
            what="Ông/bà chưa ban hành được phiên bản này.",
            why="Chỉ lãnh đạo hoặc cán bộ quản trị mới ban hành.",
            mend="Hãy nhờ người có quyền ban hành.",
        )
    if draft.drafted_by is not None and draft.drafted_by == actor.person_id:
        raise NotAllowed(
            code="dictionary.own_draft",
            what="Ông/bà chưa ban hành được phiên bản này.",
            why="Người soạn không tự ban hành bản thảo của mình.",
            mend="Hãy nhờ người thứ hai xem lại rồi ban hành.",
        )


def element_row(key: str) -> Element:
    """Return the element, locked for a change; raise NotFound."""
    row = Element.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise no_element(key)
    return row


def draft_of(id: UUID) -> ElementVersion:
    """Return a draft, locked with its element; raise NotFound."""
    found = ElementVersion.objects.filter(id=id, published=False).select_related("element").first()
    if found is None:
        raise NotFound(
            code="dictionary.no_draft",
            what="Không còn bản thảo này.",
            why="Bản thảo đã được ban hành hoặc đã bỏ.",
            mend="Hãy tải lại trang của phần tử.",
        )
    element_row(found.element.key)
    return found


def no_element(key: str) -> NotFound:
    return NotFound(
        code="dictionary.no_element",
        what=f"Từ điển không có phần tử dữ liệu “{key}”.",
        mend="Hãy tìm phần tử bằng tên hoặc bằng một từ trong định nghĩa.",
    )
