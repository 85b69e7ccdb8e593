"""Which version of a dossier a post saw last, and what went on since."""

from collections.abc import Mapping
from uuid import UUID

from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.worklists.models import Seen


def note_seen(*, dossier_id: UUID, version: int, actor: Actor) -> None:
    """Keep that the actor's post read this version; who has no post leaves no mark."""
    if actor.post_id is None:
        return
    row = Seen(post_id=actor.post_id, dossier_id=dossier_id, version=version, seen_at=clock.now())
    Seen.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["post_id", "dossier_id"],
        update_fields=["version", "seen_at"],
    )


def changed(*, versions: Mapping[UUID, int], actor: Actor) -> frozenset[UUID]:
    """Return which dossiers, given with their versions of now, went on since the post saw them."""
    if actor.post_id is None or not versions:
        return frozenset()
    rows = Seen.objects.filter(post_id=actor.post_id, dossier_id__in=list(versions))
    return frozenset(row.dossier_id for row in rows if row.version < versions[row.dossier_id])
