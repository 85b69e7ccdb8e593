"""The colour of a mark on a map or in a calendar: the code of a choice, and what it is called."""

from collections.abc import Mapping

from cuaso.capabilities.registries.logic.seeing import outline
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row


def labels(built: Built, path: str, language: str) -> Mapping[str, str]:
    """Return what each colour of a field is called, in the order of its list."""
    if not path:
        return {}
    column = next(values.under(built, path))
    return {one.code: one.label for one in outline.options_of(built, column, language)}


def colour_of(built: Built, row: Row, path: str, hidden: frozenset[str]) -> str:
    """Return the code of a record, "" for none and where the reader may not read it in full."""
    if not path or path in hidden:
        return ""
    value = next(values.under(built, path)).read(row)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(getattr(value, "key", value))
