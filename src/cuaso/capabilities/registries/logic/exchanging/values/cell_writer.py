"""One cell as people write it, so that reading it gives the value back."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    SheetField,
    marked,
    pieces,
    rows_text,
)
from cuaso.declarations.fields import Context, Wrong, type_of
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import one_line


class CellWriter:
    """Writes typed values of one column as people write them; reading gives the value back."""

    def __init__(self, field: SheetField, context: Context) -> None:
        self.field, self.context = field, context
        self.said: dict[Loose, str] = {}
        one = field.column.one
        self.reader = CellReader(one, context) if one is not None else None
        self.say: Callable[[Loose], Loose] = _SAY.get(
            field.column.kind, CellWriter._edited
        ).__get__(self)
        named = one.as_ if one is not None and one.type == "computed" else one and one.type
        if named in ("choice", "place"):
            self.say = self._choice

    def text(self, value: Loose) -> str:
        """Return the text of a value, "" for none."""
        said = self.say(value) if value is not None else ""
        if isinstance(said, datetime | date):
            return f"{said:%d/%m/%Y}"
        if isinstance(said, Decimal):
            return f"{said:f}".replace(".", ",")
        return str(said)

    def native(self, value: Loose) -> Loose:
        """Return what a cell of a workbook holds: text, whole number, Decimal or day."""
        said = self.say(value) if value is not None else ""
        return marked(said) if isinstance(said, str) else said

    def _edited(self, value: Loose) -> Loose:
        one = self.field.column.one
        return type_of(one).edit(one, value) if one is not None else rows_text(self.field, value)

    def _plain(self, value: Loose) -> Loose:
        return value

    def _yes_no(self, value: Loose) -> Loose:
        return "Có" if value else "Không"

    def _choice(self, value: Loose) -> Loose:
        if value not in self.said:
            self.said[value] = self._label(str(value))
        return self.said[value]

    def _choices(self, value: Loose) -> Loose:
        key = tuple(value)
        if key not in self.said:
            labels = [self._label(str(code)) for code in key]
            whole = all(pieces(label) == [label] for label in labels)
            self.said[key] = "; ".join(labels if whole else (str(code) for code in key))
        return self.said[key]

    def _label(self, code: str) -> str:
        """Return the label of a code where reading it gives the code, else the code itself."""
        one, reader = self.field.column.one, self.reader
        if one is None or reader is None:
            return code
        try:
            kind = reader.kind
            many = kind.many
            label = kind.show(one, (code,) if many else code, self.context)
            same = reader.read(label) == ((code,) if many else code)
        except Wrong:
            return code
        return label if same and label == one_line(label) else code

    def _linked(self, value: Loose) -> Loose:
        return str(value.key)


_SAY: Final[dict[str, Any]] = {
    "text": CellWriter._plain,  # noqa: SLF001 the class's own table
    "integer": CellWriter._plain,  # noqa: SLF001
    "day": CellWriter._plain,  # noqa: SLF001
    "yes_no": CellWriter._yes_no,  # noqa: SLF001
    "text[]": CellWriter._choices,  # noqa: SLF001
    "reference": CellWriter._linked,  # noqa: SLF001
}
