"""One thread a loop of the worker: repeat, rest, wake on NOTIFY; a failure stays its own."""

import threading
from collections.abc import Callable

import psycopg
import structlog
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from cuaso.kernel.identifiers import new_id
from cuaso.wiring.declared import Loop

LONGEST_REST_AFTER_FAILURE = 30.0
ADDRESS = ("dbname", "user", "password", "host", "port")

log = structlog.get_logger("cuaso.worker")


class LoopThread(threading.Thread):
    """Repeats one loop until `end` is set. `wake` ends its present rest.

    Raises ImportError when the table names a function that is not there.
    """

    def __init__(self, *, loop: Loop, end: threading.Event) -> None:
        super().__init__(name=loop.name, daemon=True)
        self.loop = loop
        self._call: Callable[[], object] = import_string(loop.call)
        self.wake = threading.Event()
        self.turns = 0
        self.failures = 0
        self._end = end

    def run(self) -> None:
        while not self._end.is_set():
            busy = self._turn()
            if not busy and self.wake.wait(self._rest()):
                self._end.wait(self.loop.gathers_seconds)
            self.wake.clear()
        connection.close()

    def _turn(self) -> bool:
        """Do the work once; tell whether more may be waiting."""
        close_old_connections()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace=new_id().hex, loop=self.loop.name)
        self.turns += 1
        try:
            outcome = self._call()
        except Exception:
            self.failures += 1
            log.exception("loop failed", failures=self.failures)
            connection.close()
            return False
        self.failures = 0
        return isinstance(outcome, int) and outcome > 0

    def _rest(self) -> float:
        grown = self.loop.every_seconds * 2.0 ** min(self.failures, 10)
        if not self.failures:
            return self.loop.every_seconds
        return float(min(grown, LONGEST_REST_AFTER_FAILURE))


class Ear(threading.Thread):
    """Listens on a connection of its own and wakes the loops that wait for a channel."""

    def __init__(self, *, threads: list[LoopThread], end: threading.Event) -> None:
        super().__init__(name="ear", daemon=True)
        self._threads = [thread for thread in threads if thread.loop.wakes_on]
        self._end = end

    def run(self) -> None:
        while not self._end.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("not listening", reason=str(error).strip())
                self._end.wait(2)

    def _listen(self) -> None:
        given = connection.get_connection_params()
        wanted = {name: given[name] for name in ADDRESS if name in given}
        with psycopg.connect(**wanted, autocommit=True) as direct:
            for channel in {thread.loop.wakes_on for thread in self._threads}:
                direct.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(channel)))
            while not self._end.is_set():
                for notice in direct.notifies(timeout=1.0):
                    self._tell(notice.channel)

    def _tell(self, channel: str) -> None:
        for thread in self._threads:
            if thread.loop.wakes_on == channel:
                thread.wake.set()
