"""What `ENGINE` names: Django looks for a class of this name in a module of this name.

A list of the desk reads some two hundred moments. Django's loader takes each apart in Python and
then gives it the time zone of the connection; psycopg's own does both in C.
"""

from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format

_MOMENT = psycopg.postgres.types["timestamptz"].oid
# Its types name none of the arguments that it takes from psycopg's.
_Named: Any = base.ServerSideCursor
_LOADER = psycopg.adapters.get_loader(_MOMENT, Format.TEXT)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that reads moments as psycopg does: aware, in the connection's time zone."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's own, with psycopg's loader of moments."""
        params = super().get_connection_params()
        return {**params, "context": _adapters(params["context"])}

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ANN401 of psycopg's cursors one or another
        """Return a cursor as Django does, but for a loader of moments of its own."""
        if name is None:
            return self.connection.cursor()
        own = self.connection
        return _Named(own, name=name, scrollable=False, withhold=own.autocommit)


@lru_cache(maxsize=8)
def _adapters(context: AdaptersMap) -> AdaptersMap:
    found = AdaptersMap(context)
    if _LOADER is not None:
        found.register_loader("timestamptz", _LOADER)
    return found
