"""The worker process: background jobs, and the loops of the engines' table."""

import asyncio
import os
import signal
import sys
import threading

import django
import structlog
from procrastinate.contrib.django import app

from cuaso.kernel.errors import Refusal
from cuaso.wiring import engines, production
from cuaso.wiring.observability import logs
from cuaso.wiring.processes.loops import Ear, LoopThread
from cuaso.wiring.words import complain

JOIN_SECONDS = 10.0
JOBS_AT_ONCE = 4

log = structlog.get_logger("cuaso.worker")


def main() -> int:
    """Run until SIGTERM or SIGINT; what is in hand is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cuaso.wiring.settings")
    os.environ.setdefault("CUASO_PROCESS", "worker")
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
        asyncio.run(_run_jobs())
    finally:
        end.set()
        for loop_thread in threads:
            loop_thread.wake.set()
        for thread in listeners:
            thread.join(JOIN_SECONDS)
        log.info("worker stopped")
    return 0


async def _run_jobs() -> None:
    """Run jobs until asked to stop; when the queue's connection breaks, start it again."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        jobs = asyncio.ensure_future(_jobs())
        ended = asyncio.ensure_future(stop.wait())
        await asyncio.wait({jobs, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            jobs.cancel()
        ended.cancel()
        (outcome,) = await asyncio.gather(jobs, return_exceptions=True)
        if isinstance(outcome, Exception):
            log.error("job queue broke off", reason=str(outcome))
            await asyncio.sleep(2)


async def _jobs() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            install_signal_handlers=False,
            listen_notify=True,
            shutdown_graceful_timeout=JOIN_SECONDS,
        )


if __name__ == "__main__":
    sys.exit(main())
