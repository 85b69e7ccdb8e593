"""NOTIFY only wakes: whoever misses one finds the event at the next look anyway."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction

from cuaso.foundation.audit.contracts import Publication

CHANNEL = "cuaso_events"


def wake_after_commit() -> None:
    """Wake the deliverers once after the present transaction, however many events it published."""
    # A savepoint that is rolled back takes its own wish along, and with it its events.
    if not any(wish[1] is wake for wish in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake_for(publications: Sequence[Publication]) -> None:
    """Wake the deliverers after commit where one of these events is heard."""
    if any(one.heard for one in publications):
        wake_after_commit()


def wake() -> None:
    """Wake the deliverers. After commit, in a statement of its own: a NOTIFY inside the act's
    transaction makes all commits of the database queue behind one lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


class Ear:
    """A direct connection that listens; a pooled one would lose the subscription."""

    def __init__(self, direct: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._direct = direct

    def wait(self, *, timeout: float) -> bool:
        """Return True as soon as an event is announced, False after `timeout` seconds."""
        return any(True for _ in self._direct.notifies(timeout=timeout, stop_after=1))


@contextmanager
def listening() -> Iterator[Ear]:
    """Listen for events as long as the block lasts."""
    given = connection.get_connection_params()
    wanted = {key: value for key, value in given.items() if key not in _DJANGO_ONLY}
    with psycopg.connect(**wanted, autocommit=True) as direct:
        direct.execute(f"LISTEN {CHANNEL}")
        yield Ear(direct)


def wait_for_events(timeout: float) -> bool:
    """Return True when an event is announced within `timeout` seconds."""
    with listening() as ear:
        return ear.wait(timeout=timeout)


_DJANGO_ONLY = {"cursor_factory", "context", "server_side_binding", "prepare_threshold"}
