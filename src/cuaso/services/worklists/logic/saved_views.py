"""Filters of the queue that a post keeps."""

from uuid import UUID

from django.db import transaction

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.text import one_line
from cuaso.services.worklists.contracts import Filter, SavedFilter
from cuaso.services.worklists.logic.at_list import at_list
from cuaso.services.worklists.models import SavedView

MOST = 12
LONGEST_TITLE = 60


def saved_views(*, actor: Actor) -> tuple[SavedFilter, ...]:
    """Return the filters of the actor's post in the order of their making."""
    return at_list(versions={}, actor=actor).saved


def save_view(*, title: str, filter: Filter, actor: Actor) -> SavedFilter:
    """Keep a filter under a title; the same title again replaces what stood there.

    Refused: an empty or long title, a thirteenth filter, who has no post.
    """
    post_id, name = _post(actor), one_line(title)
    if not 1 <= len(name) <= LONGEST_TITLE:
        raise Invalid(
            code="worklists.title_wrong",
            what="Chưa lưu được bộ lọc.",
            mend="Hãy đặt tên ngắn, ví dụ “Khai sinh sắp đến hạn”.",
            problems=(Problem(field="title", say="Hãy đặt tên từ 1 đến 60 ký tự."),),
        )
    with transaction.atomic():
        kept = SavedView.objects.select_for_update().filter(post_id=post_id)
        standing = [row.title for row in kept]
        if name not in standing and len(standing) >= MOST:
            raise Conflict(
                code="worklists.too_many",
                what=f"Ông/bà đã lưu {MOST} bộ lọc.",
                mend="Hãy bỏ bớt một bộ lọc cũ rồi lưu lại.",
            )
        row, _fresh = SavedView.objects.update_or_create(
            post_id=post_id,
            title=name,
            defaults={
                "view": filter.view,
                "text": filter.text,
                "procedure": filter.procedure,
                "made_at": clock.now(),
            },
        )
    return _view(row)


def drop_view(*, id: UUID, actor: Actor) -> None:
    """Remove a filter of the actor's own post; what is not there changes nothing."""
    SavedView.objects.filter(id=id, post_id=_post(actor)).delete()


def _post(actor: Actor) -> UUID:
    if actor.post_id is None:
        raise NotAllowed(
            code="worklists.officials_only",
            what="Chỉ cán bộ mới lưu bộ lọc của danh sách việc.",
            mend="Hãy chọn tư cách cán bộ ở góc trên của trang.",
        )
    return actor.post_id


def _view(row: SavedView) -> SavedFilter:
    asked = Filter(view=row.view, text=row.text, procedure=row.procedure)
    return SavedFilter(id=row.id, title=row.title, filter=asked)
