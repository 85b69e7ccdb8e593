"""Statements that every act sends: PostgreSQL reads and plans each once for a connection.

Django writes the values into the text of a statement, so that PostgreSQL reads and plans it anew
every time; of rows that are found by their keys, or are new, that is most of its work.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Any, Final, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg.abc import Params, Query

# Explicitly wanted: psycopg counts no further than this before it plans for good.
_PLANNED_AFTER: Final = 1
# Plans that a connection keeps: an act has some twenty, each with what is empty in it or not.
_MOST_PLANS: Final = 400
_PLACE: Final = re.compile(r"%(?:\((?P<name>\w+)\))?s|%%")


def planned() -> CursorWrapper:
    """Return a cursor as `connection.cursor()` does, for statements with `%s` or `%(name)s` that
    come again and again; what changes from one to the next are the values alone.
    """
    # Django's own marks of a connection; its type does not know them.
    here: Any = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    here.ensure_connection()
    own = here.connection
    if own.prepare_threshold is None:
        own.prepare_threshold, own.prepared_max = _PLANNED_AFTER, _MOST_PLANS
    # The way of Django's own cursors: its errors, its counting of statements, its threads.
    cursor: CursorWrapper = here._prepare_cursor(_Planned(own))  # noqa: SLF001 no public door
    return cursor


class _Planned(psycopg.RawCursor[tuple[Any, ...]]):
    """Psycopg's own cursor, which sends values beside the text and keeps the plan."""

    def execute(self, query: Query, params: Params | None = None, **_named: object) -> "_Planned":
        numbered, names = _numbered(str(query))
        values = [params[name] for name in names] if isinstance(params, Mapping) else params
        super().execute(numbered, values, prepare=True)
        # Where Django looks for what was asked, to show and to count it.
        self._query: Any = _Said(numbered)
        return self


class _Said(NamedTuple):
    query: bytes


@lru_cache(maxsize=1024)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the statement with `$1`, `$2` … as PostgreSQL reads it, and the names of its values
    in that order; values of `%s` have none.
    """
    places = count(1)
    named: dict[str, str] = {}

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        name = found["name"]
        if name is None:
            return f"${next(places)}"
        return named[name] if name in named else named.setdefault(name, f"${next(places)}")

    return _PLACE.sub(place, statement).encode(), tuple(named)
