"""The one clock of the house: moments are aware UTC, legal days are days in Vietnam."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_fixed: ContextVar[datetime | None] = ContextVar("cuaso_fixed_moment", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)  # noqa: TID251 the clock itself


def legal_date(moment: datetime) -> date:
    """Return the day in Vietnam on which an aware moment falls."""
    return moment.astimezone(VIETNAM).date()


def today() -> date:
    """Return the present legal day in Vietnam."""
    return legal_date(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment: for tests, stories and demonstration data."""
    if moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
