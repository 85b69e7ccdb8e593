"""Lists that officials keep under a name, for themselves or for their agency."""

from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import SavedViewCard
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import prepared, sets
from cuaso.capabilities.registries.models import SavedView
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem

LONGEST = 60
MOST = 20
# A plain statement: every list of a registry asks it.
_KEPT: Final = """
select id, title, query ->> 'text', shared, post_id = %(post)s as own from registries_savedview
where registry_id = %(registry)s
  and (post_id = %(post)s or (shared and agency_id = %(agency)s))
order by own desc, made_at, id
"""


def saved_views(*, registry: str, actor: Actor) -> tuple[SavedViewCard, ...]:
    """Return the views that the actor kept, then those that colleagues of the agency share."""
    built = sets.built(registry)
    if actor.post_id is None:
        return ()
    asked = {"registry": built.id, "post": actor.post_id, "agency": actor.agency_id}
    return tuple(
        SavedViewCard(id=id, title=title, query=query or "", shared=shared, own=own)
        for id, title, query, shared, own in prepared.every(_KEPT, asked)
    )


def save_view(
    *, registry: str, title: str, query: str, shared: bool, actor: Actor
) -> SavedViewCard:
    """Keep a list's address under a name; raise Invalid for no name, Conflict for a used one."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    name = " ".join(title.split())
    if not name or len(name) > LONGEST:
        say = "Hãy đặt tên cho bộ lọc." if not name else f"Tên dài nhất {LONGEST} ký tự."
        raise Invalid(
            code="registries.view_untitled",
            what="Chưa lưu được bộ lọc.",
            mend=say,
            problems=(Problem(field="title", say=say),),
        )
    if actor.post_id is None:
        raise NotAllowed(
            code="registries.no_post",
            what="Chưa lưu được bộ lọc.",
            why="Bộ lọc được giữ theo vị trí công tác, mà tài khoản này chưa có vị trí nào.",
            mend="Hãy liên hệ người quản trị của cơ quan.",
        )
    own = SavedView.objects.filter(registry_id=built.id, post_id=actor.post_id)
    if own.filter(title=name).exists():
        raise _full(f"Ông/bà đã có bộ lọc “{name}” của sổ này.", "Hãy đặt tên khác.")
    if own.count() >= MOST:
        raise _full(f"Ông/bà đã giữ {MOST} bộ lọc của sổ này.", "Hãy bỏ một bộ lọc cũ.")
    kept = SavedView.objects.create(
        registry_id=built.id,
        post_id=actor.post_id,
        agency_id=actor.agency_id,
        title=name,
        query={"text": query[:4000]},
        shared=shared,
        made_at=clock.now(),
    )
    return SavedViewCard(id=kept.id, title=name, query=query, shared=shared, own=True)


def _full(why: str, mend: str) -> Conflict:
    return Conflict(code="registries.view_exists", what="Chưa lưu được bộ lọc.", why=why, mend=mend)


def drop_view(*, registry: str, id: UUID, actor: Actor) -> None:
    """Let a view of the actor's own go; raise NotFound for another's."""
    built = sets.built(registry)
    own = SavedView.objects.filter(pk=id, registry_id=built.id)
    if actor.post_id is None or not own.filter(post_id=actor.post_id).delete()[0]:
        raise NotFound(
            code="registries.no_saved_view",
            what="Không có bộ lọc này trong các bộ lọc đã lưu.",
            mend="Hãy chọn một bộ lọc trong trang của sổ.",
        )
