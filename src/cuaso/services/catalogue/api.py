"""The door of the catalogue of published procedures."""

from cuaso.services.catalogue.logic.describe import described, statistics, unread
from cuaso.services.catalogue.logic.import_file import import_file
from cuaso.services.catalogue.logic.search import search
from cuaso.services.catalogue.logic.tally import tally

__all__ = ["described", "import_file", "search", "statistics", "tally", "unread"]
