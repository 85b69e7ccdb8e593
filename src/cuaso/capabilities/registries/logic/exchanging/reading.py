"""Reads whole rows: what `cleaning.columns` says of one form, compiled once for many rows.

Every different text of a column is read once; an expression is asked once for each set of values
that it reads. A row with groups goes the form's own way, which is also what tests compare with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.exchanging import placing
from cuaso.capabilities.registries.logic.exchanging.cells import (
    CellReader,
    Codes,
    fields_of,
    missing,
    rows_posted,
)
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.words import lexemes
from cuaso.declarations.expressions import Expression, Shape, Undecided, blank
from cuaso.declarations.fields import Context, Field, FieldType, Formula, Wrong, compute, type_of
from cuaso.declarations.forms.schema import Rule
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import words

_KEPT: Final = placing.KEPT
Leaves = dict[str, Any]


@dataclass(slots=True)
class ReadRow:
    """A row as read: its columns by name, or what is wrong at which field."""

    columns: dict[str, Any]
    problems: dict[str, str]


class _Asked:
    """An expression narrowed to what it reads, its answers remembered by the values read."""

    def __init__(self, reading: "Reading", compiled: Expression) -> None:
        self.reading = reading
        self.reads: tuple[str, ...] = tuple(
            dict.fromkeys(
                leaf for path in compiled.paths if path[0] == RECORD for leaf in reading.under(path)
            )
        )
        members = compiled.names[RECORD].members if RECORD in compiled.names else {}
        used = {leaf.partition(".")[0] for leaf in self.reads}
        shape = Shape(kind="map", members={name: members[name] for name in used if name in members})
        names = {**compiled.names, RECORD: shape} if RECORD in compiled.names else compiled.names
        self.compiled = replace(compiled, names=names)
        self.paths = tuple(".".join(path) for path in compiled.paths)
        self._answers: dict[object, bool] = {}

    def names(self, leaves: Leaves) -> dict[str, object]:
        """Return what the expression may read."""
        record: dict[str, Any] = {}
        for path in self.reads:
            head, _, part = path.partition(".")
            if part:
                record.setdefault(head, {})[part] = leaves[path]
            else:
                record[head] = leaves[path]
        return {**self.reading.outside, RECORD: record}

    def holds(self, leaves: Leaves, *, unknown: bool) -> bool:
        """Say whether the expression holds; remembered for the values that it reads."""
        key = (unknown, *(leaves[path] for path in self.reads))
        try:
            found = self._answers.get(key)
        except TypeError:
            return self.compiled.holds(self.names(leaves), unknown=unknown)
        if found is None:
            if len(self._answers) > _KEPT:
                self._answers.clear()
            found = self.compiled.holds(self.names(leaves), unknown=unknown)
            self._answers[key] = found
        return found


@dataclass(frozen=True, kw_only=True)
class _Top:
    """A field of the record: its leaves (itself or its parts) and its conditions, compiled."""

    name: str
    one: Field
    leaves: tuple[tuple[str, Field], ...]
    compound: bool
    agrees: bool
    empty: Leaves
    when: _Asked | None
    needed: bool | _Asked
    made: tuple[Formula, _Asked] | None


class Reading:
    """Reads rows of sheets whose columns are `given`, in order; "" is a column not taken."""

    def __init__(
        self, built: Built, context: Context, given: Sequence[str], codes: Codes | None = None
    ) -> None:
        self.built, self.context = built, context
        self.form = built.declared.form
        self.fields = {one.path: one for one in fields_of(built)}
        section = self.form.sections[RECORD]
        standing = {
            name: one for name, one in section.fields.items() if one.stands_on(context.today)
        }
        self._leaf_names = [
            leaf for name, one in standing.items() for leaf, _ in _leaves(name, one)
        ]
        self.outside: dict[str, object] = {
            "today": context.today,
            **context.names,
            **{name: [] for name in built.declared.groups},
            "item": None,
        }
        self.empty: Leaves = {
            leaf: () if type_of(part).many else None
            for name, one in standing.items()
            for leaf, part in _leaves(name, one)
        }
        self._tops = [self._top(name, one) for name, one in standing.items()]
        self._rules = [
            (rule, _Asked(self, self.form.expression(rule.check))) for rule in self.form.rules
        ]
        self.readers = {
            leaf: CellReader(part, context, (codes or {}).get(leaf))
            for name, one in section.fields.items()
            for leaf, part in _leaves(name, one)
            if type_of(part).typed
        }
        self._write = [placing.writer(column) for column in built.columns]
        self._stand = frozenset(self.empty)
        self._searched = placing.searched(built)
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

    def under(self, path: Sequence[str]) -> list[str]:
        """Return the leaves that an expression's path reads."""
        plain = path[1:]
        if not plain:
            return list(self._leaf_names)
        whole = ".".join(plain)
        for length in range(len(plain), 0, -1):
            head = ".".join(plain[:length])
            if head in self._leaf_names:
                return [head]
        return [leaf for leaf in self._leaf_names if leaf.startswith(f"{whole}.")]

    def _top(self, name: str, one: Field) -> _Top:
        kind = type_of(one)
        leaves = tuple(_leaves(name, one))
        needed: bool | _Asked = bool(kind.typed and one.required)
        if kind.typed and isinstance(one.required, str):
            needed = _Asked(self, self.form.expression(one.required, section=RECORD))
        made = None
        if not kind.typed:
            formula = self.form.formula(one, section=RECORD)
            asked = _Asked(self, formula.expression)
            made = (replace(formula, expression=asked.compiled), asked)
        return _Top(
            name=name,
            one=one,
            leaves=leaves,
            compound=bool(kind.parts(one)),
            agrees=bool(kind.parts(one)) and type(kind).agree is not FieldType.agree,
            empty={leaf: () if type_of(part).many else None for leaf, part in leaves},
            when=_Asked(self, self.form.expression(one.when, section=RECORD)) if one.when else None,
            needed=needed,
            made=made,
        )

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
        return ReadRow(self._columns(leaves, row, held), problems)

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
        hidden: set[str] = set()
        for top in self._tops:
            if top.agrees:
                self._agree(top, leaves, problems)
        self._compute(leaves, problems, hidden)
        for top in self._tops:
            if top.when is not None and not top.when.holds(leaves, unknown=False):
                leaves.update(top.empty)
                hidden.add(top.name)
                for path in [one for one in problems if one.partition(".")[0] == top.name]:
                    del problems[path]
        self._compute(leaves, problems, hidden)
        for top in self._tops:
            if top.name not in hidden:
                _require(top, leaves, problems)
        for rule, asked in self._rules:
            self._apply(rule, asked, leaves, problems)

    def _agree(self, top: _Top, leaves: Leaves, problems: dict[str, str]) -> None:
        if any(path.startswith(f"{top.name}.") for path in problems):
            return
        value = {path.partition(".")[2]: leaves[path] for path, _ in top.leaves}
        try:
            type_of(top.one).agree(top.one, value, self.context)
        except Wrong as wrong:
            problems[f"{top.name}.{wrong.part}" if wrong.part else top.name] = wrong.say

    def _compute(self, leaves: Leaves, problems: dict[str, str], hidden: set[str]) -> None:
        for top in self._tops:
            if top.made is None or top.name in hidden:
                continue
            formula, asked = top.made
            problems.pop(top.name, None)
            try:
                leaves[top.name] = compute(top.one, formula, asked.names(leaves))
            except Wrong as wrong:
                leaves[top.name] = None
                problems[top.name] = wrong.say

    def _apply(self, rule: Rule, asked: _Asked, leaves: Leaves, problems: dict[str, str]) -> None:
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
        for name in self._searched:
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
        except Undecided:
            raise
        except Invalid as refusal:
            plain = self.built.declared.plain
            return ReadRow({}, {plain(one.field): one.say for one in refusal.problems})
        columns = values.stored(self.built, cleaned)
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
            posted = {one: kept_ for one, kept_ in posted.items() if not one.startswith(f"{path}.")}
            try:
                posted |= rows_posted(field, text)
            except Wrong as wrong:
                problems[path] = wrong.say
        return posted, problems


_NOTHING: Final = ("", ())


def _leaves(name: str, one: Field) -> Iterable[tuple[str, Field]]:
    parts = type_of(one).parts(one)
    return ((f"{name}.{part}", inner) for part, inner in parts.items()) if parts else ((name, one),)


def _require(top: _Top, leaves: Leaves, problems: dict[str, str]) -> None:
    needed = top.needed
    if isinstance(needed, _Asked):
        needed = needed.holds(leaves, unknown=False)
    if not top.compound:
        if needed and blank(leaves[top.name]):
            problems.setdefault(top.name, missing(top.one))
        return
    begun = needed or any(not blank(leaves[path]) for path, _ in top.leaves)
    if begun:
        for path, part in top.leaves:
            if part.required is True and blank(leaves[path]):
                problems.setdefault(path, missing(part))
