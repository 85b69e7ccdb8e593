"""The lines of a list: by which columns a row is read, and how each of its cells is said.

A row is read by the columns that its line needs and no other. Within one page a value of a column
is said once, however many rows carry it. A row that was read before with the same values is the
same line, as long as the lists of codes and places stand and the day lasts.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Final

from cuaso.capabilities.registries.contracts import Cell, RowView, ValueLine
from cuaso.capabilities.registries.logic.seeing import records, statements
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context, FieldType, type_of
from cuaso.declarations.registries import PLACEHOLDER
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory

# The values of a row, in the order of `Lines.names`.
Kept = tuple[Any, ...]
EMPTY: Final = Cell(text="", value=None)


# Values under which nothing can be kept.
_UNMARKED: Final = (list, dict)
# Kinds of columns that keep a typed value as it is.
_AS_TYPED: Final = frozenset({"text", "integer", "day", "moment", "yes_no", "uuid"})
# Lines that a process keeps, of all registries together.
MOST_LINES: Final = 4096
_lines: dict[tuple[object, Kept], RowView] = {}


class _Saying:
    """What lines say their rows by; only itself is equal to it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """A column of a line: the places of its value and of what stands beside it, what was said.
    `spoken`: its values are said in words too.
    """

    column: Column
    kind: FieldType | None
    at: int
    beside: int
    masked: bool
    spoken: bool
    as_typed: bool
    # Texts that people read as they are kept.
    by_heart: bool
    said: dict[Hashable, Cell] = field(default_factory=dict)


