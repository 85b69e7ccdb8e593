"""What was done to this database, by name and content hash: a second start skips it.

Kept in the database itself, so that a restored or emptied one tells the truth. Read without
Django, which costs seconds to start.
"""

from collections.abc import Mapping

import psycopg
from psycopg import errors


def marks(*, url: str) -> Mapping[str, str]:
    """Return name -> fingerprint of what succeeded; empty before the first migration."""
    with psycopg.connect(url) as connection:
        try:
            rows = connection.execute("select name, fingerprint from operations_stamp").fetchall()
        except errors.UndefinedTable:
            return {}
        return {str(name): str(fingerprint) for name, fingerprint in rows}


def mark(*, url: str, name: str, fingerprint: str) -> None:
    """Remember that a step succeeded with this content."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into operations_stamp (name, fingerprint, done_at) values (%s, %s, now())"
            " on conflict (name) do update set fingerprint = excluded.fingerprint,"
            " done_at = excluded.done_at",
            [name, fingerprint],
        )
