"""Unfinished forms: saved by an official, found again, gone when the record is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from cuaso.capabilities.registries.contracts import Texts
from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Draft
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed

# A name that no field may have: the revision of the record from which the form was typed.
SEEN: Final = "row_revision"


@dataclass(frozen=True, kw_only=True)
class Kept:
    texts: dict[str, str | list[str]]
    revision: int
    saved_at: datetime


def save_draft(
    *,
    registry: str,
    texts: Texts,
    actor: Actor,
    id: UUID | None = None,
    revision: int = 0,
) -> datetime:
    """Keep an unfinished form of a new record or of the record `id`, one for each official's post.

    Nothing is checked but that its paths are declared and that the actor may add or change.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "change" if id else "add")
    if actor.post_id is None:
        raise NotAllowed(
            code="registries.no_post",
            what="Chưa lưu được bản nháp.",
            why="Bản nháp được giữ theo vị trí công tác, mà tài khoản này chưa có vị trí nào.",
            mend="Hãy hoàn thành và ghi bản ghi ngay.",
        )
    kept = built.declared.form.draft(cleaning.posted(built, dict(texts)))
    now = clock.now()
    Draft.objects.update_or_create(
        registry_id=built.id,
        post_id=actor.post_id,
        record_id=id,
        defaults={"texts": {**kept, SEEN: str(revision)}, "saved_at": now},
    )
    return now


def drop_draft(*, registry: str, actor: Actor, id: UUID | None = None) -> None:
    """Let an unfinished form go."""
    built = sets.built(registry)
    if actor.post_id is not None:
        _own(built, id, actor.post_id).delete()


def find(built: Built, id: UUID | None, actor: Actor) -> Kept | None:
    """Return the actor's draft of a record, or of a new one when `id` is None."""
    found = _own(built, id, actor.post_id).first() if actor.post_id is not None else None
    if found is None:
        return None
    texts = dict(found.texts)
    revision = int(texts.pop(SEEN, 0))
    return Kept(texts=texts, revision=revision, saved_at=found.saved_at)


def _own(built: Built, id: UUID | None, post_id: UUID) -> QuerySet[Draft]:
    drafts = Draft.objects.filter(registry_id=built.id, post_id=post_id)
    return drafts.filter(record_id=id) if id else drafts.filter(record_id__isnull=True)
