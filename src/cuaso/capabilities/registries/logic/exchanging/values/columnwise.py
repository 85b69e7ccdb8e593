"""Reads many rows at once, a column at a time: what `Reading.read` says of each that is right.

Every different text of a column is read once, every expression is asked once for each set of values
that it sees. A row in which anything is wrong is left to `Reading.read`, which says what.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging.values import placing
from cuaso.capabilities.registries.logic.exchanging.values.cells import CellReader
from cuaso.capabilities.registries.logic.exchanging.values.grouped import GroupReader
from cuaso.capabilities.registries.logic.exchanging.values.judging import Columns, Judging
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.storing.building import Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.fields import type_of
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import fold, words

# A letter of no script, which folding leaves as it is.
_BETWEEN: Final = "\ue000"
_LINKED: Final = frozenset({"reference", "moment"})
Texts = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class ReadRows:
    """Rows as read: a list for each column of the registry; `wrong` are those to be read by
    themselves, in which nothing stands that may be used but the columns of groups, where the groups
    are `grouped`.
    """

    columns: Columns
    wrong: frozenset[int]
    groups: tuple[str, ...] = ()
    ungrouped: frozenset[int] = frozenset()

    def row(self, at: int) -> dict[str, Any] | None:
        """Return the columns of one row, None for a wrong one."""
        if at in self.wrong:
            return None
        return {name: values[at] for name, values in self.columns.items()}

    def grouped(self, at: int) -> dict[str, Any] | None:
        """Return the columns of the groups of a row, None where they are to be read apart."""
        if at in self.ungrouped:
            return None
        return {name: self.columns[name][at] for name in self.groups}


class Columnwise:
    """Reads portions of rows for a `Reading`, whose memory it shares."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.rules = [asked for _, asked in reading.rules]
        conditions = [*reading.section.conditions(), *self.rules]
        read = {path[0] for one in conditions for path in one.compiled.paths}
        self._groups = {
            path: GroupReader(
                reading.form,
                reading.fields[path],
                reading.context,
                reading.outside,
                way=reading.way,
            )
            for path in reading.built.declared.groups
            if path not in read
        }
        self._orders: dict[str, dict[str, str]] = {}

    def read(self, rows: Sequence[Sequence[str]]) -> list[dict[str, Any] | None]:
        """Return the columns of each new row (texts without white space around), None where it is
        to be read by itself.
        """
        table = list(zip_longest(*rows, fillvalue=""))
        whole = self.read_new(table, len(rows))
        return [whole.row(at) for at in range(len(rows))]

    def read_new(self, table: Texts, size: int) -> ReadRows:
        """Read the texts of new rows, a sequence for each column of the sheet."""
        return self._read(_Portion(self, table, size))

    def read_beside(self, table: Texts, rows: Sequence[Row], stay: frozenset[str]) -> ReadRows:
        """Read rows beside the records that are there already, as `Reading.read` does."""
        return self._read(_Beside(self, table, rows, stay))

    def _read(self, portion: "_Portion") -> ReadRows:
        if self.reading.built.standing_twins:
            every = frozenset(range(portion.size))
            return ReadRows(columns={}, wrong=every, ungrouped=every)
        return portion.read()

    def group(self, path: str) -> GroupReader | None:
        """Return what reads the cells of a group; None when it and the rest read each other."""
        reader = self._groups.get(path)
        return reader if reader is not None and reader.apart else None

    def order(self, name: str, texts: Iterable[str]) -> dict[str, str]:
        """Return the place of each text in Vietnamese order."""
        pieces = self._orders.setdefault(name, {})
        return {text: placing.order(text, pieces) for text in texts}


