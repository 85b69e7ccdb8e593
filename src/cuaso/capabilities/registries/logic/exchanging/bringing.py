"""Brings the rows of a sheet in: reads each, tells what is wrong, writes what is new or differs."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.changing import keeping
from cuaso.capabilities.registries.logic.exchanging import alone, kept, loading
from cuaso.capabilities.registries.logic.exchanging.cells import CellWriter
from cuaso.capabilities.registries.logic.exchanging.columnwise import Columnwise
from cuaso.capabilities.registries.logic.exchanging.lines import EXAMPLE, Line
from cuaso.capabilities.registries.logic.exchanging.loading import Key
from cuaso.capabilities.registries.logic.exchanging.reading import Reading, ReadRow
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.fields import Wrong
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem, Refusal

PORTION: Final = 2_000
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of one row; `path` "" is the row as a whole."""

    line: int
    path: str
    text: str
    say: str


@dataclass(kw_only=True)
class Tally:
    """What became of the rows of a sheet. `faults` holds the first ones."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class _Brought:
    """What one line would do: `row` is the record that is there, `agency` keeps what is written
    (None where nothing is).
    """

    line: Line
    row: Row | None
    agency: UUID | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Bringing:
    """One pass over a sheet, for one actor; without a change nothing is written.

    Where rows are written one by one, only a pass with a change tells all that is wrong.
    """

    def __init__(
        self, built: Built, reading: Reading, *, actor: Actor, change: Change | None = None
    ) -> None:
        self.built, self.reading, self.actor, self.change = built, reading, actor, change
        self.tally = Tally()
        self._policy = rights.policy(built, actor)
        self._deciding = ("row_agency", *_columns_of_rights(built))
        self._decided: dict[tuple[Any, ...], bool] = {}
        self._keepers: dict[Any, UUID] = {}
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
            column
            for column in built.columns
            if any(_within(column.path, path) and path not in self._stay for path in reading.given)
        ]
        self._one_by_one = alone.is_asked(built)
        self._alone = loading.alone(built)
        self._taken: list[dict[Key, int]] = [{} for _ in self._alone]
        self._place = built.column(built.declared.place).name if built.declared.place else ""
        self._writers: dict[str, CellWriter] = {}

    def run(self, lines: Iterable[Line]) -> Iterator[tuple[Line, list[Fault]]]:
        """Go through all lines; yield every one with what is wrong with it."""
        walk = (line for line in lines if not _is_example(line))
        with _uncollected():
            while portion := list(islice(walk, PORTION)):
                yield from self._portion(portion)

    def _portion(self, lines: list[Line]) -> Iterator[tuple[Line, list[Fault]]]:
        learn(self.reading, [line.cells for line in lines])
        cells = [list(map(str.strip, line.cells)) for line in lines]
        keys = self._keys(cells)
        known = loading.present(
            self.built, {key for key in keys if key is not None}, lock=self.change is not None
        )
        fresh = self._columnwise.read([self._started(list(texts)) for texts in cells])
        brought = [
            self._one(line, texts, key, known.get(key) if key else None, columns)
            for line, texts, key, columns in zip(lines, cells, keys, fresh, strict=True)
        ]
        for number, columns in enumerate(self._alone):
            self._refuse_taken(columns, self._taken[number], brought)
        if self.change is not None and self._one_by_one:
            for one in brought:
                self._write_alone(one, self.change)
        for one in brought:
            self._count(one)
            yield one.line, one.faults
        if self.change is not None and not self._one_by_one:
            self._write(brought, self.change)

    def _write_alone(self, one: "_Brought", change: Change) -> None:
        if one.faults or one.agency is None:
            return
        try:
            alone.write(self.built, one.row, one.agency, one.columns, change, actor=self.actor)
        except Refusal as refusal:
            said = refusal.problems or (Problem(field="", say=refusal.what),)
            one.faults = [Fault(one.line.number, each.field, "", each.say) for each in said]
        else:
            change.records += 1

    def _write(self, brought: Sequence["_Brought"], change: Change) -> None:
        good = [one for one in brought if not one.faults]
        fresh = [(one.agency, one.columns) for one in good if one.agency and one.row is None]
        renewed = [(one.row, one.agency, one.columns) for one in good if one.agency and one.row]
        loading.insert(self.built, fresh, change)
        loading.update(self.built, renewed, change)
        change.records += len(fresh) + len(renewed)

    def _count(self, one: "_Brought") -> None:
        self.tally.rows += 1
        if one.faults:
            self.tally.bad += 1
            self.tally.faults += one.faults[: max(0, SHOWN - len(self.tally.faults))]
        elif one.row is None:
            self.tally.added += 1
        elif one.agency is None:
            self.tally.same += 1
        else:
            self.tally.changed += 1

    def _one(
        self,
        line: Line,
        cells: list[str],
        key: Key | None,
        row: Row | None,
        columns: dict[str, Any] | None,
    ) -> "_Brought":
        """`columns`: those of the new record that the line makes, None where it makes none."""
        said = self._refused(key, row)
        if said:
            return _Brought(line, row, faults=[Fault(line.number, "", "", said)])
        if row is not None and not line.faults and self._says_the_same(row, key, columns):
            brought = _Brought(line, row)
        elif row is not None or columns is None or line.faults:
            read = self._read(cells, row)
            if read.problems or line.faults:
                return _Brought(line, row, faults=self._faults(line, read))
            brought = self._written(line, row, read.columns)
        else:
            brought = self._written(line, row, columns)
        if key is not None:
            self._seen[key] = line.number
        return brought

    def _says_the_same(self, row: Row, key: Key | None, columns: dict[str, Any] | None) -> bool:
        """Say whether a line holds what the record does: then it is not read beside the record."""
        if key is None or columns is None:
            return False
        return not loading.differs(self._said, row, columns)

    def _written(self, line: Line, row: Row | None, columns: dict[str, Any]) -> "_Brought":
        if row is not None:
            if not loading.differs(self.built.columns, row, columns):
                return _Brought(line, row)
            moved = self._place and columns[self._place] != getattr(row, self._place)
            agency = self._keeper(columns) if moved else row.row_agency
            return _Brought(line, row, agency, columns)
        agency = self._keeper(columns)
        if not self._may(agency, columns):
            say = "Bản ghi thuộc nơi do cơ quan khác giữ; ông/bà không được thêm."
            return _Brought(line, row, faults=[Fault(line.number, "", "", say)])
        return _Brought(line, row, agency, columns)

    def _refuse_taken(
        self, columns: loading.Alone, taken: dict[Key, int], brought: Iterable["_Brought"]
    ) -> None:
        """Tell which lines hold what no two records share and another record or line holds."""
        asked = [
            (one, value)
            for one in brought
            if one.agency and not one.faults and (value := columns.value_of(one.columns))
        ]
        held = loading.holders(self.built, columns, {value for _, value in asked})
        titles = ", ".join(f"“{self.built.declared.titled(path)}”" for path in columns.paths)
        for one, value in asked:
            holder = held.get(value)
            if value in taken:
                say = f"{titles} trùng với dòng {taken[value]} của chính bảng này."
            elif holder is not None and (one.row is None or one.row.row_id != holder):
                say = f"{titles} đã có trong sổ, ở một bản ghi khác."
            else:
                taken[value] = one.line.number
                continue
            one.faults = [Fault(one.line.number, columns.paths[0], "", say)]

    def _refused(self, key: Key | None, row: Row | None) -> str:
        if key is not None and key in self._seen:
            return f"Trùng khóa với dòng {self._seen[key]} của chính bảng này. Hãy bỏ một dòng."
        if row is not None and not self._may(row.row_agency, row.__dict__):
            return "Khóa này đã có trong sổ, ở bản ghi mà ông/bà không được sửa."
        return ""

    def _read(self, cells: list[str], row: Row | None) -> ReadRow:
        if row is None:
            return self.reading.read(self._started(cells))
        read = self.reading.read(cells, row=row, stay=self._stay)
        if read.problems:
            again = self._unchanged(cells, row, read)
            if again:
                read = self.reading.read(cells, row=row, stay=self._stay | again)
        return read

    def _started(self, cells: list[str]) -> list[str]:
        """A new record without a status begins where its registry declares."""
        if self._status:
            at = self.reading.given.index(self._status)
            cells += [""] * (at + 1 - len(cells))
            cells[at] = cells[at] or self._start
        return cells

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
            if at < 0 or at not in line.faults:
                found.append(Fault(line.number, path, text[:100], say))
        return found

    def _keys(self, cells: Sequence[Sequence[str]]) -> list[Key | None]:
        """Return the key of each row; None where a part is missing or cannot be read."""
        given = self.reading.given
        columns = loading.key_columns(self.built)
        if any(one.path not in given or one.path not in self.reading.readers for one in columns):
            return [None] * len(cells)
        parts = [self._key_part(one, given.index(one.path), cells) for one in columns]
        return [None if None in key else key for key in zip(*parts, strict=True)]

    def _key_part(self, column: Column, at: int, cells: Sequence[Sequence[str]]) -> list[Any]:
        texts = [row[at] if at < len(row) else "" for row in cells]
        known = {text: self._kept(column, text) for text in set(texts)}
        return list(map(known.__getitem__, texts))

    def _kept(self, column: Column, text: str) -> object:
        """Return what a text of a key is kept as, None for none and for what cannot be read."""
        try:
            value = self.reading.readers[column.path].read(text) if text else None
        except Wrong:
            return None
        return column.write(value)[column.name]

    def _keeper(self, columns: dict[str, Any]) -> UUID:
        place = columns[self._place] if self._place else None
        if place not in self._keepers:
            row = self.built.live(**({self._place: place} if self._place else {}))
            self._keepers[place] = keeping.keeper(self.built, row, self.actor)
        return self._keepers[place]

    def _may(self, agency: UUID, columns: dict[str, Any]) -> bool:
        key = (agency, *(columns[name] for name in self._deciding[1:]))
        if key not in self._decided:
            row = self.built.live(**dict(zip(self._deciding, key, strict=True)))
            decision = access.decide(
                actor=self.actor, act="import", record=row, policy=self._policy
            )
            self._decided[key] = decision.allowed
        return self._decided[key]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: rows have none, and looking took a sixth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _within(path: str, other: str) -> bool:
    """Say whether one path is the other or a part of it."""
    return path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")


def _columns_of_rights(built: Built) -> tuple[str, ...]:
    """Return the columns on which the declared rights depend, besides the keeping agency."""
    paths = dict.fromkeys(path for right in built.declared.rights for path in right.where)
    return tuple(built.by_path[path].name for path in paths)


def _is_example(line: Line) -> bool:
    return any(one.startswith(EXAMPLE) for one in line.cells[-1:])


def learn(reading: Reading, rows: Iterable[Sequence[str]]) -> None:
    """Look up what the references of these rows name, each registry with one query."""
    records = reading.context.records
    if not isinstance(records, kept.KeptRecords):
        return
    for at, _, reader in reading.simple:
        if reader.one.type == "reference":
            texts = {row[at].strip() for row in rows if at < len(row) and row[at]}
            records.learn(reader.one.to, (reader.owned(text) for text in texts))
