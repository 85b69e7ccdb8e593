"""The sheets of a form as tables: rows by the names of their columns, each with its number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from cuaso.kernel.text import fold, one_line

# Other spellings that the standard takes, by how a heading is compared.
_ALSO: Final[Mapping[str, str]] = {
    "command": "type",
    "value": "name",
    "list name": "list_name",
    "relevance": "relevant",
    "calculate": "calculation",
    "readonly": "read_only",
    "read only": "read_only",
    "constraint message": "constraint_message",
    "constraint-msg": "constraint_message",
    "required message": "required_message",
    "choice filter": "choice_filter",
    "repeat count": "repeat_count",
    "title": "form_title",
    "id_string": "form_id",
    "default language": "default_language",
}
# The sheet on which a form of ours says what of the registry it could not carry.
LEFT: Final = "chua_mang_theo"
_YES: Final = frozenset({"yes", "true", "true()", "1", "y", "có", "x"})
_NO: Final = frozenset({"", "no", "false", "false()", "0", "n", "không"})


@dataclass(frozen=True, kw_only=True)
class Untaken:
    """What a registry could not take of a form: at which row of which sheet, and what to do.

    `row` 0 is the sheet as a whole.
    """

    sheet: str
    row: int
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class ChoiceLine:
    """One choice of a list: its code and labels, at which row; `beside` are its other columns."""

    row: int
    code: str
    label: str
    label_en: str
    beside: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row by its columns, left out where empty."""

    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet; `columns` in their order, as they are compared (`label::tiếng việt (vi)`)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, name: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Self:
        """Return a sheet from its lines, each with its number; the first that is filled names the
        columns.
        """
        columns: tuple[str, ...] = ()
        rows = []
        for number, texts in lines:
            if not any(text.strip() for text in texts):
                continue
            if not columns:
                columns = tuple(_heading(text) for text in texts)
                continue
            pairs = zip(columns, texts, strict=False)
            cells = {column: text.strip() for column, text in pairs if column and text.strip()}
            rows.append(Row(number=number, cells=cells))
        return cls(name=name, columns=tuple(filter(None, columns)), rows=tuple(rows))


def _heading(text: str) -> str:
    head, mark, rest = one_line(text).partition("::")
    if not mark and text.count(":") == 1:
        head, mark, rest = one_line(text).partition(":")
    plain = head.strip().lower()
    plain = _ALSO.get(plain, plain)
    return f"{plain}::{rest.strip().lower()}" if mark else plain


def decided(text: str) -> bool | None:
    """Return whether a cell says yes or no, None where it says something else."""
    said = text.strip().lower()
    return True if said in _YES else False if said in _NO else None


def plain_name(text: str, taken: Iterable[str] = ()) -> str:
    """Return a name as registries have them: ASCII snake_case, none of those taken."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", fold(spaced)).strip("_")
    if not name or not name[0].isalpha() or name in _WORDS or name.startswith("row_"):
        name = f"q_{name}".rstrip("_")
    name, used, number = name[:50], set(taken), 1
    whole = name
    while whole in used:
        number += 1
        whole = f"{name}_{number}"
    return whole


_WORDS: Final = frozenset(
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for",
        "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void",
        "while", "item", "today", "channel", "capacity", "same", "record",
    }
)  # fmt: skip
