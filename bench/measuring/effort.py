"""Who worked while something was measured: CPU seconds and memory of the house's processes."""

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from cuaso.wiring.processes import PROCESSES
from cuaso.wiring.running_house import RunningHouse

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
DATABASE = "postgresql"
SUPERVISOR = "up"
OURSELVES = "this client"
SPARE = 0.15
FAIR = 0.8
LEAST_MS = 0.005
SAMPLE_SECONDS = 0.5


@dataclass
class Effort:
    """CPU seconds by process while the block lasted; `elapsed` is its length in seconds."""

    cores: int
    elapsed: float = 0.0
    machine_busy: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)

    def told(self, times: int) -> dict[str, object]:
        """Return CPU milliseconds for each of `times` things done, and the machine's business."""
        each = {
            name: round(spent * 1000 / max(times, 1), 2)
            for name, spent in self.seconds.items()
            if spent * 1000 > times * LEAST_MS
        }
        return {
            "cpu_ms_each": each,
            "machine_busy_percent": round(100 * self.machine_busy),
            "ours_percent": round(100 * sum(self.seconds.values()) / self.elapsed / self.cores),
            "limit": self.limit(),
        }

    def limit(self) -> str:
        """Say what held the measurement back, from who worked."""
        share = {name: spent / max(self.elapsed, 1e-9) for name, spent in self.seconds.items()}
        most = max(share, key=lambda name: share[name], default="")
        if self.machine_busy > 1 - SPARE:
            mine = sum(share.values()) / (self.cores * self.machine_busy)
            others = (
                " others kept it busy: measure again on a quiet machine;" if mine < FAIR else ""
            )
            return (
                f"the machine's {self.cores} cores are full;{others} {most} takes the largest share"
                f" of ours ({share[most]:.2f} core)"
            )
        if most and share[most] > 1 - SPARE:
            return f"one core: {most} works on one at a time ({share[most]:.2f} core)"
        return "waiting (locks, disk, a remote answer), not the processor"


@contextmanager
def watched(house: RunningHouse, *, also: Mapping[str, int] | None = None) -> Iterator[Effort]:
    """Measure who works during the block; `also` names more processes by their number."""
    found = Effort(cores=os.cpu_count() or 1)
    busy, began = _machine(), time.perf_counter()
    sampler = Sampler(house, {number: name for name, number in (also or {}).items()})
    sampler.start()
    try:
        yield found
    finally:
        sampler.end.set()
        sampler.join()
    found.elapsed = time.perf_counter() - began
    worked, all_time = (now - then for now, then in zip(_machine(), busy, strict=True))
    found.machine_busy = worked / max(all_time, 1)
    found.seconds = sampler.seconds()


class Sampler(threading.Thread):
    """Looks every so often, so that a backend which ends before the block does is counted too."""

    def __init__(self, house: RunningHouse, also: Mapping[int, str]) -> None:
        super().__init__(daemon=True)
        self.end = threading.Event()
        self._house, self._also = house, also
        self._first = _spent({**members(house), **also})
        self._last = dict(self._first)

    def run(self) -> None:
        while not self.end.wait(SAMPLE_SECONDS):
            self._look()
        self._look()

    def _look(self) -> None:
        self._last |= _spent({**members(self._house), **self._also})

    def seconds(self) -> dict[str, float]:
        """Return CPU seconds by name; who was born on the way counts whole, but for `also`."""
        spent: dict[str, float] = {}
        for number, (name, until_now) in self._last.items():
            earlier = self._first.get(number, (name, 0.0))[1]
            spent[name] = spent.get(name, 0.0) + until_now - earlier
        return spent


def members(house: RunningHouse) -> dict[int, str]:
    """Return every process of the house by its number: the supervisor, its children, PostgreSQL."""
    children = _children()
    named = {house.process.pid: SUPERVISOR}
    always = (process.name for process in PROCESSES if not process.wanted_by)
    for name in always:
        for number in _family(_last_start(house, name), children):
            named[number] = name
    for number in _family(house.process.pid, children):
        named.setdefault(number, SUPERVISOR)
    return {**named, **dict.fromkeys(_postgresql(house), DATABASE), os.getpid(): OURSELVES}


def memory(number: int) -> int:
    """Return a process's own share of memory (PSS) in bytes; 0 when it has ended."""
    with suppress(OSError, StopIteration):
        lines = (PROC / str(number) / "smaps_rollup").read_text().splitlines()
        line = next(line for line in lines if line.startswith("Pss:"))
        return int(line.split()[1]) * 1024
    return 0


def _last_start(house: RunningHouse, name: str) -> int:
    notes = [json.loads(line) for line in house.log(name).splitlines() if "process started" in line]
    return int(notes[-1]["pid"])


def _postgresql(house: RunningHouse) -> Iterator[int]:
    """Yield the server's processes, without backends that serve other databases or us."""
    with psycopg.connect(house.owner_url) as owner:
        row = owner.execute("select pg_read_file('postmaster.pid')").fetchone()
        rows = owner.execute(
            "select pid from pg_stat_activity where pid <> pg_backend_pid()"
            " and (datname = current_database() or backend_type not in ('client backend',"
            " 'autovacuum worker', 'parallel worker'))"
        ).fetchall()
    if row is not None:
        yield int(str(row[0]).split("\n", maxsplit=1)[0])
    yield from (int(number) for (number,) in rows)


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            found.setdefault(parent, []).append(int(stat.parent.name))
    return found


def _family(number: int, children: Mapping[int, list[int]]) -> list[int]:
    found, waiting = [], [number]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(children.get(one, []))
    return found


def _spent(people: Mapping[int, str]) -> dict[int, tuple[str, float]]:
    found = {}
    for number, name in people.items():
        with suppress(OSError):
            words = (PROC / str(number) / "stat").read_text().rsplit(")", 1)[1].split()
            found[number] = (name, (int(words[11]) + int(words[12])) / TICKS)
    return found


def _machine() -> tuple[int, int]:
    """Return ticks worked and ticks in all, of every core since the start."""
    first = (PROC / "stat").read_text().split("\n", maxsplit=1)[0]
    ticks = [int(word) for word in first.split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)
