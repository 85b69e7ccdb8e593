"""Reads whole rows: what `cleaning.columns` says of one form, compiled once for many rows.

Every different text of a column is read once; an expression is asked once for each set of values
that it reads. A row with groups goes the form's own way, which is also what tests compare with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.exchanging.values import placing
from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    Codes,
    fields_of,
    rows_posted,
)
from cuaso.capabilities.registries.logic.exchanging.values.conditions import (
    Asked,
    Leaves,
    Section,
    leaves_of,
)
from cuaso.capabilities.registries.logic.exchanging.values.row_files import Find, RowFiles
from cuaso.capabilities.registries.logic.exchanging.values.way import SHEET, Way
from cuaso.capabilities.registries.logic.storing import turning, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.words import lexemes
from cuaso.declarations.expressions import Undecided
from cuaso.declarations.fields import Context, Wrong, type_of
from cuaso.declarations.forms.schema import ITEM, Rule
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import words

_KEPT: Final = placing.KEPT


@dataclass(slots=True)
class ReadRow:
    """A row as read: its columns by name, or what is wrong at which field."""

    columns: dict[str, Any]
    problems: dict[str, str]


class Reading:
    """Reads rows of sheets whose columns are `given`, in order; "" is a column not taken."""

    def __init__(
        self,
        built: Built,
        context: Context,
        given: Sequence[str],
        codes: Codes | None = None,
        *,
        way: Way = SHEET,
        find: Find | None = None,
    ) -> None:
        self.built, self.context, self.way = built, context, way
        self._row_files = RowFiles(find)
        self.form = built.declared.form
        self.fields = {one.path: one for one in fields_of(built, files=True)}
        self.outside: dict[str, object] = {
            "today": context.today,
            **context.names,
            **{name: [] for name in built.declared.groups},
            ITEM: None,
        }
        self.section = Section(self.form, RECORD, RECORD, context, self.outside)
        self.empty: Leaves = self.section.empty
        self.rules = [
            (rule, self.section.asked(rule.check, inside=False)) for rule in self.form.rules
        ]
        self.readers = {
            leaf: way.reader(part, context, (codes or {}).get(leaf))
            for name, one in self.form.sections[RECORD].fields.items()
            for leaf, part in leaves_of(name, one)
            if type_of(part).typed
        }
        self._write = [placing.writer(column) for column in built.columns]
        self._stand = frozenset(self.empty)
        self.searched = placing.searched(built)
        self._words: dict[str, tuple[str, ...]] = {}
        self._needs_form = any(group.min for group in built.declared.groups.values())
        self.take(given)

    def take(self, given: Sequence[str]) -> None:
        """Say which field stands in which column from now on."""
        self.given = tuple(given)
        self._groups = [
            (at, self.fields[path])
            for at, path in enumerate(given)
            if path in self.fields and self.fields[path].group is not None
        ]
        self.simple = [
            (at, path, self.readers[path])
            for at, path in enumerate(given)
            if path in self.readers and path in self._stand
        ]

    def read_beside_groups(self, texts: Sequence[str], groups: dict[str, Any]) -> ReadRow:
        """Return the columns of a new row whose groups have been read: `groups` are their columns,
        right by themselves and read by nothing else.
        """
        read = self.read_record(texts)
        return read if read.problems else ReadRow(read.columns | groups, {})

    def read(
        self, texts: Sequence[str], *, row: Row | None = None, stay: frozenset[str] = frozenset()
    ) -> ReadRow:
        """Return the columns of a row, or its problems by field.

        `row` is the record that is there already: what the sheet does not hold, and the paths in
        `stay`, are as they are in it.
        """
        try:
            if self._needs_form or any(at < len(texts) and texts[at] for at, _ in self._groups):
                return self._by_form(texts, row, stay)
            if row is not None and any(getattr(row, name) for name in self.built.declared.groups):
                return self._by_form(texts, row, stay)
            return self._fast(texts, row, stay)
        except Undecided as undecided:
            return ReadRow({}, {"": str(undecided)})

    def read_record(self, texts: Sequence[str]) -> ReadRow:
        """Return a new row read without its groups: what a form would say had it none."""
        try:
            return self._fast(texts, None, frozenset())
        except Undecided as undecided:
            return ReadRow({}, {"": str(undecided)})

    def _fast(self, texts: Sequence[str], row: Row | None, stay: frozenset[str]) -> ReadRow:
        leaves = self.empty.copy()
        problems: dict[str, str] = {}
        held = self._held(row, stay) if row is not None else {}
        leaves.update(held)
        size = len(texts)
        for at, path, reader in self.simple:
            text = texts[at] if at < size else ""
            if not text or path in stay:
                continue
            value = reader.known.get(text)
            if value is None:
                try:
                    value = self._kept_link(reader, text, row, path) or reader.read(text)
                except Wrong as wrong:
                    problems[path] = wrong.say
                    continue
            leaves[path] = value
        self._judge(leaves, problems)
        if problems:
            return ReadRow({}, problems)
        columns = self._columns(leaves, row, held)
        if self.built.standing_twins:
            try:
                columns |= turning.in_step(self.built, columns, self.context)
            except Wrong as wrong:
                return ReadRow({}, {wrong.part: wrong.say})
        return ReadRow(columns, problems)

    def _kept_link(self, reader: CellReader, text: str, row: Row | None, path: str) -> Loose:
        """A reference that still reads as it did keeps its record, whatever has its key now."""
        if row is None or reader.one.type not in ("reference", "moment"):
            return None
        value = self.built.column(path).read(row)
        return value if value is not None and reader.kind.edit(reader.one, value) == text else None

    def _held(self, row: Row, stay: frozenset[str]) -> Leaves:
        taken = {path for _, path, _ in self.simple} - stay
        held: Leaves = {}
        for path in self._stand - taken:
            if path in self.built.by_path:
                column = self.built.by_path[path]
                if column.one is not None and type_of(column.one).typed:
                    value = column.read(row)
                    held[path] = self.empty[path] if value is None else value
        return held

    def _judge(self, leaves: Leaves, problems: dict[str, str]) -> None:
        self.section.judge(leaves, problems)
        for rule, asked in self.rules:
            self._apply(rule, asked, leaves, problems)

    def _apply(self, rule: Rule, asked: Asked, leaves: Leaves, problems: dict[str, str]) -> None:
        if problems and any(
            wrong == read or wrong.startswith(f"{read}.")
            for wrong in (f"{RECORD}.{path}" for path in problems)
            for read in asked.paths
        ):
            return
        if not asked.holds(leaves, unknown=True):
            sections = self.form.sections
            read = next((one for one in asked.paths if one.partition(".")[0] in sections), "")
            where = rule.at or read
            problems.setdefault(self.built.declared.plain(where), rule.say)

    def _columns(self, leaves: Leaves, row: Row | None, held: Leaves) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for column, write in self._write:
            path = column.path
            if row is not None and (column.one is None or path in held or path not in leaves):
                for name in column.names:
                    columns[name] = getattr(row, name)
                continue
            value = leaves.get(path)
            write(columns, None if value in _NOTHING else value)
        columns["row_words"] = self._lexemes(columns)
        return columns

    def _lexemes(self, columns: Mapping[str, Any]) -> str:
        """As `values.derived` says; every word is folded once."""
        known = self._words
        if len(known) > _KEPT:
            known.clear()
        found: set[str] = set()
        for name in self.searched:
            value = columns[name]
            if value is None:
                continue
            for piece in str(value).split():
                folded = known.get(piece)
                if folded is None:
                    folded = known[piece] = words(piece)
                found.update(folded)
        return lexemes(found)

    def _by_form(self, texts: Sequence[str], row: Row | None, stay: frozenset[str]) -> ReadRow:
        posted, problems = self._posted(texts, row, stay)
        if problems:
            return ReadRow({}, problems)
        try:
            cleaned = self.form.clean(posted, self.context)
            columns = values.stored(self.built, cleaned)
        except Undecided:
            raise
        except Invalid as refusal:
            plain = self.built.declared.plain
            return ReadRow({}, {plain(one.field): one.say for one in refusal.problems})
        return ReadRow(columns, {})

    def _posted(
        self, texts: Sequence[str], row: Row | None, stay: frozenset[str]
    ) -> tuple[dict[str, str | list[str]], dict[str, str]]:
        """Return the row as a form sends it, over what the record holds already."""
        posted = cleaning.edited(self.built, row) if row is not None else {}
        problems: dict[str, str] = {}
        for at, path in enumerate(self.given):
            if not path or path in stay or path not in self.fields:
                continue
            text = texts[at] if at < len(texts) else ""
            field = self.fields[path]
            if field.group is None:
                if path in self.readers:
                    posted[f"{RECORD}.{path}"] = self.readers[path].posted(text)
                continue
            held = {one: kept_ for one, kept_ in posted.items() if one.startswith(f"{path}.")}
            posted = {one: kept_ for one, kept_ in posted.items() if one not in held}
            try:
                posted |= self._row_files.placed(field, rows_posted(field, text), held)
            except Wrong as wrong:
                problems[path] = wrong.say
        return posted, problems


_NOTHING: Final = ("", ())
