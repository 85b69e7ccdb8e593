"""How long what was removed rests in the bin, and how long its history is kept."""

from datetime import date, datetime, time, timedelta
from typing import Final

from cuaso.declarations.registries import Registry
from cuaso.kernel import clock
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.periods import add_months

USUAL: Final = Duration(90, "day")
_MONTHS: Final = {"month": 1, "year": 12}
# A term in working days is never counted short: five of them may take two weeks.
_DAYS: Final = {"day": 1, "working_day": 3, "working_hour": 1}


def bin_term(declared: Registry) -> Duration:
    """Return how long removed records and fields rest in the bin: 90 days unless declared."""
    return declared.retention.bin or USUAL


def keep_term(declared: Registry) -> Duration | None:
    """Return how long records are kept, None for ever; what nobody can read is for ever too."""
    try:
        return Duration.parse(declared.retention.keep)
    except Invalid:
        return None


def last_day(since: datetime, term: Duration) -> date:
    """Return the last legal day of a term that begins at a moment."""
    day = clock.legal_date(since)
    if term.unit in _MONTHS:
        return add_months(day, term.amount * _MONTHS[term.unit])
    return day + timedelta(days=term.amount * _DAYS[term.unit] + (term.unit != "day") * 14)


def goes(since: datetime, term: Duration) -> date:
    """Return the first day on which what rests since a moment may go."""
    return last_day(since, term) + timedelta(days=1)


def over(since: datetime, term: Duration) -> bool:
    """Say whether a term is over today."""
    return clock.today() >= goes(since, term)


def ended_before(term: Duration) -> datetime:
    """Return a moment: the term of what rests since before it is over today."""
    day = clock.today()
    if term.unit in _MONTHS:
        first = add_months(day, -term.amount * _MONTHS[term.unit])
    else:
        first = day - (last_day(clock.now(), term) - day)
    return datetime.combine(first - timedelta(days=1), time.min, tzinfo=clock.VIETNAM)
