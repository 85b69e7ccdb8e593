"""What the directory remembers between two changes; see `kernel.remembering`."""

from typing import Final

from django.db import connection

from cuaso.kernel.remembering import Memory


def _stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select value from directory_stamp limit 1")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


MEMORY: Final = Memory(stamp=_stamp)
