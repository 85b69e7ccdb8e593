"""How many records a list holds: counted up to a cap, and no longer than a page may take."""

from contextlib import AbstractContextManager, suppress
from typing import Any, Final

from cuaso.capabilities.registries.logic.seeing import search, walking
from cuaso.capabilities.registries.logic.seeing.statements import Part
from cuaso.kernel import clock
from cuaso.kernel.remembering import Memory

COUNTED: Final = 1000
# What is said of a number that could not be told in time.
UNTOLD: Final = -1
# So many are counted once, and a minute brings no fewer than the cap.
SURELY: Final = 2 * COUNTED
# Of a value that PostgreSQL expects so often, more than the cap were counted.
CARRIED: Final = 20 * COUNTED
COUNT_MS: Final = 400
READ_ON: Final = (
    "select set_config('enable_bitmapscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
_FOR_A_MINUTE: Final = Memory(stamp=lambda: f"{clock.now():%d %H:%M}")


class _FewerError(Exception):
    """So many were counted that nothing is remembered of it."""

    def __init__(self, number: int | None) -> None:
        super().__init__(number)
        self.number = number


def in_time(setting: str = READ_ON) -> AbstractContextManager[None]:
    """Let the counts of this block take as long as a page may; raise OutOfTimeError."""
    return walking.in_time(COUNT_MS, setting)


@_FOR_A_MINUTE.keep
def carried_by_many(
    table: str, carries: str, ranges: str, codes: tuple[str, ...]
) -> frozenset[str]:
    """Return the values that far more than 1,000 records of a table carry.

    carries: the condition that a record carries a value. ranges: what counts some values up to
    the cap, each as its place, the value and the number.
    """
    counted = walking.asked(ranges, [list(codes)])
    full = (code for _place, code, number in counted if number > COUNTED)
    return frozenset(
        code
        for code in full
        if search.expected(table, Part(text=carries, given=(code,))) >= CARRIED
    )


def capped(table: str, where: Part, setting: str) -> int | None:
    """Return how many rows meet a condition by the way that is set; None for more than 1,000,
    UNTOLD where counting them would take too long.
    """
    try:
        _surely_more(table, where, setting)
    except _FewerError as fewer:
        return fewer.number
    return None


@_FOR_A_MINUTE.keep
def _surely_more(table: str, where: Part, setting: str) -> None:
    """Return when twice the cap meets the condition; raise what was counted if not."""
    number = UNTOLD
    with suppress(walking.OutOfTimeError), walking.in_time(COUNT_MS, setting):
        number = _number(table, where)
    if number <= COUNTED:
        raise _FewerError(number)
    if number <= SURELY:
        raise _FewerError(None)


def _number(table: str, where: Part) -> int:
    inner = f"{_few(table, where)} limit {SURELY + 1}"
    rows: list[tuple[Any, ...]] = walking.asked(f"select count(*) from ({inner}) few", where.given)  # noqa: S608 our own names
    return int(rows[0][0])


def _few(table: str, where: Part) -> str:
    return f'select 1 from "{table}" where {where.text or "true"}'  # noqa: S608 our own names
