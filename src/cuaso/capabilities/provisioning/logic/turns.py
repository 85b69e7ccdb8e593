"""Who writes entries does so one at a time."""

from typing import Final

from django.db import connection

_LOCK: Final = 0x656E7472  # "entr"


def take_turn() -> None:
    """Wait for the turn to write entries; it lasts until the transaction ends.

    Taken before any entry is locked: some acts begin with a group and go on to its people, some
    with people and go on to their groups. Without turns two of them wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
