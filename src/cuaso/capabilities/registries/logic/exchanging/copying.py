"""Writes columns of values as COPY takes them, each different value once, and copies them in."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import connection

from cuaso.capabilities.registries.logic.storing.building import Built

_NULL: Final = "\\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def kinds(built: Built) -> dict[str, str]:
    """Return the kind of every data column by name."""
    twins = (one.column for one in built.standing_twins)
    found: dict[str, str] = {}
    for column in (*built.columns, *twins):
        found |= {column.name: column.kind}
        if column.beside[0]:
            found |= {column.beside[0]: column.beside[1]}
    return found


def rendered(columns: Iterable[tuple[str, Sequence[Any]]]) -> list[list[str]]:
    """Return the texts of columns, each given by its kind and its values."""
    return [_rendered(kind, values) for kind, values in columns]


def copy_in(statement: str, columns: Sequence[Sequence[str]]) -> None:
    """Send rendered columns to a COPY … FROM STDIN."""
    lines = "\n".join(map("\t".join, zip(*columns, strict=True)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(f"{lines}\n")


def _rendered(kind: str, values: Sequence[Any]) -> list[str]:
    write = _WRITERS.get(kind, str)
    try:
        known = {value: write(value) for value in set(values) if value is not None}
    except TypeError:
        return [_NULL if value is None else write(value) for value in values]
    known[None] = _NULL
    return list(map(known.__getitem__, values))


def _text(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


def _json(value: object) -> str:
    return _text(json.dumps(value))


def _list(value: Iterable[object]) -> str:
    parts = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
    return _text("{" + ",".join(f'"{part}"' for part in parts) + "}")


# Numbers, days, yes or no, and ids are written as Python says them.
_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "text": _text,
    "order": _text,
    "reference": _text,
    "json": _json,
    "text[]": _list,
    "uuid[]": _list,
}