class _Portion:
    """New rows on their way: `wrong` are those that are to be read by themselves."""

    def __init__(self, reader: Columnwise, table: Texts, size: int) -> None:
        self.reader, self.reading, self.table, self.size = reader, reader.reading, table, size
        self.wrong: set[int] = set()
        self.ungrouped: set[int] = set()
        self.groups: dict[str, list[Any]] = {}

    def read(self) -> ReadRows:
        judging = Judging(self.reading.section, self.reader.rules, self.parsed(), self.size)
        self.read_groups()
        judging.judge()
        columns = self.columns(judging.leaves)
        return ReadRows(
            columns=columns,
            wrong=frozenset(self.wrong | self.ungrouped | judging.wrong),
            groups=tuple(self.reading.built.column(path).name for path in self.groups),
            ungrouped=frozenset(self.ungrouped),
        )

    def texts(self, at: int) -> Sequence[str]:
        return self.table[at] if 0 <= at < len(self.table) else [""] * self.size

    def parsed(self) -> Columns:
        """Return the typed values of each field; rows with what cannot be read are wrong."""
        leaves = {path: [empty] * self.size for path, empty in self.reading.empty.items()}
        for at, path, reader in self.reading.simple:
            leaves[path] = self.values(reader, self.texts(at), self.reading.empty[path])
        return leaves

    def values(self, reader: CellReader, texts: Sequence[str], empty: object) -> list[Any]:
        given = dict.fromkeys(texts)
        given.pop("", None)
        found = reader.read_all(given)
        strange = given.keys() - found.keys() if len(found) != len(given) else ()
        if strange:
            self.wrong.update(number for number, text in enumerate(texts) if text in strange)
            found.update(dict.fromkeys(strange, empty))
        found[""] = empty
        return list(map(found.__getitem__, texts))

    def read_groups(self) -> None:
        given = self.reading.given
        for path, group in self.reading.built.declared.groups.items():
            self.groups[path] = [[]] * self.size
            texts = self.texts(given.index(path)) if path in given else [""] * self.size
            reader = self.reader.group(path)
            if reader is None:
                self.ungrouped.update(
                    number for number, text in enumerate(texts) if text or group.min or group.when
                )
                continue
            known = reader.read_all(dict.fromkeys(texts))
            self.groups[path] = rows = [known[text] for text in texts]
            if None in rows:
                self.ungrouped.update(number for number, one in enumerate(rows) if one is None)

    def columns(self, leaves: Columns) -> Columns:
        """Return the columns of the registry, and the words to search."""
        whole: Columns = {}
        for column in self.reading.built.columns:
            if column.one is None:
                whole[column.name] = self.groups.get(column.path, [[]] * self.size)
            else:
                values = leaves.get(column.path) or [None] * self.size
                whole |= self._placed(column, values)
        whole["row_words"] = self.lexemes(whole)
        return whole

    def _placed(self, column: Column, values: list[Any]) -> Columns:
        name, beside = column.name, column.beside[0]
        if column.ordered:
            kept = [value or None for value in values]
            orders: dict[Any, Any] = dict(self.reader.order(name, {one for one in kept if one}))
            orders[None] = None
            return {name: kept, beside: list(map(orders.__getitem__, kept))}
        if placing.is_plain(column):
            if column.kind == "text" and not all(values):
                values = [value or None for value in values]
            return {name: values}
        written = [column.write(_none(value)) for value in values]
        return {one: [row[one] for row in written] for one in column.names}

    def lexemes(self, whole: Mapping[str, list[Any]]) -> list[str]:
        """Return the words to search of each row, as `values.derived` says them."""
        quoted = [_quoted(whole[name]) for name in self.reading.searched]
        if not quoted:
            return [""] * self.size
        return [" ".join(sorted(frozenset().union(*sets))) for sets in zip(*quoted, strict=True)]


class _Beside(_Portion):
    """A portion of rows whose records are there already: what the sheet does not hold, and the
    paths in `stay`, are as they are in them.
    """

    def __init__(
        self, reader: Columnwise, table: Texts, rows: Sequence[Row], stay: frozenset[str]
    ) -> None:
        super().__init__(reader, table, len(rows))
        self.rows, self.stay = rows, stay
        self._held: set[str] = set()

    def parsed(self) -> Columns:
        reading = self.reading
        leaves = {path: [empty] * self.size for path, empty in reading.empty.items()}
        taken = {path for _, path, _ in reading.simple} - self.stay
        for path in leaves.keys() - taken:
            column = reading.built.by_path.get(path)
            if column is not None and column.one is not None and type_of(column.one).typed:
                self._held.add(path)
                leaves[path] = [_or(column.read(row), reading.empty[path]) for row in self.rows]
        for at, path, reader in reading.simple:
            if path in taken:
                leaves[path] = self._values_beside(at, path, reader)
        return leaves

    def _values_beside(self, at: int, path: str, reader: CellReader) -> list[Any]:
        """A reference that still reads as it did keeps its record, whatever has its key now."""
        texts, empty = self.texts(at), self.reading.empty[path]
        if reader.one.type not in _LINKED:
            return self.values(reader, texts, empty)
        was = [self.reading.built.column(path).read(row) for row in self.rows]
        edit = reader.kind.edit
        kept = [
            value is not None and edit(reader.one, value) == text
            for value, text in zip(was, texts, strict=True)
        ]
        fresh = ["" if same else text for same, text in zip(kept, texts, strict=True)]
        values = self.values(reader, fresh, empty)
        return [old if same else new for same, old, new in zip(kept, was, values, strict=True)]

    def read_groups(self) -> None:
        super().read_groups()
        for path, group in self.reading.built.declared.groups.items():
            name = self.reading.built.column(path).name
            if path not in self.reading.given or path in self.stay:
                # Rows that the sheet does not name are looked at again, as a form does.
                self.groups[path] = [getattr(row, name) for row in self.rows]
                self.wrong.update(
                    at for at, row in enumerate(self.groups[path]) if row or group.min
                )

    def columns(self, leaves: Columns) -> Columns:
        whole = super().columns(leaves)
        for column in self.reading.built.columns:
            path = column.path
            if column.one is not None and (path in self._held or path not in leaves):
                for name in column.names:
                    whole[name] = [getattr(row, name) for row in self.rows]
        whole["row_words"] = self.lexemes(whole)
        return whole


def _quoted(values: Sequence[Any]) -> list[frozenset[str]]:
    """Return the folded words of each value, as a tsvector is written."""
    texts = {value: str(value) for value in set(values) if value is not None}
    whole = _BETWEEN.join(texts.values())
    folded = fold(whole).split(_BETWEEN)
    if whole.count(_BETWEEN) != len(texts) - 1:
        folded = list(texts.values())
    found: dict[Any, frozenset[str]] = {
        value: frozenset(f"'{word}'" for word in words(text))
        for value, text in zip(texts, folded, strict=False)
    }
    found[None] = frozenset()
    return list(map(found.__getitem__, values))


def _or(value: Loose, empty: object) -> Loose:
    return empty if value is None else value


def _none(value: Loose) -> Loose:
    return None if value in ("", ()) else value
