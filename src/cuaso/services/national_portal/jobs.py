"""What the worker calls: an event of a dossier, and its loops."""

from uuid import UUID

from cuaso.foundation.audit.contracts import Event
from cuaso.services.national_portal.logic.ask_again import ask_missing_due
from cuaso.services.national_portal.logic.ask_refund import ask_refund
from cuaso.services.national_portal.logic.note_moved import note_moved
from cuaso.services.national_portal.logic.reconcile import reconcile_due
from cuaso.services.national_portal.logic.send import send_due
from cuaso.services.national_portal.logic.send_refunds import send_refunds_due
from cuaso.services.national_portal.logic.settle_fee import settle_waiting
from cuaso.services.national_portal.models import Link

__all__ = [
    "ask_missing_due",
    "on_dossier_moved",
    "on_obliged",
    "on_refund_asked",
    "reconcile_due",
    "send_due",
    "send_refunds_due",
]


def on_obliged(event: Event) -> None:
    """A dossier owes something: what the portal took for it before pays it now."""
    link = Link.objects.filter(dossier_id=event.subject.id).first()
    if link is not None:
        settle_waiting(link)


def on_refund_asked(event: Event) -> None:
    """An official decided to give money back: what the portal took goes back there."""
    ask_refund(refund_id=UUID(str(event.payload["refund"])))


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
