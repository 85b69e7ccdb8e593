"""How long each phase of an import takes: functions of the house are watched while they run."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from itertools import islice
from typing import Any, Final

from cuaso.capabilities.registries.logic.exchanging.formats import csv_in, xlsx_in
from cuaso.capabilities.registries.logic.exchanging.values import columnwise, judging
from cuaso.capabilities.registries.logic.exchanging.writing import bringing, copying, loading

# Of our own work the processor's time is told, of the database's the time on the wall.
OURS, THEIRS = 0, 1
# One line of so many is timed for all of them: to time every one costs as much as to read it.
EACH: Final = 20
_WATCHED: Final[tuple[tuple[object, str, str, int], ...]] = (
    (columnwise.Columnwise, "read_new", "clean", OURS),
    (columnwise.Columnwise, "read_beside", "clean", OURS),
    (judging.Judging, "judge", "rules", OURS),
    (bringing.Bringing, "_looked_at", "one_by_one", OURS),
    (loading, "standing", "look_up", THEIRS),
    (loading, "present", "look_up", THEIRS),
    (loading, "same", "compare", THEIRS),
    (loading, "insert", "write", OURS),
    (loading, "update", "change_with_history", THEIRS),
    (copying.Copies, "wait", "wait_for_database", THEIRS),
    (copying, "_send_all", "database_takes_in_meanwhile", THEIRS),
)


class Phases:
    """Seconds by phase, each without the phases that it holds."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._inside = threading.local()
        for owner, name, phase, whose in _WATCHED:
            setattr(owner, name, self._watched(getattr(owner, name), phase, whose))
        for reader in (csv_in, xlsx_in):
            setattr(reader, "_lines", self._read(getattr(reader, "_lines")))  # noqa: B009, B010

    def take(self, rows: int) -> Mapping[str, float]:
        """Return microseconds a row of each phase since the last time."""
        spent, self._spent = self._spent, defaultdict(float)
        longest_first = sorted(spent.items(), key=lambda one: -one[1])
        return {phase: round(seconds / rows * 1e6, 1) for phase, seconds in longest_first}

    def _watched(self, act: Callable[..., Any], phase: str, whose: int) -> Callable[..., Any]:
        def run(*given: object, **named: object) -> object:
            outer = getattr(self._inside, "seconds", (0.0, 0.0))
            self._inside.seconds = (0.0, 0.0)
            began = _now()
            try:
                return act(*given, **named)
            finally:
                took = tuple(map(float.__sub__, _now(), began))
                self._spent[phase] += took[whose] - self._inside.seconds[whose]
                self._inside.seconds = tuple(map(float.__add__, outer, took))

        return run

    def _read(self, lines: Callable[..., Generator[Any, None, None]]) -> Callable[..., Any]:
        def run(*given: object) -> Generator[object, None, None]:
            walk = lines(*given)
            while True:
                began = time.thread_time()
                line = next(walk, None)
                self._spent["read"] += (time.thread_time() - began) * EACH
                if line is None:
                    return
                yield line
                yield from islice(walk, EACH - 1)

        return run


def _now() -> tuple[float, float]:
    return time.thread_time(), time.perf_counter()
