"""A pack told in words: what its files declare, as a page that a department's people read."""

from cuaso.declarations.documenting.library import Library, library
from cuaso.declarations.documenting.pages import page, pages

__all__ = ["Library", "library", "page", "pages"]
