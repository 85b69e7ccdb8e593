"""Reads the records that a program sends: what `cleaning.columns` says of each that is right.

Many are read a column at a time, one alone by what is kept of those before it. A record in which
anything is wrong or unusual is left out, and goes the form's own way, which says what. Nothing is
mended here that a form would refuse.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging import kept
from cuaso.capabilities.registries.logic.exchanging.values.cells import CellReader, group_leaves
from cuaso.capabilities.registries.logic.exchanging.values.columnwise import Columnwise
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.exchanging.values.way import Way
from cuaso.capabilities.registries.logic.exchanging.writing.bringing import learn
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import Option, Wrong, type_of
from cuaso.declarations.fields import leaves as leaves_of
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock

# Fewer are read one by one: to compile what is asked of all of them takes longer.
FEWEST: Final = 8
# Between the texts of a field that takes many and of the fields of a row; between rows.
_TEXT, _ROW = "\x1f", "\x1e"
_STRANGE: Final = re.compile("[\x00\x1d-\x1f]")
# How many records are read one by one until what was kept of their texts is let go, and how long
# all texts of such a record may be.
_MOST_ALONE: Final = 1_000
_LONGEST_ALONE: Final = 4_000
# What such a field holds depends on other records, which change.
_OF_RECORDS: Final = frozenset({"reference", "file"})
Posted = Mapping[str, str | list[str]]
Columns = dict[str, Any]


class SentReader(CellReader):
    """Reads texts as a form does."""

    def tidy(self, text: str) -> str:
        """Return a text as it is: a program writes as it was told."""
        return text

    def _parse(self, text: str) -> Loose:
        kind, one = self.kind, self.one
        if kind.many:
            pieces = text.split(_TEXT)
            if one.max and len(pieces) > int(one.max):
                raise Wrong(one.title)
            return tuple(dict.fromkeys(kind.parse(one, piece, self.context) for piece in pieces))
        if kind.inputs:
            text = kind.gather(one, {**dict.fromkeys(kind.inputs, ""), "": text})
        return kind.parse(one, text, self.context)


class SentLists(kept.KeptLists):
    """Code lists that are read once; a place is named as a form takes it."""

    def _named(self, list_id: str, name: str, day: date) -> Option | None:  # noqa: ARG002
        return None


def _lines(cell: str) -> list[str]:
    return cell.split(_ROW) if cell else []


def _parts(line: str) -> list[str]:
    return line.split(_TEXT)


SENT: Final = Way(reader=SentReader, lines=_lines, parts=_parts)


def read_all(built: Built, records: Sequence[Posted]) -> list[Columns | None]:
    """Return the columns of each record of texts, None where it goes the form's own way."""
    if len(records) < FEWEST or built.standing_twins:
        return [None] * len(records)
    return _Sent(built).read(records)


def read_one(built: Built, record: Posted) -> Columns | None:
    """Return the columns of one record of texts, None where it goes the form's own way."""
    stamps = dictionary.stamp(), directory.stamp()
    if not all(stamps) or built.standing_twins:
        return None
    kept_: _KeptSent = built.worked_out("sent.one", _KeptSent)
    return kept_.of(built, (clock.today(), *stamps)).read_alone(record)


class _KeptSent:
    """What reads records one by one, for as long as the day and the lists of codes and places
    stand.
    """

    def __init__(self) -> None:
        self._held: tuple[tuple[Any, ...], _Sent] | None = None
        self._left = 0

    def of(self, built: Built, under: tuple[Any, ...]) -> "_Sent":
        self._left -= 1
        held = self._held
        if held is None or held[0] != under or self._left < 0:
            held = self._held = under, _Sent(built)
            self._left = _MOST_ALONE
        return held[1]


