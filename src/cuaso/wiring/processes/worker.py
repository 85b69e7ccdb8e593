"""The worker process: background jobs, and the loops of the engines' table."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Sequence

import django
import structlog

from cuaso.kernel.errors import Refusal
from cuaso.wiring import engines, production
from cuaso.wiring.observability import logs
from cuaso.wiring.processes.loops import Ear, LoopThread
from cuaso.wiring.processes.queue import run_jobs
from cuaso.wiring.words import complain

# From the signal to the end, whatever is in hand: below the term that the supervisor gives.
STOP_SECONDS = 10.0
# Where processors are full, who waits before a page goes first.
BACKGROUND = 5

log = structlog.get_logger("cuaso.worker")


def main() -> int:
    """Run until SIGTERM or SIGINT; what is in hand is finished first, within STOP_SECONDS.

    What needs longer is left: each act is one transaction, so it was not written and is taken up
    again at the next start.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
    os.environ.setdefault("CUASO_PROCESS", "worker")
    os.nice(BACKGROUND)
    logs.configure()
    django.setup()
    try:
        production.refuse()
    except Refusal as refusal:
        complain(refusal)
        return 1
    end = threading.Event()
    threads = [LoopThread(loop=loop, end=end) for loop in engines.LOOPS]
    listeners = [*threads, Ear(threads=threads, end=end)]
    for thread in listeners:
        thread.start()
    log.info("worker started", loops=[loop.name for loop in engines.LOOPS])
    stopping = Stopping(threads=threads, end=end)
    try:
        asyncio.run(run_jobs(stopping=stopping.begin))
    finally:
        stopping.begin()
        for thread in listeners:
            thread.join(stopping.left())
        log.info("worker stopped", unfinished=stopping.unfinished())
    return 0


class Stopping:
    """The end of the worker: loops hear of it at once, and it comes within STOP_SECONDS."""

    def __init__(self, *, threads: Sequence[LoopThread], end: threading.Event) -> None:
        self._threads = threads
        self._end = end
        self._until = 0.0

    def begin(self) -> None:
        """Tell every loop to take up nothing more; a second call changes nothing."""
        if self._end.is_set():
            return
        self._until = time.monotonic() + STOP_SECONDS
        self._end.set()
        for thread in self._threads:
            thread.wake.set()
        last = threading.Timer(STOP_SECONDS, self._leave)
        last.daemon = True
        last.start()

    def left(self) -> float:
        """Return the seconds until the term."""
        return max(0.0, self._until - time.monotonic())

    def unfinished(self) -> list[str]:
        """Return the loops whose turn still runs, by name."""
        return [thread.loop.name for thread in self._threads if thread.is_alive()]

    def _leave(self) -> None:
        """End the process although a thread of a job or a loop would still hold it."""
        log.warning("worker left at its term", unfinished=self.unfinished())
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
