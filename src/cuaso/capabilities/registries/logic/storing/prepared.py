"""Statements that every act sends: PostgreSQL reads and plans them once a connection."""

from functools import lru_cache
from itertools import chain, count
from typing import Any, Final

from django.db import connection
from psycopg import RawCursor

_KEPT: Final = 500


class _Preparing(RawCursor[Any]):
    """Has each statement prepared the first time, by its text and the types of its values.

    psycopg would look for the places of the values in a long statement again each time.
    """

    def execute(self, query: Any, params: Any = None, **words: Any) -> Any:  # noqa: ANN401 psycopg's own
        # Of a prepared statement Django's log of questions would not learn the text.
        prepare = not connection.queries_logged
        return super().execute(_numbered(query), params, prepare=prepare, **words)


@lru_cache(_KEPT)
def _numbered(statement: str) -> bytes:
    """Return a statement with `$1` in the place of the first `%s`, and so on."""
    first, *others = statement.split("%s")
    places = (f"${number}" for number in count(1))
    whole = chain([first], *zip(places, others, strict=False))
    return "".join(whole).replace("%%", "%").encode()


def ask(statement: str, values: list[Any]) -> tuple[Any, ...]:
    """Return the one row that a statement of few different texts answers; raise as Django does."""
    connection.ensure_connection()
    seen = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    own: Any = _Preparing(connection.connection)
    with seen(own) as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def first(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    """Return the first row that a statement of few different texts finds, None for none."""
    found: tuple[Any, ...] | None = ask(statement, values)
    return found
