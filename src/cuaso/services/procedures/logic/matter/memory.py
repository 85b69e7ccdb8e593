"""What the catalogue remembers while no version is published; see `kernel.remembering`."""

from typing import Final

from django.db import connection

from cuaso.kernel.remembering import Memory, asked_early, foreseen

_STAMP: Final = asked_early("select value from procedures_stamp limit 1")


def _stamp() -> str:
    if known := foreseen(_STAMP):
        return str(known)
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


MEMORY: Final = Memory(stamp=_stamp)
