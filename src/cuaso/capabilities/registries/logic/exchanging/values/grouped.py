"""Reads the cells of a group, many at once: a line a row of the record, its fields by column.

Only rows that are right are read here; of any other the form's own way says what is wrong.
"""

from collections.abc import Collection, Mapping
from itertools import zip_longest
from typing import Any

from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    SheetField,
    group_columns,
)
from cuaso.capabilities.registries.logic.exchanging.values.conditions import Section
from cuaso.capabilities.registries.logic.exchanging.values.judging import Columns, Judging
from cuaso.capabilities.registries.logic.exchanging.values.way import Way
from cuaso.declarations.fields import Context, Field, type_of
from cuaso.declarations.forms import Form
from cuaso.declarations.forms.schema import ITEM

Kept = dict[str, Any]


class GroupReader:
    """Reads the rows of one group. `apart` says that they read nothing but themselves, so that
    they may be read here.
    """

    def __init__(
        self,
        form: Form,
        field: SheetField,
        context: Context,
        outside: Mapping[str, object],
        *,
        way: Way,
    ) -> None:
        self.group, self.way = field.group, way
        section = form.sections[field.path]
        self.fields = section.fields
        self.section = Section(form, field.path, ITEM, context, outside)
        self.rules = [self.section.asked(rule.check) for rule in section.rules]
        self.leaves = group_columns(field.group) if field.group else []
        self.readers = [
            (path, way.reader(one, context))
            for path, one in self.leaves
            if path in self.section.empty
        ]
        own = {ITEM, "today", *context.names}
        read = (path[0] for one in self._conditions() for path in one.compiled.paths)
        simple = len(self.readers) == len(self.leaves)
        # Which file a name is depends on the record.
        alike = not any(type_of(one).inputs or one.type == "file" for _, one in self.leaves)
        self.apart = simple and alike and not section.when and all(one in own for one in read)

    def _conditions(self) -> list[Any]:
        return [*self.section.conditions(), *self.rules]

    def read_all(self, texts: Collection[str]) -> dict[str, list[Kept] | None]:
        """Return the rows of each cell as a record keeps them, None where one is not right."""
        if self.group is None:
            return dict.fromkeys(texts)
        least, most = self.group.min, self.group.max
        cells = {text: self.way.lines(text) for text in texts}
        known = self._rows(list(dict.fromkeys(line for lines in cells.values() for line in lines)))
        found: dict[str, list[Kept] | None] = {}
        for text, lines in cells.items():
            rows = [row for line in lines if (row := known[line]) is not None]
            found[text] = rows if len(rows) == len(lines) and least <= len(rows) <= most else None
        return found

    def _rows(self, lines: list[str]) -> dict[str, Kept | None]:
        """Return the row of each different line, None where it is not right."""
        size = len(lines)
        parts = [self.way.parts(line) for line in lines]
        wrong = {
            at
            for at, texts in enumerate(parts)
            if len(texts) > len(self.readers) or any(text[:1] == "'" for text in texts)
        }
        # A line of many nothings, so that every field has a column.
        whole = zip_longest(*parts, [""] * len(self.readers), fillvalue="")
        leaves: Columns = {path: [empty] * size for path, empty in self.section.empty.items()}
        for (path, reader), texts in zip(self.readers, whole, strict=False):
            leaves[path] = _values(reader, texts[:size], self.section.empty[path], wrong)
        judging = Judging(self.section, self.rules, leaves, size)
        judging.judge()
        wrong |= judging.wrong
        columns = [_stored(name, one, leaves, size) for name, one in self.fields.items()]
        names = list(self.fields)
        rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
        return {
            line: None if at in wrong else row
            for at, (line, row) in enumerate(zip(lines, rows, strict=True))
        }


def _values(
    reader: CellReader, texts: Collection[str], empty: object, wrong: set[int]
) -> list[Any]:
    """Return the values of a column of texts; add what cannot be read to `wrong`."""
    given = dict.fromkeys(texts)
    plain = {text: reader.tidy(text) for text in given}
    known: dict[str, object] = dict(
        reader.read_all(dict.fromkeys(text for text in plain.values() if text))
    )
    known[""] = empty
    strange = {text for text, one_tidy in plain.items() if one_tidy not in known}
    wrong.update(at for at, text in enumerate(texts) if text in strange)
    values = {text: known.get(one_tidy, empty) for text, one_tidy in plain.items()}
    return list(map(values.__getitem__, texts))


def _stored(path: str, one: Field, leaves: Columns, size: int) -> list[Any]:
    """Return a field of many rows as a record keeps it."""
    kind = type_of(one)
    parts = kind.parts(one)
    if parts:
        columns = [_stored(f"{path}.{name}", part, leaves, size) for name, part in parts.items()]
        return [dict(zip(parts, row, strict=True)) for row in zip(*columns, strict=True)]
    store = kind.store
    values = leaves.get(path) or [None] * size
    return [None if value is None else store(value) for value in values]
