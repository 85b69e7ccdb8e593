"""Small tables that people keep as CSV: read into typed rows, or refused line by line.

A row type is a dataclass; its fields are the columns (`from_` reads the column `from`), a field
with a default is an optional column. Cells: text; a day as 2025-06-30, empty for None; yes, no
or empty; a whole number; a set of words with spaces between.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, TypeVar, get_type_hints

from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.text import one_line


class Row(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


RowT = TypeVar("RowT", bound=Row)


def read(path: Path, row_type: type[RowT]) -> tuple[RowT, ...]:
    """Return the rows of a CSV file; raise Invalid (`tables.unreadable`) naming every bad line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        problems = list(_wrong_columns(path, reader.fieldnames or [], row_type))
        if problems:
            raise _unreadable(path, problems)
        rows = []
        for cells in reader:
            try:
                rows.append(_row(cells, row_type))
            except ValueError as error:
                problems.append(Problem(field=f"{path.name}:{reader.line_num}", say=str(error)))
    if problems:
        raise _unreadable(path, problems)
    return tuple(rows)


def _wrong_columns(path: Path, header: list[str] | Any, row_type: type[Row]) -> Iterator[Problem]:  # noqa: ANN401 csv gives a Sequence
    known = {_column(field) for field in fields(row_type)}
    needed = {_column(field) for field in fields(row_type) if _is_needed(field)}
    for name in sorted(needed - set(header)):
        yield Problem(field=f"{path.name}:1", say=f"Thiếu cột “{name}”.")
    for name in sorted(set(header) - known):
        yield Problem(field=f"{path.name}:1", say=f"Cột “{name}” không được biết tới.")


def _row(cells: Mapping[str | Any, str | Any], row_type: type[RowT]) -> RowT:
    if None in cells or None in cells.values():
        message = "Số ô của dòng không khớp với số cột."
        raise ValueError(message)
    kinds = get_type_hints(row_type)
    stated = [field for field in fields(row_type) if _column(field) in cells]
    return row_type(**{f.name: _cell(cells, f, kinds[f.name]) for f in stated})


def _cell(cells: Mapping[str, str], field: Field[Any], kind: object) -> object:
    text = one_line(cells[_column(field)])
    try:
        return _CASTS[str(kind) if not isinstance(kind, type) else kind.__name__](text)
    except ValueError:
        message = f"Ô “{_column(field)}” không đọc được: “{text}”."
        raise ValueError(message) from None


def _flag(text: str) -> bool:
    if text not in {"yes", "no", ""}:
        raise ValueError(text)
    return text == "yes"


_CASTS: Final[Mapping[str, Callable[[str], object]]] = {
    "str": str,
    "int": int,
    "bool": _flag,
    "date": date.fromisoformat,
    "datetime.date | None": lambda text: date.fromisoformat(text) if text else None,
    "frozenset[str]": lambda text: frozenset(text.split()),
}


def _column(field: Field[Any]) -> str:
    return field.name.removesuffix("_")


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _unreadable(path: Path, problems: list[Problem]) -> Invalid:
    return Invalid(
        code="tables.unreadable",
        what=f"Bảng {path.name} có {len(problems)} chỗ không đọc được.",
        why=" ".join(f"{problem.field}: {problem.say}" for problem in problems[:5]),
        mend="Hãy sửa các dòng được nêu rồi nạp lại.",
        problems=tuple(problems),
    )
