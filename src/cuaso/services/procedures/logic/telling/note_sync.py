from typing import Literal
from uuid import UUID

from cuaso.services.procedures.models import Dossier

SyncState = Literal["none", "waiting", "synced", "failed"]


def note_sync(*, id: UUID, state: SyncState) -> None:
    """Note how far another front knows the dossier, in the caller's transaction.

    Kept apart from the business state: the version stays, so nobody at work on the dossier is
    told that somebody acted meanwhile. Who synchronises writes the ledger.
    """
    Dossier.objects.filter(id=id).exclude(sync_state=state).update(sync_state=state)
