"""The only door of the worklists engine."""

from cuaso.services.worklists.logic.at_list import at_list
from cuaso.services.worklists.logic.blanks import fill_blanks
from cuaso.services.worklists.logic.drop_phrase import drop_phrase
from cuaso.services.worklists.logic.phrases import may_share_phrases, offered_phrases, phrases
from cuaso.services.worklists.logic.save_phrase import save_phrase
from cuaso.services.worklists.logic.saved_views import drop_view, save_view, saved_views
from cuaso.services.worklists.logic.seen import note_seen

__all__ = [
    "at_list",
    "drop_phrase",
    "drop_view",
    "fill_blanks",
    "may_share_phrases",
    "note_seen",
    "offered_phrases",
    "phrases",
    "save_phrase",
    "save_view",
    "saved_views",
]