class Lines:
    """How the rows of one page become lines; `names` are the columns to read, in order.

    spoken: cells say their values in words too, which programs do not read.
    """

    def __init__(
        self,
        built: Built,
        *,
        columns: Sequence[str],
        hidden: frozenset[str],
        here: Context,
        also: Sequence[str] = (),
        spoken: bool = True,
    ) -> None:
        self._built, self._hidden, self._here = built, hidden, here
        self._places: dict[str, int] = {}
        for name in ("row_id", "row_revision", *also):
            self._place(name)
        self._cells = [(self._parts(path, spoken), self._plain(path)) for path in columns]
        self._name = [one for one in self._named() if one != ""]
        self._saying_by = self._kept_saying(tuple(columns), spoken=spoken)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def at(self, name: str) -> int:
        """Return the place of a column among `names`."""
        return self._places[name]

    def read(self, row: object) -> Kept:
        """Return what a row of the model holds in the columns of these lines."""
        return tuple(getattr(row, name) for name in self._places)

    def lines(self, rows: Sequence[Kept]) -> tuple[RowView, ...]:
        """Return rows as the lines of a list."""
        saying = self._saying_by
        if saying is None:
            return self._worked_out(rows)
        found = [_lines.get((saying, row)) for row in rows]
        new = [row for row, line in zip(rows, found, strict=True) if line is None]
        if not new:
            return tuple(line for line in found if line is not None)
        made = dict(zip(new, self._worked_out(new), strict=True))
        if len(_lines) + len(made) > MOST_LINES:
            _lines.clear()
        _lines.update(((saying, row), line) for row, line in made.items())
        return tuple(line or made[row] for row, line in zip(rows, found, strict=True))

    def _kept_saying(self, columns: tuple[str, ...], *, spoken: bool) -> _Saying | None:
        """Return what the lines of these rows may be kept under, None where they may not be: what a
        reference says hangs on records elsewhere, and what is no plain value cannot be looked up.
        """
        stamps = dictionary.stamp(), directory.stamp()
        if not all(stamps) or not all(map(_steady, self._every_part())):
            return None
        if any(one.name in self._places and _unmarked(one) for one in self._built.columns):
            return None
        here = self._here
        key = ("saying", columns, self.names, self._hidden, spoken, here.language, here.today)
        return statements.kept(self._built, (*key, *stamps), _Saying)

    def _every_part(self) -> Iterator[_Part]:
        for parts, _ in self._cells:
            yield from parts
        for one in self._name:
            if not isinstance(one, str):
                yield from one

    def _worked_out(self, rows: Sequence[Kept]) -> tuple[RowView, ...]:
        """Return rows as lines, worked out column by column."""
        columns = [
            self._column(parts[0], rows) if plain else [self._joined(parts, row) for row in rows]
            for parts, plain in self._cells
        ]
        cells = zip(*columns, strict=True) if columns else repeat(())
        return tuple(
            [
                RowView(id=row[0], name=name, cells=shown, revision=row[1])
                for row, name, shown in zip(rows, self._names(rows), cells, strict=False)
            ]
        )

    def values(self, rows: Sequence[Kept]) -> tuple[ValueLine, ...]:
        """Return rows as values alone, as `lines` has them; each with the places of the columns
        that are masked in it.
        """
        if not self._cells:
            found: Iterator[tuple[Any, ...]] = repeat(())
        else:
            found = zip(
                *(
                    _plain(parts[0], rows) if plain else self._joined_values(parts, rows)
                    for parts, plain in self._cells
                ),
                strict=True,
            )
        hid = [
            (place, parts)
            for place, (parts, _) in enumerate(self._cells)
            if any(part.masked for part in parts)
        ]
        return tuple(
            [
                ValueLine(row[0], row[1], name, values, _masked(row, hid) if hid else ())
                for row, name, values in zip(rows, self._names(rows), found, strict=False)
            ]
        )

    def _joined_values(self, parts: Sequence[_Part], rows: Sequence[Kept]) -> list[Any]:
        names = [one.column.path.rpartition(".")[2] for one in parts]
        columns = zip(*(_plain(one, rows) for one in parts), strict=True) if parts else repeat(())
        return [
            dict(zip(names, found, strict=True)) for _, found in zip(rows, columns, strict=False)
        ]

    def _names(self, rows: Sequence[Kept]) -> list[str]:
        """Return how people call each record; what the reader may not read is left out."""
        if len(self._name) == 1 and not isinstance(self._name[0], str):
            return [text.strip(" –") or "…" for text in self._piece(self._name[0], rows)]
        pieces = [
            repeat(one) if isinstance(one, str) else self._piece(one, rows) for one in self._name
        ]
        named = zip(*pieces, rows, strict=False)
        return ["".join(said[:-1]).strip(" –") or "…" for said in named]

    def _piece(self, parts: Sequence[_Part], rows: Sequence[Kept]) -> list[str]:
        """Return what one field says in the name of each record."""
        if len(parts) != 1:
            return [self._together(parts, row) for row in rows]
        if (part := parts[0]).by_heart:
            return [row[part.at] or "" for row in rows]
        return [cell.text for cell in self._column(part, rows)]

    def _column(self, part: _Part, rows: Sequence[Kept]) -> list[Cell]:
        """Return the cells of one column."""
        at, said = part.at, part.said
        if part.beside >= 0 or not part.as_typed:
            return [self._cell(part, row) for row in rows]
        for value in {row[at] for row in rows} - said.keys():
            said[value] = EMPTY if value is None else self._saying(part, value, None)
        return [said[row[at]] for row in rows]

    def cells(self, kept: Kept) -> tuple[Cell, ...]:
        """Return a cell for each column: a simple field, or the parts of a compound one as one."""
        return tuple(
            [
                self._cell(parts[0], kept) if plain else self._joined(parts, kept)
                for parts, plain in self._cells
            ]
        )

    def _place(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    def _parts(self, path: str, spoken: bool = True) -> tuple[_Part, ...]:  # noqa: FBT001, FBT002 one of two
        return tuple(self._part(column, spoken=spoken) for column in self._built.under(path))

    def _part(self, column: Column, *, spoken: bool) -> _Part:
        kind = type_of(column.one) if column.one is not None else None
        return _Part(
            column=column,
            kind=kind,
            at=self._place(column.name),
            beside=self._place(column.beside[0]) if column.kind == "reference" else -1,
            masked=column.path in self._hidden,
            spoken=spoken,
            as_typed=column.kind in _AS_TYPED,
            by_heart=column.kind == "text" and _shown_as_kept(kind),
        )

    def _plain(self, path: str) -> bool:
        under = self._built.under(path)
        return len(under) == 1 and under[0].path == path

    def _named(self) -> Iterator[str | tuple[_Part, ...]]:
        """Yield what a name is made of: words, and fields that may be read."""
        pieces = PLACEHOLDER.split(self._built.name_pattern)
        for number, piece in enumerate(pieces):
            if number % 2 == 0:
                yield piece
            else:
                yield tuple(one for one in self._parts(piece) if one.column.one and not one.masked)

    def _together(self, parts: Sequence[_Part], kept: Kept) -> str:
        return ", ".join(text for one in parts if (text := self._cell(one, kept).text))

    def _joined(self, parts: Sequence[_Part], kept: Kept) -> Cell:
        cells = [self._cell(one, kept) for one in parts]
        return Cell(
            text=", ".join(one.text for one in cells if one.text),
            value={
                one.column.path.rpartition(".")[2]: found.value
                for one, found in zip(parts, cells, strict=True)
            },
            masked=any(one.masked for one in cells),
        )

    def _cell(self, part: _Part, kept: Kept) -> Cell:
        value = kept[part.at]
        if value is None:
            return EMPTY
        if part.beside < 0:
            if value.__class__ in _UNMARKED:
                return self._saying(part, value, None)
            found = part.said.get(value)
            if found is None:
                found = part.said[value] = self._saying(part, value, None)
            return found
        pair = (value, kept[part.beside])
        found = part.said.get(pair)
        if found is None:
            found = part.said[pair] = self._saying(part, *pair)
        return found

    def _saying(self, part: _Part, value: Any, beside: Any) -> Cell:  # noqa: ANN401 of any column
        one, kind = part.column.one, part.kind
        typed = value if part.as_typed else part.column.typed(value, beside)
        empty = typed == "" if part.as_typed else blank(typed)
        if one is None or kind is None or empty:
            return EMPTY
        if part.masked:
            text = records.mask(self._built, part.column.path, typed) if part.spoken else ""
            return Cell(text=text, value=None, masked=True)
        text = kind.show(one, typed, self._here) if part.spoken else ""
        return Cell(text=text, value=kind.store(typed))


def _plain(part: _Part, rows: Sequence[Kept]) -> list[Any]:
    """Return the values of a simple field as JSON keeps them, None for what may not be read."""
    column, kind, at = part.column, part.kind, part.at
    if part.masked or column.one is None or kind is None:
        return [None] * len(rows)
    if part.beside >= 0:
        return [_stored(part, row[at], row[part.beside]) for row in rows]
    if column.kind == "text":
        return [row[at] or None for row in rows]
    if not part.as_typed:
        return [_stored(part, row[at], None) for row in rows]
    kept = {value: _stored(part, value, None) for value in {row[at] for row in rows}}
    return [kept[row[at]] for row in rows]


def _stored(part: _Part, value: Any, beside: Any) -> Any:  # noqa: ANN401 of any column
    if value is None or part.kind is None:
        return None
    typed = value if part.as_typed else part.column.typed(value, beside)
    return None if blank(typed) else part.kind.store(typed)


def _masked(row: Kept, hid: Sequence[tuple[int, Sequence[_Part]]]) -> tuple[int, ...]:
    """Return the places of the columns that hold something which may not be read."""
    return tuple(
        place
        for place, parts in hid
        if any(
            one.masked and row[one.at] is not None and not blank(one.column.typed(row[one.at]))
            for one in parts
        )
    )


def _steady(part: _Part) -> bool:
    """Say whether a value of a column is said alike as long as the lists and the day are."""
    one = part.column.one
    return part.beside < 0 and (one is None or not one.to)


def _unmarked(column: Column) -> bool:
    return column.kind == "json" or column.kind.endswith("[]")


def _shown_as_kept(kind: FieldType | None) -> bool:
    return kind is not None and type(kind).show is FieldType.show
