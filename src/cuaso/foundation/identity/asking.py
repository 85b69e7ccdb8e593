"""Statements that are asked again and again, the first question of a request among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection

from cuaso.foundation.audit import api as audit

Words = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]


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
    with audit.planned() as cursor:
        cursor.execute(statement, words)
        rows: list[Row] = cursor.fetchall()
        return rows
