"""The registries' only door: declared databases, their records and what they were."""

from cuaso.capabilities.registries.logic.changing.add import add
from cuaso.capabilities.registries.logic.changing.amend import amend, move
from cuaso.capabilities.registries.logic.changing.remove import bring_back, empty_bins, remove
from cuaso.capabilities.registries.logic.changing.undo import undo
from cuaso.capabilities.registries.logic.printing.printed import print_register
from cuaso.capabilities.registries.logic.seeing.history import history
from cuaso.capabilities.registries.logic.seeing.lists import list_records
from cuaso.capabilities.registries.logic.seeing.records import record
from cuaso.capabilities.registries.logic.seeing.registries import registries, registry
from cuaso.capabilities.registries.logic.storing.publishing import install, publish_due

__all__ = [
    "add",
    "amend",
    "bring_back",
    "empty_bins",
    "history",
    "install",
    "list_records",
    "move",
    "print_register",
    "publish_due",
    "record",
    "registries",
    "registry",
    "remove",
    "undo",
]
