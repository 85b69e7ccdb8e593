"""What a form says in words, in Vietnamese and in English, whatever its columns are called."""

import re
from collections.abc import Iterable
from typing import Final

from cuaso.declarations.xlsform.tables import Row, Table
from cuaso.kernel.text import fold, one_line

_VIETNAMESE: Final = ("(vi)", "tieng viet", "vietnam")
_ENGLISH: Final = ("(en)", "english", "tieng anh")
_MARKS: Final = re.compile(r"\*\*|__|<[^<>]{0,200}>|(?m:^#+\s)")
ANSWER: Final = re.compile(r"\$\{[^{}]{1,120}\}")
LONGEST: Final = 300


class Words:
    """Finds the texts of rows; `default` is the form's own language."""

    def __init__(self, tables: Iterable[Table], default: str) -> None:
        self._default = fold(default)
        self._columns: dict[str, list[str]] = {}
        for column in dict.fromkeys(column for table in tables for column in table.columns):
            self._columns.setdefault(column.partition("::")[0], []).append(column)

    def vietnamese(self, row: Row, what: str) -> str:
        """Return a text in Vietnamese, else in the form's own language, else any."""
        return self._first(row, what, [_VIETNAMESE, (self._default,) if self._default else ()])

    def english(self, row: Row, what: str) -> str:
        """Return a text in English, "" where there is none beside the Vietnamese one."""
        said = self._in(row, what, _ENGLISH)
        return said if said != self.vietnamese(row, what) else ""

    def languages(self, what: str) -> list[str]:
        """Return the columns of other languages, which a registry does not keep."""
        return [
            column
            for column in self._columns.get(what, ())
            if "::" in column and not self._is(column, (*_VIETNAMESE, *_ENGLISH, self._default))
        ]

    def _first(self, row: Row, what: str, orders: Iterable[tuple[str, ...]]) -> str:
        for names in orders:
            said = self._in(row, what, names)
            if said:
                return said
        every = [what, *self._columns.get(what, ())]
        return next((said for column in every if (said := _clean(row.get(column)))), "")

    def _in(self, row: Row, what: str, names: tuple[str, ...]) -> str:
        found = (column for column in self._columns.get(what, ()) if self._is(column, names))
        return next((said for column in found if (said := _clean(row.get(column)))), "")

    def _is(self, column: str, names: tuple[str, ...]) -> bool:
        language = fold(column.partition("::")[2])
        codes = {name.strip("()") for name in names if name.startswith("(")}
        return bool(language) and (
            language in codes or any(name and name in language for name in names)
        )


def _clean(text: str) -> str:
    return one_line(ANSWER.sub("…", _MARKS.sub("", text)))[:LONGEST]
