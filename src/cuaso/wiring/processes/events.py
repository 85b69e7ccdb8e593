"""Deliver the outbox to the functions that the table of subscribers names."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.module_loading import import_string

from cuaso.foundation.audit.api import deliver as deliver_events
from cuaso.foundation.audit.contracts import Event
from cuaso.wiring import engines


def subscribers() -> Mapping[str, Sequence[Callable[[Event], None]]]:
    """Return the table with the functions themselves. Raises ImportError for a wrong name."""
    return {
        topic: tuple(import_string(name) for name in names)
        for topic, names in engines.SUBSCRIBERS.items()
    }


def deliver() -> int:
    """Deliver what waits; return how many deliveries were made."""
    return deliver_events(subscribers())
