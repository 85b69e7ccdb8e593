"""Parts of one work run beside each other; what a part said is told whole when it ends."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock

from cuaso.wiring import places
from cuaso.wiring.words import done, say, step

NOT_BEGUN = -1


@dataclass(frozen=True, kw_only=True)
class Part:
    """One command in surroundings of its own, run at the root of the house.

    after: the part that must have ended well before this one begins. ready: called just before
    the command. stops: nothing new begins once this part has failed.
    """

    name: str
    command: Sequence[str]
    surroundings: Mapping[str, str]
    after: str = ""
    ready: Callable[[], object] = lambda: None
    stops: bool = True


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a part ended: its exit code (`NOT_BEGUN` after another's failure) and all it said."""

    name: str
    code: int
    said: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.code not in (0, NOT_BEGUN)


@dataclass(kw_only=True)
class Row:
    """Hands that take the parts in the order given, `at_once` of them at a time.

    folder: where a part's words are kept until it ends.
    """

    folder: Path
    at_once: int
    _parts: dict[str, Future[Outcome]] = field(default_factory=dict)
    _processes: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _telling: Lock = field(default_factory=Lock)
    _stopped: bool = False

    def run(self, parts: Sequence[Part]) -> list[Outcome]:
        """Run the parts; return their outcomes in the order in which they ended.

        After the failure of a part that stops the others nothing new begins, and what runs goes
        on to its end. When this process is interrupted, so is what runs.
        """
        with ThreadPoolExecutor(self.at_once) as hands:
            try:
                for part in parts:
                    self._parts[part.name] = hands.submit(self._do, part)
                return [self._told(one.result()) for one in as_completed(self._parts.values())]
            except BaseException:
                self._interrupt()
                raise

    def _do(self, part: Part) -> Outcome:
        before = self._parts[part.after].result().code if part.after else 0
        if self._stopped or before:
            return Outcome(name=part.name, code=NOT_BEGUN)
        with self._telling:
            step(part.name)
        began = time.monotonic()
        part.ready()
        code, said = self._command(part)
        if code and part.stops:
            self._stopped = True
        return Outcome(name=part.name, code=code, said=said, seconds=time.monotonic() - began)

    def _command(self, part: Part) -> tuple[int, str]:
        with TemporaryFile(dir=self.folder) as file:
            process = subprocess.Popen(  # noqa: S603
                part.command,
                cwd=places.ROOT,
                env=part.surroundings,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            self._processes.add(process)
            code = process.wait()
            self._processes.discard(process)
            file.seek(0)
            return code, file.read().decode(errors="replace").rstrip()

    def _told(self, outcome: Outcome) -> Outcome:
        if outcome.code != NOT_BEGUN:
            with self._telling:
                took = f"{outcome.name}: {outcome.seconds:.1f} giây"
                if outcome.failed:
                    say(f"✗ {took} (mã {outcome.code})")
                else:
                    done(took)
                if outcome.said:
                    say(outcome.said)
        return outcome

    def _interrupt(self) -> None:
        self._stopped = True
        for process in tuple(self._processes):
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
