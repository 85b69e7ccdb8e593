"""What the catalogue remembers while no version is published; see `kernel.remembering`."""

from typing import Final

from django.db import connection

from cuaso.kernel.remembering import Memory


def _stamp() -> str:
    """Versions never change and are only added: how many there are, and who added the last."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(xmin::text::bigint) from procedures_procedureversion")
        count, last = cursor.fetchone() or (0, None)
    return f"{count}.{last}" if count else ""


MEMORY: Final = Memory(stamp=_stamp)