class _Sent:
    """One sending: the records of one registry on one day."""

    def __init__(self, built: Built) -> None:
        lists = SentLists(values.context(built).lists)
        context = kept.context(built, lists=lists)
        self.reading = reading = Reading(built, context, (), way=SENT)
        leaves = [path for path in reading.readers if path in reading.empty]
        groups = [path for path in built.declared.groups if path in reading.fields]
        reading.take((*leaves, *groups))
        self._leaves = {f"{RECORD}.{path}": reading.readers[path] for path in leaves}
        self._rows = {path: _Rows(reading, path) for path in groups}
        self._columnwise = Columnwise(reading)

    def read(self, records: Sequence[Posted]) -> list[Columns | None]:
        rows = {at: row for at, one in enumerate(records) if (row := self._cells(one)) is not None}
        if not rows:
            return [None] * len(records)
        table = list(zip(*rows.values(), strict=True))
        learn(self.reading, table)
        read = self._columnwise.read_new(table, len(rows))
        found = {at: read.row(number) for number, at in enumerate(rows)}
        return [found.get(at) for at in range(len(records))]

    def read_alone(self, posted: Posted) -> Columns | None:
        """Return the columns of one record; of what others say nothing is read or kept."""
        cells = self._cells(posted)
        if cells is None or sum(map(len, cells)) > _LONGEST_ALONE:
            return None
        if any(cells[at] for at in self._of_records):
            return None
        read = self.reading.read_record(cells)
        groups = self._groups_alone(cells[len(self._leaves) :])
        return None if read.problems or groups is None else read.columns | groups

    def _groups_alone(self, cells: Sequence[str]) -> Columns | None:
        built, found = self.reading.built, {}
        for path, cell in zip(self._rows, cells, strict=True):
            reader, group = self._columnwise.group(path), built.declared.groups[path]
            if reader is None and (cell or group.min or group.when):
                return None
            rows = reader.read_all((cell,))[cell] if reader is not None else []
            if rows is None:
                return None
            found[built.column(path).name] = rows
        return found

    @cached_property
    def _of_records(self) -> tuple[int, ...]:
        """The places of the cells whose fields, or some field of whose rows, hold records."""
        groups = self.reading.built.declared.groups
        leaves = [reader.one.type in _OF_RECORDS for reader in self._leaves.values()]
        rows = [
            any(one.type in _OF_RECORDS for _, one in leaves_of(groups[path].fields))
            for path in self._rows
        ]
        return tuple(at for at, one in enumerate((*leaves, *rows)) if one)

    def _cells(self, posted: Posted) -> list[str] | None:
        """Return the texts of a record as cells, in the order of the columns; None where something
        has no column, or no text that a column takes.
        """
        cells = dict.fromkeys(self._leaves, "")
        groups: dict[str, dict[str, dict[str, str]]] = {}
        for path, sent in posted.items():
            reader = self._leaves.get(path)
            if reader is not None:
                text = _text(reader, sent)
            else:
                text = _put(groups, path, sent) if path.partition(".")[0] in self._rows else None
            if text is None:
                return None
            if reader is not None:
                cells[path] = text
        rows = [one.cell(groups.get(path, {})) for path, one in self._rows.items()]
        return None if None in rows else [*cells.values(), *(one or "" for one in rows)]


class _Rows:
    """How the rows of a group become a cell."""

    def __init__(self, reading: Reading, path: str) -> None:
        group = reading.fields[path].group
        self._leaves = [name for name, _ in group_leaves(group)] if group is not None else []
        self._known = frozenset(self._leaves)
        fields = group.fields.values() if group is not None else ()
        self._filed = any(one.type == "file" for one in fields)
        self._longest = min(
            (type_of(one).longest for _, one in group_leaves(group)) if group is not None else (),
            default=0,
        )

    def cell(self, rows: Mapping[str, Mapping[str, str]]) -> str | None:
        """Return rows by their numbers as one cell; None where they have gaps, or hold what has no
        column.
        """
        if not rows:
            return ""
        if self._filed or list(rows) != [str(number) for number in range(len(rows))]:
            return None
        for row in rows.values():
            if not self._known.issuperset(row) or any(
                len(text) > self._longest for text in row.values()
            ):
                return None
        return _ROW.join(
            _TEXT.join(row.get(name, "").strip() for name in self._leaves) for row in rows.values()
        )


def _put(
    groups: dict[str, dict[str, dict[str, str]]], path: str, sent: str | list[str]
) -> str | None:
    """Put a text into its row; return it, None for what is no text of a row."""
    group, _, rest = path.partition(".")
    if not rest:
        return "" if not sent else None
    number, _, leaf = rest.partition(".")
    if not isinstance(sent, str) or _STRANGE.search(sent):
        return None
    groups.setdefault(group, {}).setdefault(number, {})[leaf] = sent
    return sent


def _text(reader: CellReader, sent: str | list[str]) -> str | None:
    """Return what was sent to a field as one text, None for what only a form understands."""
    kind = reader.kind
    if isinstance(sent, list):
        if not kind.many:
            return None if sent else ""
        texts = [text.strip() for text in sent if text.strip()]
    else:
        texts = [sent.strip()]
    if any(len(text) > kind.longest or _STRANGE.search(text) for text in texts):
        return None
    return _TEXT.join(texts)
