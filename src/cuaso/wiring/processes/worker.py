"""The worker process: background jobs, and the loops of the engines' table."""

import asyncio
import os
import sys
import threading

import django
import structlog

from cuaso.kernel.errors import Refusal
from cuaso.wiring import engines, production
from cuaso.wiring.observability import logs
from cuaso.wiring.processes.loops import Ear, LoopThread
from cuaso.wiring.processes.queue import run_jobs
from cuaso.wiring.words import complain

JOIN_SECONDS = 10.0
# Where processors are full, who waits before a page goes first.
BACKGROUND = 5

log = structlog.get_logger("cuaso.worker")


def main() -> int:
    """Run until SIGTERM or SIGINT; what is in hand is finished first."""
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
    try:
        asyncio.run(run_jobs())
    finally:
        end.set()
        for loop_thread in threads:
            loop_thread.wake.set()
        for thread in listeners:
            thread.join(JOIN_SECONDS)
        log.info("worker stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
