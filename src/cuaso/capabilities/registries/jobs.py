"""What the worker repeats for registries."""

from typing import Final

from cuaso.capabilities.registries.logic.changing import remove
from cuaso.capabilities.registries.logic.storing import publishing
from cuaso.kernel.actors import system

ACTOR: Final = system("Sổ dữ liệu")


def publish_due() -> int:
    """Publish approved versions, also those whose publishing was interrupted; how many."""
    return publishing.publish_due(actor=ACTOR)


def empty_bins() -> int:
    """Delete what has rested in the bin for its term; how many."""
    return remove.empty_bins(actor=ACTOR)
