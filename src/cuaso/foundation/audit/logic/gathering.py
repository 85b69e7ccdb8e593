"""What the parts of one act write, in one way to PostgreSQL.

An act made of other acts (a dossier begins a flow, opens steps, tells the applicant) asks nothing
between them that they wrote. Inside `gathered` they hand over what they write; it goes as one
statement at the end of the block, entries and events in the order in which they came.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from cuaso.foundation.audit.contracts import Written
from cuaso.foundation.audit.logic.planned import planned

Values = Sequence[Any]
ENTRY_COLUMNS: Final = (
    *("entry_id", "recorded_at", "act", "subject_kind", "subject_id"),
    *("actor_kind", "actor_person_id", "actor_post_id", "actor_agency_id", "trace"),
    *("sealed", "salt", "commitment", "leaf"),
)
# Every act records and publishes: Django would think about these longer than PostgreSQL.
_ENTRIES: Final = f"insert into audit_entry ({', '.join(ENTRY_COLUMNS)}) values"
_ENTRY_ROW: Final = f"({', '.join(['%s'] * len(ENTRY_COLUMNS))})"
_EVENTS: Final = """
insert into audit_event (event_id, topic, subject_kind, subject_id, payload, key, trace,
  published_at, next_try_at, settled_at) values"""
_EVENT_ROW: Final = "(%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s::timestamptz)"
_ONCE: Final = "on conflict (key) do nothing"


@dataclass(kw_only=True)
class Gathering:
    """What waits to be written: rows of the acts, their events, their entries."""

    depth: int = 0
    beside: list[Written] = field(default_factory=list)
    events: list[Values] = field(default_factory=list)
    entries: list[Values] = field(default_factory=list)

    def write(self) -> None:
        """Write all that waits, in one statement."""
        parts = [*self.beside]
        if self.events:
            parts.append(inserting_events(self.events))
        if self.entries:
            parts.append(_inserting(_ENTRIES, _ENTRY_ROW, self.entries))
        self.beside, self.events, self.entries = [], [], []
        send(parts)


_held: ContextVar[Gathering | None] = ContextVar("cuaso_gathering", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Write at the end of the block, in one statement, what acts inside it record and write.

    Inside, nobody reads what was written there, no two write the same row, and whoever catches a
    refusal and goes on does so around a savepoint of their own: what is written inside of one
    goes at once. A failure inside fails the whole act, and nothing of it is written.
    """
    if _held.get() is not None:
        yield
        return
    held = Gathering(depth=_depth())
    token = _held.set(held)
    try:
        yield
        held.write()
    finally:
        _held.reset(token)


@contextmanager
def at_once() -> Iterator[None]:
    """Write what was gathered until now, and what comes in the block at once: it is read there."""
    held = _held.get()
    if held is None:
        yield
        return
    held.write()
    token = _held.set(None)
    try:
        yield
    finally:
        _held.reset(token)


def take(*, entry: Values, events: Sequence[Values], beside: Sequence[Written]) -> None:
    """Write an entry with its events and what its act writes beside it, now or with the others."""
    held = _open()
    now = held or Gathering()
    now.beside.extend(beside)
    now.events.extend(events)
    now.entries.append(entry)
    if held is None:
        now.write()


def write(parts: Sequence[Written]) -> None:
    """Run statements that write rows of an act, in one way to PostgreSQL, now or with the rest of
    what is gathered; no two may write the same row.
    """
    held = _open()
    if held is None:
        send(parts)
    else:
        held.beside.extend(parts)


def gathers() -> bool:
    """Say whether what is recorded here waits for the end of a block."""
    return _open() is not None


def _open() -> Gathering | None:
    """Return what gathers here; what is inside of a later savepoint may yet be taken back."""
    held = _held.get()
    return held if held is not None and held.depth == _depth() else None


def _depth() -> int:
    """Return how many savepoints stand; a block that joins another makes none."""
    return sum(1 for id in connection.savepoint_ids if id is not None)


def inserting_events(rows: Sequence[Values]) -> Written:
    """Return what puts some events in the outbox, each key once."""
    one = _inserting(_EVENTS, _EVENT_ROW, rows)
    return Written(statement=f"{one.statement} {_ONCE}", values=one.values)


def _inserting(into: str, row: str, rows: Sequence[Values]) -> Written:
    values = [value for each in rows for value in each]
    return Written(statement=f"{into} {', '.join([row] * len(rows))}", values=values)


def send(parts: Sequence[Written]) -> int:
    """Send statements as one; return how many rows the last of them wrote."""
    if not parts:
        return 0
    *others, last = parts
    before = ", ".join(f"part_{n} as ({one.statement})" for n, one in enumerate(others))
    statement = f"with {before} {last.statement}" if others else last.statement
    with planned() as cursor:
        cursor.execute(statement, [value for one in parts for value in one.values])
        return int(cursor.rowcount)
