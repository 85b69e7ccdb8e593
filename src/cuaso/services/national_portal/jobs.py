"""What the worker calls: an event of a dossier, and its loops."""

from cuaso.foundation.audit.contracts import Event
from cuaso.services.national_portal.logic.note_moved import note_moved
from cuaso.services.national_portal.logic.reconcile import reconcile_due
from cuaso.services.national_portal.logic.send import send_due

__all__ = ["on_dossier_moved", "reconcile_due", "send_due"]


def on_dossier_moved(event: Event) -> None:
    """Queue for the portal what it must know of a dossier that went on."""
    if event.subject.kind != "procedures.dossier":
        return
    note_moved(
        dossier_id=event.subject.id,
        version=int(str(event.payload["version"])),
        status=int(str(event.payload["status"])),
        at=event.published_at,
    )
