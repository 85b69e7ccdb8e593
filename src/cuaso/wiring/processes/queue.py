"""Background jobs from the PostgreSQL queue, until asked to stop."""

import asyncio
import signal
from collections.abc import Callable

import structlog
from procrastinate.contrib.django import app

JOBS_AT_ONCE = 4
GRACE_SECONDS = 5.0

log = structlog.get_logger("cuaso.worker")


async def run_jobs(*, stopping: Callable[[], None] = lambda: None) -> None:
    """Run jobs until SIGTERM or SIGINT; when the queue's connection breaks, start it again.

    `stopping` is called when the signal comes, before the jobs in hand are waited for.
    """
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        stopping()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
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
    connected = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with connected.open_async():
        await connected.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            install_signal_handlers=False,
            listen_notify=True,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
