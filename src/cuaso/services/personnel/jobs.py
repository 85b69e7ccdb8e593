"""What personnel hears and what the worker repeats for it."""

from cuaso.foundation.audit.contracts import Event
from cuaso.services.personnel.logic import act_on_decisions, attend, compare, send, settle, tell


def on_registry_changed(event: Event) -> None:
    """Follow a change of the registries of officials and of decisions on them."""
    settle.follow(event.subject.id)
    act_on_decisions.note(event.subject.id)
    tell.note_told(event.subject.id)


def act_due() -> int:
    """Carry decisions out whose day has come."""
    return act_on_decisions.act_due()


def retry_due() -> int:
    """Try again what could not be done."""
    return attend.retry_due()


def send_due() -> int:
    """Tell the national database what it does not know yet."""
    return send.send_due()


def reconcile_due() -> int:
    """Compare with the national database once a day."""
    return compare.reconcile_due()
