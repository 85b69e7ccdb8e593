"""Memories whose source has its stamp in a table of one row; see `kernel.remembering`."""

from cuaso.foundation.audit.logic.planned import planned
from cuaso.kernel.remembering import Memory, asked_early, early, foresee, foreseen

MOST = 20_000


def memory(table: str, *, most: int = MOST) -> Memory:
    """Return a memory of at most `most` answers that hold while the stamp in a table stands.

    Triggers of the source renew the stamp in the transaction that changes its rows.
    """
    statement = asked_early(f"select value from {table} limit 1")  # noqa: S608 a name of our own
    return Memory(stamp=lambda: _stamp(statement), most=most)


def _stamp(statement: str) -> str:
    known = foreseen(statement)
    if known is None:
        foresee(_stamps())
        known = foreseen(statement)
    return str(known or "")


def _stamps() -> dict[str, object]:
    """Ask for all stamps at once: who asks for one soon asks for others."""
    asked = early()
    with planned() as cursor:
        cursor.execute(f"select {', '.join(f'({one})' for one in asked)}")
        row = cursor.fetchone()
    return dict(zip(asked, row or (), strict=True))
