"""Descriptions of all registries, kept as they were sent: hundreds of registries, seldom changed.

Of two readers with the same rights the text is the same, and kept once.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final

from cuaso.channels.rest.registries import answers

MOST_READERS: Final = 200
MOST_TEXTS: Final = 12
_by_reader: dict[Hashable, bytes] = {}
_texts: dict[bytes, bytes] = {}


def kept(mark: Hashable | None, make: Callable[[], dict[str, Any]]) -> bytes:
    """Return the description that was made under this mark; made now where none was."""
    known = _by_reader.get(mark) if mark is not None else None
    if known is not None:
        return known
    made = answers.written(make()).encode()
    if mark is None:
        return made
    if len(_by_reader) >= MOST_READERS or len(_texts) >= MOST_TEXTS:
        _by_reader.clear()
        _texts.clear()
    _by_reader[mark] = _texts.setdefault(made, made)
    return _by_reader[mark]
