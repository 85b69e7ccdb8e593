"""Statements that are asked again and again: PostgreSQL plans each once for a connection.

Django writes the values into the text, so that PostgreSQL reads and plans every statement anew;
where rows are found by their keys, that is most of its work.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import psycopg
from django.db import OperationalError, connection
from psycopg.abc import Params, Query

Words = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]
# Explicitly wanted: psycopg counts no further than this before it plans for good.
_PLANNED_AFTER: Final = 1


class _Planned(psycopg.Cursor[Row]):
    """Psycopg's own cursor, which sends values beside the text and keeps the plan."""

    def execute(self, query: Query, params: Params | None = None, **_named: object) -> "_Planned":
        said = str(query).encode()
        super().execute(said, params, prepare=True)
        # Where Django looks for what was asked, to show and to count it.
        self._query: Any = _Said(said)
        return self


class _Said(NamedTuple):
    query: bytes


def first_row(statement: str, words: Words) -> Row | None:
    """Return the first row that a statement gives, None for none."""
    rows = all_rows(statement, words)
    return rows[0] if rows else None


def all_rows(statement: str, words: Words) -> list[Row]:
    """Return the rows that a statement gives; one that changes rows must return some of them.

    As the first question of a request it takes the place of asking whether the connection
    stands, and is asked again over a new one where it does not.
    """
    # Django's own marks of a connection; its type does not know them.
    here: Any = connection
    unsure = (
        here.connection is not None
        and not here.in_atomic_block
        and here.health_check_enabled
        and not here.health_check_done
    )
    if not unsure:
        return _asked(statement, words)
    here.health_check_done = True
    try:
        return _asked(statement, words)
    except OperationalError:
        connection.close()
        return _asked(statement, words)


def _asked(statement: str, words: Words) -> list[Row]:
    connection.ensure_connection()
    own: Any = connection.connection
    if own.prepare_threshold is None:
        own.prepare_threshold = _PLANNED_AFTER
    # The way of Django's own cursors: its errors, its counting of statements, its threads.
    with connection._prepare_cursor(_Planned(own)) as cursor:  # type: ignore[attr-defined]  # noqa: SLF001
        cursor.execute(statement, words)
        rows: list[Row] = cursor.fetchall()
        return rows
