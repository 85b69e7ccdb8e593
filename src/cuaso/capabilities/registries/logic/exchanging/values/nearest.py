"""Names what a text of a list was perhaps meant to be: the entries nearest to it, without marks."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    pieces,
    unguarded,
)
from cuaso.declarations.fields import Context, Field, type_of
from cuaso.kernel.text import fold, one_line

_MOST: Final = 3
_ALIKE: Final = 0.65
_SMALL: Final = 5_000
_FEW_RECORDS: Final = 500
_LONGEST: Final = 100
_SAID: Final = ("không có trong danh sách", "không tìm thấy")
_CHOSEN: Final = frozenset({"choice", "multi_choice", "place"})


class Nearest:
    """Remembers the lists that were looked through, each by its folded names, and the answers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: dict[str, dict[str, str]] = {}
        self._said: dict[tuple[str, str], str] = {}

    def beside(self, reader: CellReader, text: str, say: str) -> str:
        """Return what is said of a text that is in no list, with the entries nearest to it; the
        sentence alone where none is near, the list is large, or something else is wrong.
        """
        if not any(one in say for one in _SAID):
            return say
        typed = unguarded(text)
        for piece in pieces(typed) if reader.kind.many else [typed]:
            if f"“{one_line(piece)[:60]}”" in say:
                return say + self._of(reader.one, one_line(piece)[:_LONGEST])
        return say

    def _of(self, one: Field, text: str) -> str:
        list_id = f"{one.type} {_list_of(one) or one.to}"
        asked = (list_id, fold(text))
        if asked not in self._said:
            if list_id not in self._names:
                self._names[list_id] = _folded(self._entries(one))
            names = self._names[list_id]
            near = get_close_matches(asked[1], names, n=_MOST, cutoff=_ALIKE)
            near = near or [name for name in names if f" {asked[1]} " in f" {name} "][:_MOST]
            shown = ", ".join(dict.fromkeys(f"“{names[name]}”" for name in near))
            self._said[asked] = f" Gần nhất: {shown}." if shown else ""
        return self._said[asked]

    def _entries(self, one: Field) -> list[str]:
        """Return what may be written; nothing of a list that is too large to look through."""
        here = self._context
        if one.type in _CHOSEN:
            options = here.lists.options(_list_of(one), here.today)
            return [option.label for option in options] if len(options) <= _SMALL else []
        records = here.records.options(one.to, "", _FEW_RECORDS + 1)
        if len(records) > _FEW_RECORDS:
            return []
        return [record.key for record in records]


def _list_of(one: Field) -> str:
    """Return the list that a field chooses from, "" for a reference."""
    list_of = getattr(type_of(one), "list_of", None)
    return str(list_of(one)) if list_of else ""


def _folded(entries: Iterable[str]) -> dict[str, str]:
    return {fold(one): one for one in entries}
