"""Which version of a dossier a post saw last."""

from typing import Final
from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

# A plain statement: every look at a dossier asks it.
_NOTE: Final = """
insert into worklists_seen (post_id, dossier_id, version, seen_at) values (%s, %s, %s, %s)
on conflict (post_id, dossier_id) do update set
  version = excluded.version, seen_at = excluded.seen_at
"""


def note_seen(*, dossier_id: UUID, version: int, actor: Actor) -> None:
    """Keep that the actor's post read this version; who has no post leaves no mark."""
    if actor.post_id is None:
        return
    with audit.planned() as cursor:
        cursor.execute(_NOTE, [actor.post_id, dossier_id, version, clock.now()])
