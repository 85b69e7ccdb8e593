"""Reads the cell of a group: a line a row of the record, each different line once.

Only rows that are right are read here; of any other the form's own way says what is wrong.
"""

from collections.abc import Mapping
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging import placing
from cuaso.capabilities.registries.logic.exchanging.cells import (
    CellReader,
    SheetField,
    group_leaves,
    lines_of,
    parts_of,
    tidied,
)
from cuaso.capabilities.registries.logic.exchanging.conditions import Leaves, Section
from cuaso.declarations.expressions import Undecided
from cuaso.declarations.fields import Context, Field, Wrong, type_of
from cuaso.declarations.forms import Form
from cuaso.declarations.forms.schema import ITEM
from cuaso.declarations.shape import Loose

_KEPT: Final = placing.KEPT
Kept = dict[str, Any]


class GroupReader:
    """Reads the rows of one group. `apart` says that they read nothing but themselves, so that
    they may be read here.
    """

    def __init__(
        self, form: Form, field: SheetField, context: Context, outside: Mapping[str, object]
    ) -> None:
        self.group = field.group
        section = form.sections[field.path]
        self.fields = section.fields
        self.section = Section(form, field.path, ITEM, context, outside)
        self.rules = [self.section.asked(rule.check) for rule in section.rules]
        self.leaves = group_leaves(field.group) if field.group else []
        self.readers = [
            (path, one, CellReader(one, context))
            for path, one in self.leaves
            if path in self.section.empty
        ]
        self._known: dict[str, Kept | None] = {}
        own = {ITEM, "today", *context.names}
        read = (path[0] for one in self._conditions() for path in one.compiled.paths)
        simple = len(self.readers) == len(self.leaves)
        alike = not any(type_of(one).inputs for _, one in self.leaves)
        self.apart = simple and alike and not section.when and all(one in own for one in read)

    def _conditions(self) -> list[Any]:
        return [*self.section.conditions(), *self.rules]

    def read(self, text: str) -> list[Kept] | None:
        """Return the rows of a cell as a record keeps them, None where one is not right."""
        lines = lines_of(text)
        if self.group is None or not self.group.min <= len(lines) <= self.group.max:
            return None
        rows: list[Kept] = []
        for line in lines:
            row = self._row(line)
            if row is None:
                return None
            rows.append(row)
        return rows

    def _row(self, line: str) -> Kept | None:
        known = self._known
        if line not in known:
            if len(known) > _KEPT:
                known.clear()
            try:
                known[line] = self._parsed(line)
            except (Wrong, Undecided):
                known[line] = None
        return known[line]

    def _parsed(self, line: str) -> Kept | None:
        parts = parts_of(line)
        if len(parts) > len(self.readers):
            return None
        leaves = self.section.empty.copy()
        for (path, one, reader), part in zip(self.readers, parts, strict=False):
            if part.startswith("'"):
                return None
            if text := part if reader.kind.many else tidied(one, part):
                leaves[path] = reader.read(text)
        problems: dict[str, str] = {}
        self.section.judge(leaves, problems)
        if problems or not all(rule.holds(leaves, unknown=True) for rule in self.rules):
            return None
        return {name: _stored(name, one, leaves) for name, one in self.fields.items()}


def _stored(path: str, one: Field, leaves: Leaves) -> Loose:
    kind = type_of(one)
    parts = kind.parts(one)
    if parts:
        return {name: _stored(f"{path}.{name}", part, leaves) for name, part in parts.items()}
    value = leaves.get(path)
    return None if value is None else kind.store(value)
