"""The registries' only door: declared databases, their records and what they were."""

from cuaso.capabilities.registries.logic.changing.add import add
from cuaso.capabilities.registries.logic.changing.amend import amend, move
from cuaso.capabilities.registries.logic.changing.drafts import drop_draft, save_draft
from cuaso.capabilities.registries.logic.changing.forms import (
    clashes,
    form,
    one_input,
    settled,
    suggestions,
)
from cuaso.capabilities.registries.logic.changing.kept_views import (
    drop_view,
    save_view,
    saved_views,
)
from cuaso.capabilities.registries.logic.changing.many import amend_many
from cuaso.capabilities.registries.logic.changing.remove import bring_back, empty_bins, remove
from cuaso.capabilities.registries.logic.changing.undo import undo
from cuaso.capabilities.registries.logic.printing.printed import print_register
from cuaso.capabilities.registries.logic.seeing.facets import facets
from cuaso.capabilities.registries.logic.seeing.figures import figure
from cuaso.capabilities.registries.logic.seeing.history import history
from cuaso.capabilities.registries.logic.seeing.lists import list_records
from cuaso.capabilities.registries.logic.seeing.outline import choices, outline
from cuaso.capabilities.registries.logic.seeing.pictures import board, calendar, map_of
from cuaso.capabilities.registries.logic.seeing.purposes import open_for
from cuaso.capabilities.registries.logic.seeing.records import known, record
from cuaso.capabilities.registries.logic.seeing.registries import registries, registry
from cuaso.capabilities.registries.logic.storing.publishing import install, publish_due

__all__ = [
    "add",
    "amend",
    "amend_many",
    "board",
    "bring_back",
    "calendar",
    "choices",
    "clashes",
    "drop_draft",
    "drop_view",
    "empty_bins",
    "facets",
    "figure",
    "form",
    "history",
    "install",
    "known",
    "list_records",
    "map_of",
    "move",
    "one_input",
    "open_for",
    "outline",
    "print_register",
    "publish_due",
    "record",
    "registries",
    "registry",
    "remove",
    "save_draft",
    "save_view",
    "saved_views",
    "settled",
    "suggestions",
    "undo",
]
