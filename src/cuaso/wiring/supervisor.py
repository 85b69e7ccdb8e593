"""One supervisor starts every process of the house, mends what dies, and stops all in order."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.wiring import places
from cuaso.wiring.child import Child
from cuaso.wiring.declared import Process
from cuaso.wiring.environment import web_workers
from cuaso.wiring.journal import Journal
from cuaso.wiring.words import done, say, step

SLOW_SECONDS = 60.0
START_SECONDS = 300.0
FATAL_DEATHS = 4
WATCH_SECONDS = 3.0
LAST_WORDS_SECONDS = 5.0
LOOPBACK = "127.0.0.1"


class Supervisor:
    """The processes of one house. `watch`, called every few seconds, may mend what lies below."""

    def __init__(
        self,
        *,
        processes: Sequence[Process],
        host: str,
        first_port: int,
        environment: Mapping[str, str],
        logs: Path,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        filled = {p.name: _values(p, host=host, first_port=first_port) for p in processes}
        self.told = _told(processes, filled=filled)
        shared = {name: secrets.token_urlsafe(24) for p in processes for name in p.secrets}
        around = {**shared, **self.told, **environment}
        self._watch = watch
        self._end = asyncio.Event()
        self.children = [
            Child(
                process=process,
                values=filled[process.name],
                surroundings=around,
                journal=Journal(folder=logs, name=process.name),
            )
            for process in processes
        ]

    async def run(self, *, ready: Callable[[], None]) -> None:
        """Start all, call `ready` once everything answers, and return after an orderly stop.

        Raises Unavailable when a process cannot be started at all; everything is stopped then.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end.set)
        tasks = [asyncio.ensure_future(child.keep()) for child in self.children]
        try:
            if await self._wait_for_all():
                ready()
                await self._until_end()
        finally:
            await self._stop_all(tasks)

    @property
    def forced(self) -> tuple[str, ...]:
        """The titles of the processes that had to be killed, in the order of their start."""
        return tuple(child.process.title for child in self.children if child.forced)

    async def _wait_for_all(self) -> bool:
        began = time.monotonic()
        slow = False
        waiting = list(self.children)
        while waiting and not self._end.is_set():
            for child in waiting[:]:
                if await child.healthy():
                    done(f"{child.process.title} đã sẵn sàng")
                    waiting.remove(child)
                elif child.deaths >= FATAL_DEATHS or time.monotonic() - began > START_SECONDS:
                    raise _did_not_start(child)
            if waiting and not slow and time.monotonic() - began > SLOW_SECONDS:
                slow = True
                say(f"! {waiting[0].process.title} chưa trả lời, có thể máy đang bận; xin chờ.")
            await self._pause(0.15)
        return not self._end.is_set()

    async def _until_end(self) -> None:
        while not self._end.is_set():
            await self._pause(WATCH_SECONDS)
            if not self._end.is_set():
                await asyncio.to_thread(self._watch)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._end.wait(), seconds)

    async def _stop_all(self, tasks: Sequence[asyncio.Future[None]]) -> None:
        say()
        step("Đang dừng các tiến trình")
        for child in reversed(self.children):
            await child.stop()
        _, late = await asyncio.wait(tasks, timeout=LAST_WORDS_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for child in self.children:
            child.journal.close()


def check_ports(*, processes: Sequence[Process], host: str, first_port: int) -> None:
    """Raise Conflict when an address that a process needs is taken."""
    for process in processes:
        for offset in process.offsets:
            _check_port(process, host=host, port=first_port + offset)


def _check_port(process: Process, *, host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host if process.public else LOOPBACK, port))
        except OSError as error:
            raise _port_trouble(process=process, port=port, error=error) from error


def _values(process: Process, *, host: str, first_port: int) -> dict[str, str]:
    """Return what the braces of a process's declaration stand for."""
    return {
        "python": sys.executable,
        "host": host if process.public else LOOPBACK,
        "port": "" if process.port is None else str(first_port + process.port),
        "second_port": "" if process.second_port is None else str(first_port + process.second_port),
        "var": str(places.var()),
        "packs": str(places.packs()),
        "web_workers": str(web_workers()),
        "public_url": os.environ.get("CUASO_PUBLIC_URL", f"http://localhost:{first_port}"),
    }


def _told(
    processes: Sequence[Process], *, filled: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the addresses by which processes know each other; what was given wins over them."""
    return {
        name: template.format(**filled[process.name])
        for process in processes
        for name, template in process.tells.items()
    }


def surroundings(**more: str) -> dict[str, str]:
    """Return our environment with additions, for child processes."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", **more}


def _port_trouble(*, process: Process, port: int, error: OSError) -> Conflict:
    return Conflict(
        code="up.port_taken",
        what=f"Cổng {port} ({process.title}) không dùng được: đang có chương trình khác giữ.",
        why=str(error.strerror),
        mend=(
            "Hãy tắt chương trình ấy (xem bằng: ss -ltnp), hoặc chọn dãy cổng khác:"
            f" CUASO_PORT={port + 1000} ./cuaso up"
        ),
    )


def _did_not_start(child: Child) -> Unavailable:
    last = " · ".join(child.journal.tail(3))[:600]
    if child.deaths < FATAL_DEATHS:
        return Unavailable(
            code="up.process_silent",
            what=f"{child.process.title} chưa trả lời sau {START_SECONDS:.0f} giây.",
            why=f"Nhật ký cuối: {last}",
            mend=f"Nếu máy đang bận, hãy chạy lại ./cuaso up; nếu không, đọc {child.journal.path}.",
        )
    return Unavailable(
        code="up.process_down",
        what=f"{child.process.title} không khởi động được.",
        why=f"Nhật ký cuối: {last}",
        mend=f"Hãy đọc {child.journal.path}, sửa nguyên nhân rồi chạy lại ./cuaso up.",
    )
