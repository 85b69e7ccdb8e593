"""Brings the rows of a sheet in: reads each, tells what is wrong, writes what is new or differs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice, zip_longest
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.exchanging import kept
from cuaso.capabilities.registries.logic.exchanging.formats.lines import EXAMPLE, Line
from cuaso.capabilities.registries.logic.exchanging.values.cell_writer import CellWriter
from cuaso.capabilities.registries.logic.exchanging.values.columnwise import Columnwise
from cuaso.capabilities.registries.logic.exchanging.values.nearest import Nearest
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading, ReadRow
from cuaso.capabilities.registries.logic.exchanging.writing import alone, copying, loading, refusing
from cuaso.capabilities.registries.logic.exchanging.writing.deciding import Deciding
from cuaso.capabilities.registries.logic.exchanging.writing.loading import Key
from cuaso.capabilities.registries.logic.exchanging.writing.portions import (
    Brought,
    Fault,
    Portion,
    Tally,
)
from cuaso.capabilities.registries.logic.exchanging.writing.taken import Taken
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.fields import Wrong
from cuaso.kernel.actors import Actor
from cuaso.kernel.collecting import uncollected
from cuaso.kernel.turns import short_turns

PORTION: Final = 2_000


class Bringing:
    """One pass over a sheet, for one actor; without a change nothing is written.

    Where writing a record refuses something, only a pass with a change tells all that is wrong.
    """

    def __init__(
        self, built: Built, reading: Reading, *, actor: Actor, change: Change | None = None
    ) -> None:
        self.built, self.reading, self.actor, self.change = built, reading, actor, change
        self.tally = Tally()
        self._deciding = Deciding(built, actor)
        self._seen: dict[Key, int] = {}
        statuses = built.declared.statuses
        self._status = statuses.field if statuses else ""
        self._start = statuses.start if statuses else ""
        hidden = rights.masked(built, actor)
        stay = {*hidden, *rights.kept_groups(built, hidden)}
        if self._status and self._status not in reading.given:
            reading.take((*reading.given, self._status))
        self._stay = frozenset(stay | ({self._status} if statuses else set()))
        self._columnwise = Columnwise(reading)
        # The columns that the sheet says something of.
        self._said = [
            name
            for column in built.columns
            if any(_within(column.path, path) and path not in self._stay for path in reading.given)
            for name in column.names
        ]
        self._refusing = alone.is_asked(built)
        self._taken = Taken(built)
        self._writers: dict[str, CellWriter] = {}
        self._nearest = Nearest(reading.context)

    def run(self, lines: Iterable[Line]) -> Iterator[tuple[Line, list[Fault]]]:
        """Go through all lines; yield every one with what is wrong with it."""
        walk = (line for line in lines if not _is_example(line))
        with uncollected(), short_turns(), copying.Copies() as copies:
            while portion := list(islice(walk, PORTION)):
                yield from self._portion(portion, copies)
            copies.go()

    def _portion(
        self, lines: list[Line], copies: copying.Copies
    ) -> Iterator[tuple[Line, list[Fault]]]:
        portion = self._read_new(lines, copies)
        self._settle(portion)
        brought = self._looked_at(portion)
        self._taken.refuse(portion, brought)
        if self.change is not None and self._refusing:
            refusing.write(self.built, portion, brought, self.change, actor=self.actor)
        for at, line in enumerate(lines):
            looked = brought.get(at)
            self.tally.rows += 1
            if looked is not None:
                self.tally.count(looked)
            yield line, looked.faults if looked is not None else []
        self.tally.added += len(portion.added)
        self.tally.same += len(portion.same)
        if self.change is not None and not self._refusing:
            self._write(portion, brought.values(), self.change, copies)

    def _read_new(self, lines: list[Line], copies: copying.Copies) -> Portion:
        """Read lines as if each were a new record, while those before are written."""
        width = len(self.reading.given)
        whole = zip_longest(*(line.cells for line in lines), fillvalue="")
        table = [list(map(str.strip, texts)) for texts in islice(whole, width)]
        table += [[""] * len(lines) for _ in range(width - len(table))]
        learn(self.reading, table)
        keys = self._keys(table, len(lines))
        asked = {key for key in keys if key is not None}
        lock = self.change is not None
        standing = loading.standing(self.built, asked, self._deciding.names, lock=lock)
        copies.go()
        read = self._columnwise.read_new(self._started(table), len(lines))
        return Portion(lines=lines, table=table, keys=keys, standing=standing, read=read)

    def _settle(self, portion: Portion) -> None:
        """Find the lines of which nothing is to be said: new ones, and those of records that hold
        the same already.
        """
        keys, standing = portion.keys, portion.standing
        doubled = self._doubled(keys)
        right = [
            at
            for at, line in enumerate(portion.lines)
            if at not in portion.read.wrong and not line.faults and keys[at] not in doubled
        ]
        portion.added = self._added(portion, [at for at in right if keys[at] not in standing])
        portion.same = self._same(portion, [at for at in right if keys[at] in standing])
        for at in (*portion.added, *portion.same):
            if (key := keys[at]) is not None:
                self._seen[key] = portion.lines[at].number

    def _doubled(self, keys: Sequence[Key | None]) -> frozenset[Key | None]:
        """Return the keys that more than one line has."""
        times = Counter(keys)
        del times[None]
        return frozenset(key for key, many in times.items() if many > 1 or key in self._seen)

    def _added(self, portion: Portion, numbers: list[int]) -> dict[int, UUID]:
        columns = portion.read.columns
        deciding = [columns[name] for name in self._deciding.names[1:]]
        places = (
            columns[self._deciding.place] if self._deciding.place else [None] * len(portion.lines)
        )
        found = {}
        self._deciding.foresee(places[at] for at in numbers)
        for at in numbers:
            agency = self._deciding.keeper_of(places[at])
            if self._deciding.allows((agency, *(values[at] for values in deciding))):
                found[at] = agency
        return found

    def _same(self, portion: Portion, numbers: list[int]) -> frozenset[int]:
        ids = {}
        for at in numbers:
            id, *deciding = portion.standing[portion.keys[at]]  # type: ignore[index] # it stands
            if self._deciding.allows(tuple(deciding)):
                ids[at] = id
        columns = portion.read.columns
        said = {name: [columns[name][at] for at in ids] for name in self._said}
        same = loading.same(self.built, self._said, list(ids.values()), said)
        return frozenset(at for at, id in ids.items() if id in same)

    def _looked_at(self, portion: Portion) -> dict[int, Brought]:
        """Look at each other line by itself, beside the record that it names."""
        settled = portion.added.keys() | portion.same
        rest = [at for at in range(len(portion.lines)) if at not in settled]
        asked = {
            key for at in rest if (key := portion.keys[at]) is not None and key in portion.standing
        }
        rows = loading.present(self.built, asked, lock=False)
        beside = self._read_beside(portion, rest, rows)
        found = {}
        for at in rest:
            key = portion.keys[at]
            row = rows.get(key) if key is not None else None
            found[at] = self._one(portion, at, row, beside.get(at))
        return found

    def _read_beside(
        self, portion: Portion, rest: Sequence[int], rows: Mapping[Key, Row]
    ) -> dict[int, dict[str, Any] | None]:
        there = {
            at: rows[key] for at in rest if (key := portion.keys[at]) is not None and key in rows
        }
        if not there:
            return {}
        table = [[texts[at] for at in there] for texts in portion.table]
        read = self._columnwise.read_beside(table, list(there.values()), self._stay)
        return {at: read.row(number) for number, at in enumerate(there)}

    def _write(
        self,
        portion: Portion,
        brought: Iterable[Brought],
        change: Change,
        copies: copying.Copies,
    ) -> None:
        good = [one for one in brought if not one.faults and one.agency is not None]
        fresh = [one for one in good if one.row is None]
        renewed = [(one.row, one.agency, one.columns) for one in good if one.row and one.agency]
        if fresh:
            keepers = [one.agency for one in fresh if one.agency]
            columns = loading.by_column(self.built, [one.columns for one in fresh])
            loading.insert(self.built, keepers, columns, change, copies)
        if portion.added:
            taken = [at in portion.added for at in range(len(portion.lines))]
            every = portion.read.columns.items()
            whole = {name: list(compress(values, taken)) for name, values in every}
            loading.insert(self.built, list(portion.added.values()), whole, change, copies)
        loading.update(self.built, renewed, change)
        change.records += len(good) + len(portion.added)

    def _one(
        self, portion: Portion, at: int, row: Row | None, beside: dict[str, Any] | None
    ) -> Brought:
        """`beside`: the columns of the record with what the line says, None where it is to be read
        by itself.
        """
        line, key = portion.lines[at], portion.keys[at]
        said = self._refused(key, row)
        if said:
            return Brought(line, row, faults=[Fault(line.number, "", "", said)])
        columns = portion.read.row(at)
        if line.faults:
            columns = beside = None
        if row is not None and columns and not loading.differs(self._said, row, columns):
            # A line that holds what the record does is not read beside the record.
            brought = Brought(line, row)
        elif (known := columns if row is None else beside) is not None:
            brought = self._written(line, row, known)
        else:
            read = self._read(portion, at, row)
            if read.problems or line.faults:
                return Brought(line, row, faults=self._faults(line, read))
            brought = self._written(line, row, read.columns)
        if key is not None:
            self._seen[key] = line.number
        return brought

    def _written(self, line: Line, row: Row | None, columns: dict[str, Any]) -> Brought:
        if row is not None:
            names = [name for column in self.built.columns for name in column.names]
            if not loading.differs(names, row, columns):
                return Brought(line, row)
            moved = self._deciding.place and columns[self._deciding.place] != getattr(
                row, self._deciding.place
            )
            agency = self._deciding.keeper(columns) if moved else row.row_agency
            return Brought(line, row, agency, columns)
        agency = self._deciding.keeper(columns)
        if not self._deciding.may(agency, columns):
            say = "Bản ghi thuộc nơi do cơ quan khác giữ; ông/bà không được thêm."
            return Brought(line, row, faults=[Fault(line.number, "", "", say)])
        return Brought(line, row, agency, columns)

    def _refused(self, key: Key | None, row: Row | None) -> str:
        if key is not None and key in self._seen:
            return f"Trùng khóa với dòng {self._seen[key]} của chính bảng này. Hãy bỏ một dòng."
        if row is not None and not self._deciding.may(row.row_agency, row.__dict__):
            return "Khóa này đã có trong sổ, ở bản ghi mà ông/bà không được sửa."
        return ""

    def _read(self, portion: Portion, at: int, row: Row | None) -> ReadRow:
        cells = portion.cells(at)
        if row is None:
            (begun,) = zip(*self._started([[text] for text in cells]), strict=True)
            groups = portion.read.grouped(at)
            if groups is None:
                return self.reading.read(begun)
            return self.reading.read_beside_groups(begun, groups)
        read = self.reading.read(cells, row=row, stay=self._stay)
        if read.problems:
            again = self._unchanged(cells, row, read)
            if again:
                read = self.reading.read(cells, row=row, stay=self._stay | again)
        return read

    def _started(self, table: list[list[str]]) -> list[list[str]]:
        """A new record without a status begins where its registry declares."""
        if not self._status:
            return table
        at = self.reading.given.index(self._status)
        begun = [text or self._start for text in table[at]]
        return [*table[:at], begun, *table[at + 1 :]]

    def _unchanged(self, cells: list[str], row: Row, read: ReadRow) -> frozenset[str]:
        """Fields that cannot be read any more, yet say what the record says already."""
        given = self.reading.given
        return frozenset(
            path
            for path in read.problems
            if path in given
            and path in self.reading.fields
            and given.index(path) < len(cells)
            and cells[given.index(path)]
            and self._writer(path).text(self.built.column(path).read(row))
            == cells[given.index(path)]
        )

    def _writer(self, path: str) -> CellWriter:
        if path not in self._writers:
            self._writers[path] = CellWriter(self.reading.fields[path], self.reading.context)
        return self._writers[path]

    def _faults(self, line: Line, read: ReadRow) -> list[Fault]:
        given = self.reading.given
        found = [
            Fault(line.number, given[at] if at < len(given) else "", "", say)
            for at, say in line.faults.items()
        ]
        for path, say in read.problems.items():
            at = given.index(path) if path in given else -1
            text = line.cells[at] if 0 <= at < len(line.cells) else ""
            if path in self.reading.readers:
                say = self._nearest.beside(self.reading.readers[path], text, say)  # noqa: PLW2901
            if at < 0 or at not in line.faults:
                found.append(Fault(line.number, path, text[:100], say))
        return found

    def _keys(self, table: Sequence[Sequence[str]], size: int) -> list[Key | None]:
        """Return the key of each row; None where a part is missing or cannot be read."""
        given = self.reading.given
        columns = loading.key_columns(self.built)
        if any(one.path not in given or one.path not in self.reading.readers for one in columns):
            return [None] * size
        parts = [self._key_part(one, table[given.index(one.path)]) for one in columns]
        return [None if None in key else key for key in zip(*parts, strict=True)]

    def _key_part(self, column: Column, texts: Sequence[str]) -> list[Any]:
        given = dict.fromkeys(texts)
        self.reading.readers[column.path].read_all([text for text in given if text])
        known = {text: self._kept(column, text) for text in given}
        return list(map(known.__getitem__, texts))

    def _kept(self, column: Column, text: str) -> object:
        """Return what a text of a key is kept as, None for none and for what cannot be read."""
        try:
            value = self.reading.readers[column.path].read(text) if text else None
        except Wrong:
            return None
        return column.write(value)[column.name]


def _within(path: str, other: str) -> bool:
    """Say whether one path is the other or a part of it."""
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _is_example(line: Line) -> bool:
    return bool(line.cells) and line.cells[-1].startswith(EXAMPLE)


def learn(reading: Reading, table: Sequence[Sequence[str]]) -> None:
    """Look up what the references of these columns of texts name, each registry with one query."""
    records = reading.context.records
    if not isinstance(records, kept.KeptRecords):
        return
    for at, _, reader in reading.simple:
        if reader.one.type == "reference":
            texts = set(table[at]) - {""}
            records.learn(reader.one.to, (reader.owned(text) for text in texts))
