"""Statements that every act sends: PostgreSQL reads and plans them once a connection."""

from collections.abc import Mapping
from typing import Any

from cuaso.foundation.audit import api as audit

Values = list[Any] | Mapping[str, Any]


def ask(statement: str, values: Values) -> tuple[Any, ...]:
    """Return the one row that a statement of few different texts answers; raise as Django does."""
    with audit.planned() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def first(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    """Return the first row that a statement of few different texts finds, None for none."""
    found: tuple[Any, ...] | None = ask(statement, values)
    return found


def every(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """Return all rows that a statement of few different texts finds."""
    with audit.planned() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
