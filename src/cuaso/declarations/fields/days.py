"""Days and moments as people type them: 05/07/2025, 5-7-2025, 05/07/2025 14:30."""

import random
import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong
from cuaso.declarations.shape import NEAR_TODAY, DayEdge, Loose
from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.periods import add_months
from cuaso.kernel.text import one_line

_PEOPLE: Final = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_WORDS: Final = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_MACHINE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME: Final = re.compile(
    r"(\d{1,2})\s*(?::|giờ|h|g)\s*(\d{2})?(?:\s*phút)?(?::\d{2})?", re.IGNORECASE
)
_OLDEST: Final = 1850
_MONTHS: Final = 12


class Day(FieldType):
    cel = "day"
    input = "date"

    def parse(self, one: Field, typed: str, context: Context) -> object:
        return between(one, read_day(one.title, one_line(typed)), context)

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        return f"{value:%d/%m/%Y}"

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return f"{value:%d/%m/%Y}"

    def store(self, value: Loose) -> Loose:
        return value.isoformat()

    def load(self, kept: Loose) -> object:
        return date.fromisoformat(kept)

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "format": "date"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:
        first, last = limits(one, context)
        last = last or context.today
        span = min((last - first).days, 20_000) if first else dice.choice((60, 3_000, 16_000))
        day = last - timedelta(days=dice.randint(0, max(span, 0)))
        return f"{day:%d/%m/%Y}"


class Moment(FieldType):
    cel = "day"
    input = "datetime-local"

    def parse(self, one: Field, typed: str, context: Context) -> object:
        text = one_line(typed).replace("T", " ")
        hour = _clock(one.title, text)
        found = _PEOPLE.search(text) or _MACHINE.search(text) or _WORDS.search(text)
        day = read_day(one.title, found[0] if found else text)
        between(one, day, context)
        return datetime.combine(day, hour, tzinfo=VIETNAM).astimezone(UTC)

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        return f"{value.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"

    def store(self, value: Loose) -> Loose:
        return value.astimezone(VIETNAM).isoformat()

    def load(self, kept: Loose) -> object:
        return datetime.fromisoformat(kept).astimezone(UTC)

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "string", "format": "date-time"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:
        last = limits(one, context)[1] or context.today
        day = last - timedelta(days=dice.randint(1, 50))
        return f"{day:%d/%m/%Y} {dice.randint(0, 23):02d}:{dice.randint(0, 59):02d}"


def read_day(title: str, text: str) -> date:
    """Read a day as people or machines write it; raise Wrong in a full sentence."""
    people = _PEOPLE.fullmatch(text) or _WORDS.fullmatch(text.lower())
    machine = _MACHINE.fullmatch(text)
    if people:
        day, month, year = (int(part) for part in people.groups())
    elif machine:
        year, month, day = (int(part) for part in machine.groups())
    else:
        raise Wrong(f"{title} phải viết ngày/tháng/năm, ví dụ 05/07/2025.")
    return _real_day(title, day, month, year)


def _real_day(title: str, day: int, month: int, year: int) -> date:
    if not 1 <= month <= _MONTHS:
        raise Wrong(f"{title} đang là tháng {month}, một năm chỉ có 12 tháng.")
    if year < _OLDEST:
        raise Wrong(f"{title} đang là năm {year}, năm phải đủ 4 chữ số và từ {_OLDEST}.")
    longest = monthrange(year, month)[1]
    if not 1 <= day <= longest:
        said = f"tháng {month}" if month != 2 else f"tháng 2 năm {year}"  # noqa: PLR2004 February
        raise Wrong(f"{title} đang là ngày {day}/{month}, {said} chỉ có {longest} ngày.")
    return date(year, month, day)


def limits(one: Field, context: Context) -> tuple[date | None, date | None]:
    """Return the first and last day that a field takes."""
    return _edge(one.not_before, context.today), _edge(one.not_after, context.today)


def _edge(written: DayEdge, today: date) -> date | None:
    near = NEAR_TODAY.fullmatch(written) if isinstance(written, str) else None
    if near is None:
        return written if isinstance(written, date) else None
    sign, count, unit = near.groups()
    steps = int(f"{sign}{count}") if sign else 0
    if unit == "ngày":
        return today + timedelta(days=steps)
    return add_months(today, steps * (_MONTHS if unit == "năm" else 1))


def between(one: Field, day: date, context: Context) -> date:
    """Return the day when it lies in the field's limits; raise Wrong."""
    first, last = limits(one, context)
    if last and day > last:
        said = "hôm nay" if one.not_after == "today" else "ngày"
        raise Wrong(f"{one.title} {day:%d/%m/%Y} không được sau {said} {last:%d/%m/%Y}.")
    if first and day < first:
        said = "hôm nay" if one.not_before == "today" else "ngày"
        raise Wrong(f"{one.title} {day:%d/%m/%Y} không được trước {said} {first:%d/%m/%Y}.")
    return day


def _clock(title: str, text: str) -> time:
    found = _TIME.search(text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (-1, 0)
    if not (0 <= hour < 24 and 0 <= minute < 60):  # noqa: PLR2004 a clock
        raise Wrong(f"{title} phải có giờ và phút, ví dụ 05/07/2025 14:30.")
    return time(hour, minute)
