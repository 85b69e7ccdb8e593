"""The only door of the worklists engine."""

from cuaso.services.worklists.logic.saved_views import drop_view, save_view, saved_views
from cuaso.services.worklists.logic.seen import changed, note_seen

__all__ = ["changed", "drop_view", "note_seen", "save_view", "saved_views"]
