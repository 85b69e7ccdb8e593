"""Writes columns of values as COPY takes them, each different value once, and copies them in."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from types import TracebackType
from typing import Any, Final, Self

from django.db import connection

from cuaso.capabilities.registries.logic.storing.building import Built

_NULL: Final = "\\N"
_MEMBER, _ROW = "\x1e", "\x1d"
_STRANGE: Final = ("\\", "\t", "\n", "\r")
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


class Copies:
    """Sends rows from a thread of its own while the next ones are read: the database takes them in
    on another core. Whatever is asked of the database meanwhile waits until they are in.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copies")
        self._held: list[tuple[str, str]] = []
        self._sent: Future[None] | None = None
        self._waiting = connection.execute_wrapper(self._after)

    def __enter__(self) -> Self:
        self._waiting.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waiting.__exit__(kind, error, trace)
        try:
            self.wait()
        finally:
            self._pool.shutdown()

    def hold(self, statement: str, data: str) -> None:
        """Keep rows to be sent when it is time."""
        self._held.append((statement, data))

    def go(self) -> None:
        """Begin to send what is held; raise what the database said of the rows before."""
        self.wait()
        if self._held:
            held, self._held = self._held, []
            self._sent = self._pool.submit(_send_all, connection.connection, held)

    def wait(self) -> None:
        """Wait until all that was sent is in; raise what the database said of it."""
        sent, self._sent = self._sent, None
        if sent is not None:
            with connection.wrap_database_errors:
                sent.result()

    def _after(self, execute: Callable[..., Any], *given: object) -> object:
        self.wait()
        return execute(*given)


def copy_in(
    statement: str,
    columns: Sequence[Sequence[str]],
    copies: Copies | None = None,
    *,
    beside: Sequence[str] = (),
) -> None:
    """Send rendered columns to a COPY … FROM STDIN, or have `copies` hold them.

    Rows that are alike in the column `beside` go one after the other.
    """
    lines = list(map("\t".join, zip(*columns, strict=True)))
    if beside:
        lines = [lines[at] for at in sorted(range(len(lines)), key=beside.__getitem__)]
    data = "\n".join(lines) + "\n"
    if copies is not None:
        copies.hold(statement, data)
        return
    connection.ensure_connection()
    with connection.wrap_database_errors:
        _send_all(connection.connection, [(statement, data)])


def _send_all(raw: Any, portions: Iterable[tuple[str, str]]) -> None:  # noqa: ANN401 psycopg's own
    for statement, data in portions:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(data)


def _rendered(kind: str, values: Sequence[Any]) -> list[str]:
    if kind in _TEXTS:
        return _texts(values)
    if kind == "id":  # Each is another.
        return [value.hex for value in values]
    if kind == "json":
        return _jsons(values)
    write = _WRITERS.get(kind, str)
    try:
        known = {value: write(value) for value in set(values) if value is not None}
    except TypeError:
        return [_NULL if value is None else write(value) for value in values]
    known[None] = _NULL
    return list(map(known.__getitem__, values))


def _texts(values: Sequence[str | None]) -> list[str]:
    whole = "".join(filter(None, values))
    if any(sign in whole for sign in _STRANGE):
        return [_NULL if value is None else value.translate(_ESCAPES) for value in values]
    return [_NULL if value is None else value for value in values]


def _text(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


def _json(value: object) -> str:
    return json.dumps(value).replace("\\", "\\\\")


def _jsons(values: Sequence[Any]) -> list[str]:
    """Return values as JSON; the rows of groups are written at once, which is many times quicker.

    No text in JSON holds a control sign, so that members and rows are told apart by two of them.
    """
    if not all(isinstance(value, list) for value in values):
        return [_NULL if value is None else _json(value) for value in values]
    rows = list(chain.from_iterable(values))
    whole = json.dumps(rows, ensure_ascii=False, separators=(_MEMBER, ":"))
    apart = whole[2:-2].replace(f"}}{_MEMBER}{{", _ROW).replace(_MEMBER, ",")
    pieces = apart.replace("\\", "\\\\").split(_ROW) if rows else []
    if len(pieces) != len(rows) or not all(isinstance(row, dict) for row in rows):
        return list(map(_json, values))
    following = iter(pieces)
    return [
        "[" + ",".join(f"{{{piece}}}" for piece in islice(following, len(value))) + "]"
        if value
        else "[]"
        for value in values
    ]


def _list(value: Iterable[object]) -> str:
    parts = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
    return _text("{" + ",".join(f'"{part}"' for part in parts) + "}")


_TEXTS: Final = frozenset({"text", "order", "reference"})
# Numbers, days, yes or no, and ids are written as Python says them.
_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "text[]": _list,
    "uuid[]": _list,
}
