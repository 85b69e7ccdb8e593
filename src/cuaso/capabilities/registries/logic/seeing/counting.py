"""How many records a list holds: counted up to a cap, and no longer than a page may take."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import walking
from cuaso.capabilities.registries.logic.seeing.statements import Part
from cuaso.kernel import clock
from cuaso.kernel.remembering import Memory

COUNTED: Final = 1000
# What is said of a number that could not be told in time.
UNTOLD: Final = -1
# So many are counted once, and a minute brings no fewer than the cap.
SURELY: Final = 2 * COUNTED
COUNT_MS: Final = 400
READ_ON: Final = (
    "select set_config('enable_bitmapscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
_FOR_A_MINUTE: Final = Memory(stamp=lambda: f"{clock.now():%d %H:%M}")


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many records there are, as `capped` says it; and which, where they are few."""

    number: int | None
    ids: tuple[UUID, ...] | None = None


class _FewerError(Exception):
    """So few were met that nothing is remembered of it."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self.found = found


def in_time(setting: str = READ_ON) -> AbstractContextManager[None]:
    """Let the counts of this block take as long as a page may; raise OutOfTimeError."""
    return walking.in_time(COUNT_MS, setting)


@_FOR_A_MINUTE.keep
def carried_by_many(ranges: str, codes: tuple[str, ...]) -> frozenset[str]:
    """Return the values that twice the cap of records and more carry.

    ranges: what counts some values so far, each as its place, the value and the number.
    """
    counted = walking.asked(ranges, [list(codes)])
    return frozenset(code for _place, code, number in counted if number > SURELY)


def capped(table: str, where: Part, setting: str) -> int | None:
    """Return how many rows meet a condition by the way that is set; None for more than 1,000,
    UNTOLD where counting them would take too long.
    """
    return _met(table, where, setting, _counted).number


def named(table: str, where: Part, setting: str) -> Found:
    """Return how many rows meet a condition, and which: counted as `capped` does."""
    return _met(table, where, setting, _ids)


def _met(table: str, where: Part, setting: str, ask: Callable[[str, Part], Found]) -> Found:
    try:
        return _surely_more(table, where, setting, ask)
    except _FewerError as fewer:
        return fewer.found


@_FOR_A_MINUTE.keep
def _surely_more(table: str, where: Part, setting: str, ask: Callable[[str, Part], Found]) -> Found:
    """Return that twice the cap meets the condition, or that it takes too long to know; raise what
    was counted if neither.
    """
    try:
        with walking.in_time(COUNT_MS, setting):
            found = ask(table, where)
    except walking.OutOfTimeError:
        return Found(number=UNTOLD)
    number = found.number or 0
    if number <= COUNTED:
        raise _FewerError(found)
    if number <= SURELY:
        raise _FewerError(Found(number=None))
    return Found(number=None)


def _counted(table: str, where: Part) -> Found:
    inner = _few("1", table, where)
    rows = walking.asked(f"select count(*) from ({inner}) few", where.given)  # noqa: S608 our own names
    return Found(number=int(rows[0][0]))


def _ids(table: str, where: Part) -> Found:
    ids = tuple(row[0] for row in walking.asked(_few("row_id", table, where), where.given))
    return Found(number=len(ids), ids=ids)


def _few(shown: str, table: str, where: Part) -> str:
    return f'select {shown} from "{table}" where {where.text or "true"} limit {SURELY + 1}'  # noqa: S608 our own names
