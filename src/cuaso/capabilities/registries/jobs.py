"""What the worker repeats for registries."""

from typing import Final

from cuaso.capabilities.registries.logic.changing import courses, recomputing, reminding, remove
from cuaso.capabilities.registries.logic.designing import withdrawing
from cuaso.capabilities.registries.logic.feeding import directory
from cuaso.capabilities.registries.logic.storing import emptying, publishing
from cuaso.foundation.audit.contracts import Event
from cuaso.kernel.actors import system

ACTOR: Final = system("Sổ dữ liệu")


def publish_due() -> int:
    """Publish approved versions, also those whose publishing was interrupted; how many."""
    return publishing.publish_due(actor=ACTOR)


def recompute_due() -> int:
    """Bring computed fields of records to the formulas in force, a portion of each registry."""
    return recomputing.recompute_due(actor=ACTOR)


def keep_indexes() -> int:
    """Bring the indexes of registries in force up to what this release asks for; how many."""
    return publishing.keep_indexes()


def empty_bins() -> int:
    """Let go of what has rested in the bin for its term: records, fields, whole registries, and of
    history whose time is over; how many records and columns.
    """
    deleted = remove.empty_bins(actor=ACTOR)
    dropped = emptying.drop_due(actor=ACTOR)
    emptying.forget_history(actor=ACTOR)
    withdrawing.empty_withdrawn(actor=ACTOR)
    return deleted + dropped


def on_flow_moved(event: Event) -> None:
    """Keep the waiting steps of a record true after its way moved by itself (a timer)."""
    if event.subject.kind == "registries.record":
        courses.catch_up(event.subject.id)


def remind_due() -> int:
    """Send the reminders that the registries declare and that are due today; how many."""
    return reminding.remind_due(actor=ACTOR)


def on_changed(event: Event) -> None:
    """Let the directory follow a change of a registry that is its source."""
    directory.follow(
        registry=str(event.payload["registry"]),
        change_id=event.subject.id,
        origin=str(event.payload["origin"]),
        actor=ACTOR,
    )
