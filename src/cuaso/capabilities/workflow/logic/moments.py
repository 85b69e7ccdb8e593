"""When a timer of a drawing is due."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cuaso.capabilities.workflow.logic.diagram import Timer
from cuaso.capabilities.workflow.logic.language import compiled, evaluate
from cuaso.foundation.directory import api as directory
from cuaso.kernel.clock import VIETNAM, legal_date
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.periods import add_months
from cuaso.kernel.working_time import deadline

_ISO = re.compile(
    r"P(?=\d|T\d)(?:(?P<years>\d{1,2})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,3})W)?"
    r"(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?",
    re.ASCII,
)
_WORDS = re.compile(r"\d{1,4} \D+|(ngay )?trong ngày( làm việc)?", re.IGNORECASE)


def check_text(timer: Timer) -> None:
    """Raise Invalid when the text is neither a literal nor an expression."""
    if _literal(timer.text, start=None) is None:
        compiled(timer.text)


def due_moment(timer: Timer, *, data: Mapping[str, object], start: datetime) -> datetime:
    """Return the aware UTC moment; raise Invalid when the text or its value is none."""
    literal = _literal(timer.text, start=start)
    if literal is not None:
        return literal
    value = evaluate(timer.text, data)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if isinstance(value, timedelta):
        return start + value
    computed = _literal(value, start=start) if isinstance(value, str) else None
    if computed is None:
        raise Invalid(
            code="workflow.timer_value",
            what=f"Hẹn giờ “{timer.text}” cho giá trị không phải thời điểm hay khoảng thời gian.",
            mend="Giá trị phải là thời điểm (2025-07-01T17:00:00+07:00), P5D, "
            "hoặc “5 ngày làm việc”.",
        )
    return computed


def _literal(text: str, *, start: datetime | None) -> datetime | None:
    """Return the moment that plain words say, None when they are no literal.

    Without a start any moment stands for "it is a literal".
    """
    begin = start or datetime(2025, 1, 1, tzinfo=UTC)
    if found := _ISO.fullmatch(text):
        return _after(begin, {key: int(value or 0) for key, value in found.groupdict().items()})
    if _WORDS.fullmatch(text):
        lasting = Duration.parse(text)
        if start is None:
            return begin
        calendar = directory.working_calendar(on=legal_date(start))
        return deadline(start, lasting, calendar).due_at
    if re.match(r"\d{4}-\d{2}-\d{2}", text):
        return _moment(text)
    return None


def _after(start: datetime, parts: Mapping[str, int]) -> datetime:
    local = start.astimezone(VIETNAM)
    day = add_months(local.date(), 12 * parts["years"] + parts["months"])
    moved = datetime.combine(day, local.timetz())
    clock = {name: parts[name] for name in ("weeks", "days", "hours", "minutes", "seconds")}
    return (moved + timedelta(**clock)).astimezone(UTC)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
