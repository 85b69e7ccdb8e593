"""Which version of a dossier a post saw last, and what went on since."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

# Plain statements: every look at a dossier and every list asks them.
_NOTE: Final = """
insert into worklists_seen (post_id, dossier_id, version, seen_at) values (%s, %s, %s, %s)
on conflict (post_id, dossier_id) do update set
  version = excluded.version, seen_at = excluded.seen_at
"""
_SEEN: Final = (
    "select dossier_id, version from worklists_seen where post_id = %s and dossier_id = any(%s)"
)


def note_seen(*, dossier_id: UUID, version: int, actor: Actor) -> None:
    """Keep that the actor's post read this version; who has no post leaves no mark."""
    if actor.post_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [actor.post_id, dossier_id, version, clock.now()])


def changed(*, versions: Mapping[UUID, int], actor: Actor) -> frozenset[UUID]:
    """Return which dossiers, given with their versions of now, went on since the post saw them."""
    if actor.post_id is None or not versions:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [actor.post_id, list(versions)])
        return frozenset(id for id, seen in cursor.fetchall() if seen < versions[id])
