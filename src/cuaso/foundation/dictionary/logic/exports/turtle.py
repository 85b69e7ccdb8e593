"""The two exports that need rdflib, which is loaded with the first of them."""

from collections.abc import Iterable
from datetime import date


def export_skos(list_ids: Iterable[str] | None = None) -> str:
    """Return code lists (all) and their mappings as SKOS in Turtle."""
    from cuaso.foundation.dictionary.logic.exports.rdf import skos_turtle  # noqa: PLC0415 see above

    return skos_turtle(list_ids)


def export_shacl(keys: Iterable[str] | None = None, *, on: date | None = None) -> str:
    """Return the elements (all) as they stand on a day (today) as SHACL shapes in Turtle."""
    from cuaso.foundation.dictionary.logic.exports.rdf import shacl_turtle  # noqa: PLC0415 see above

    return shacl_turtle(keys, on)
