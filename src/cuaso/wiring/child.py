"""One process under the supervisor: started, watched, mended, stopped."""

import asyncio
import os
import shutil
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress

from cuaso.wiring.declared import Process
from cuaso.wiring.journal import Journal
from cuaso.wiring.words import say

LINE_LIMIT = 1 << 20
STEADY_SECONDS = 60.0
LONGEST_DELAY = 8.0
STOP_SECONDS = 15.0
WATCH_SECONDS = 0.1
LOOK_SECONDS = 0.05


class Child:
    """A declared process and its present run.

    It is started in a session of its own, so that Ctrl-C reaches the supervisor alone and a
    dead parent's leftovers can be swept by group.
    """

    def __init__(
        self,
        *,
        process: Process,
        values: Mapping[str, str],
        surroundings: Mapping[str, str],
        journal: Journal,
    ) -> None:
        self.process = process
        self._values = values
        self.journal = journal
        self.deaths = 0
        self.forced = False
        self._end = asyncio.Event()
        self.run: asyncio.subprocess.Process | None = None
        self._environment = {**surroundings, "CUASO_PROCESS": process.name}

    @property
    def address(self) -> str:
        host = self._values["host"].replace("0.0.0.0", "127.0.0.1")  # noqa: S104 asked, not bound
        return f"http://{host}:{self._values['port']}"

    async def keep(self) -> None:
        """Run the process and start it again whenever it ends, until `stop` is called."""
        while not self._end.is_set():
            began = time.monotonic()
            code = await self._once()
            if self._end.is_set():
                return
            lived = time.monotonic() - began
            self.deaths = 1 if lived > STEADY_SECONDS else self.deaths + 1
            delay = min(2.0 ** (self.deaths - 1), LONGEST_DELAY)
            self._tell_death(code=code, delay=delay)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), delay)

    async def healthy(self) -> bool:
        """Tell whether the process is up and, where it has an address, answers there."""
        if self.run is None or self.run.returncode is not None:
            return False
        if self.process.port is None:
            return True
        if not self.process.health:
            host, port = self._values["host"], int(self._values["port"])
            return await asyncio.to_thread(listens, host, port)
        return await asyncio.to_thread(answers, self.address + self.process.health)

    async def stop(self) -> None:
        """Ask the process to end; after some seconds end it, and keep that in `forced`."""
        self._end.set()
        run = self.run
        if run is None or run.returncode is not None:
            return
        with suppress(ProcessLookupError):
            run.terminate()
        try:
            await asyncio.wait_for(_ended(run), STOP_SECONDS)
        except TimeoutError:
            self.forced = True
            say(f"! {self.process.title} không dừng sau {STOP_SECONDS:.0f} giây; đã buộc dừng.")
        self._sweep(run.pid)

    async def _once(self) -> int:
        read, write = os.pipe()
        try:
            self.run = await asyncio.create_subprocess_exec(
                *_die_with_parent(),
                *self._argv(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write,
                stderr=asyncio.subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        self.journal.note("process started", pid=self.run.pid)
        if self.deaths:
            say(f"✓ {self.process.title} đã chạy lại (lần {self.deaths}).")
        pump = threading.Thread(target=self._pump, args=[read], daemon=True)
        pump.start()
        code = await _ended(self.run)
        self._sweep(self.run.pid)
        while pump.is_alive():
            await asyncio.sleep(WATCH_SECONDS)
        return code

    def _pump(self, stdout: int) -> None:
        """Write down what the process says until it closes its end: what it has said since the last
        look, at once, because a look costs more than a line.
        """
        rest = b""
        with open(stdout, "rb", buffering=0) as pipe:
            while said := pipe.read(LINE_LIMIT):
                *lines, rest = (rest + said).split(b"\n")
                self.journal.lines(line.decode(errors="replace") for line in lines)
                if len(rest) > LINE_LIMIT:
                    rest = b""
                time.sleep(LOOK_SECONDS)
        if rest:
            self.journal.lines([rest.decode(errors="replace")])

    def _argv(self) -> list[str]:
        return [part.format(**self._values) for part in self.process.argv]

    def _tell_death(self, *, code: int, delay: float) -> None:
        how = f"tín hiệu {-code}" if code < 0 else f"mã {code}"
        self.journal.note("process ended", code=code, delay=delay, deaths=self.deaths)
        say(
            f"! {self.process.title} đã dừng bất ngờ ({how}); tự khởi động lại sau"
            f" {delay:.0f} giây. Nhật ký: {self.journal.path}"
        )

    @staticmethod
    def _sweep(pid: int) -> None:
        """End what a dead process left in its group, so that its port is free."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


async def _ended(run: asyncio.subprocess.Process) -> int:
    """Return the exit code as soon as the process itself is gone.

    `run.wait()` would also wait for children of it that outlived it and hold its output.
    """
    while run.returncode is None:
        await asyncio.sleep(WATCH_SECONDS)
    return run.returncode


def answers(url: str) -> bool:
    """Tell whether an address of our own answers 2xx within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 our own loopback address
            return bool(200 <= answer.status < 300)  # noqa: PLR2004 HTTP's own numbers
    except (OSError, urllib.error.URLError, ValueError):
        return False


def listens(host: str, port: int) -> bool:
    """Tell whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def _die_with_parent() -> list[str]:
    """Return the prefix that ends a process when the supervisor is killed outright (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
