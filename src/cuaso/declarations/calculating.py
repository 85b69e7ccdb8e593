"""What a procedure says about one dossier: papers, limit, due moment, fees, validity. All pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cuaso.declarations import expressions
from cuaso.declarations.expressions import Undecided
from cuaso.declarations.forms import Form
from cuaso.declarations.forms.schema import ITEM
from cuaso.declarations.law import DatedValue
from cuaso.declarations.procedures import (
    Component,
    Exemption,
    Fee,
    LimitCase,
    Procedure,
    TimeLimit,
)
from cuaso.kernel.clock import legal_date
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.money import format_vnd, parse_vnd
from cuaso.kernel.periods import add_months
from cuaso.kernel.working_time import Calendar, Deadline, deadline


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The time limit of one channel on one day, with its source; `case` says which case of the
    procedure it is, `""` for the usual one.
    """

    duration: Duration
    cut_off: time | None
    source: str
    unverified: bool
    note: str
    case: str = ""
    case_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a dossier is due, why then, and by which law."""

    deadline: Deadline
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A paper that this dossier is asked for; `required` when it must be there."""

    id: str
    component: Component
    required: bool


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One fee: `exempted` names the ground when nothing is due."""

    id: str
    title: str
    kind: str
    amount_vnd: int
    say: str
    exempted: str
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class FeeQuote:
    lines: tuple[FeeLine, ...]

    @property
    def total_vnd(self) -> int:
        return sum(line.amount_vnd for line in self.lines)


def limit(
    procedure: Procedure, *, on: date, channel: str, values: Mapping[str, object] | None = None
) -> Limit | None:
    """Return the limit of a channel on a legal day, None when the law gives none.

    `values`, answers of a Cleaned form, choose among the cases; without them it is the usual one.
    """
    found = procedure.time_limit.find(on)
    if found is None:
        return None
    return _limit(
        found, _case(procedure, found.value, values, on=on, channel=channel), channel=channel
    )


def limits(procedure: Procedure, *, on: date, channel: str) -> tuple[Limit, ...]:
    """Return every limit of a channel on a legal day: the usual one first, then the cases."""
    found = procedure.time_limit.find(on)
    if found is None:
        return ()
    every = (_limit(found, case, channel=channel) for case in (None, *found.value.cases))
    return tuple(one for one in every if one is not None)


def _limit(found: DatedValue[TimeLimit], case: LimitCase | None, *, channel: str) -> Limit | None:
    duration = (case or found.value).of(channel)
    if duration is None:
        return None
    return Limit(
        duration=duration,
        cut_off=found.value.cut_off,
        source=found.source,
        unverified=found.unverified,
        note=found.note,
        case=case.say if case else "",
        case_en=case.say_en if case else "",
    )


def _case(
    procedure: Procedure,
    limits: TimeLimit,
    values: Mapping[str, object] | None,
    *,
    on: date,
    channel: str,
) -> LimitCase | None:
    if values is None:
        return None
    bound = _bound(values, on=on, channel=channel)
    met = (
        case
        for case in limits.cases
        if case.of(channel) is not None and _asked(procedure.form, case.when, bound)
    )
    return next(met, None)


def due(
    procedure: Procedure,
    *,
    received_at: datetime,
    channel: str,
    calendar: Calendar,
    values: Mapping[str, object] | None = None,
) -> Due | None:
    """Return when a dossier received at an aware moment is due, None without a limit in law."""
    found = limit(procedure, on=legal_date(received_at), channel=channel, values=values)
    if found is None:
        return None
    reckoned = deadline(received_at, found.duration, calendar, cut_off=found.cut_off)
    return Due(deadline=reckoned, limit=found)


def papers(
    procedure: Procedure, values: Mapping[str, object], *, on: date, channel: str
) -> tuple[Needed, ...]:
    """Return the papers that these answers call for; `values` are those of a Cleaned form."""
    bound = _bound(values, on=on, channel=channel)
    needed = [
        Needed(id=name, component=one, required=_asked(procedure.form, one.required, bound))
        for name, one in procedure.components_on(on).items()
        if (not one.channels or channel in one.channels)
        and (not one.when or _asked(procedure.form, one.when, bound))
    ]
    return tuple(needed)


def fees(procedure: Procedure, values: Mapping[str, object], *, on: date, channel: str) -> FeeQuote:
    """Return what is due on a legal day; raise Undecided when the answers do not allow to tell."""
    bound = _bound(values, on=on, channel=channel)
    return FeeQuote(lines=tuple(_fee_lines(procedure, bound, on)))


def valid_until(procedure: Procedure, *, issued: date) -> date | None:
    """Return the last day on which a result issued that day is good, None when it never ends."""
    validity = procedure.result.validity
    found = validity.find(issued) if validity else None
    if found is None:
        return None
    lasting = found.value
    if lasting.unit == "day":
        return issued + timedelta(days=lasting.amount)
    months = lasting.amount * (12 if lasting.unit == "year" else 1)
    return add_months(issued, months)


def fee_expression(form: Form, fee: Fee, text: str) -> expressions.Expression | None:
    """Return the compiled formula of a fee, None when the text is a plain amount of đồng."""
    return None if _amount(text) is not None else form.expression(text, section=fee.per)


def _fee_lines(procedure: Procedure, bound: Mapping[str, object], on: date) -> Iterator[FeeLine]:
    for name, fee in procedure.fees.items():
        found = fee.amount.find(on)
        if found is None:
            continue
        ground = _exemption(procedure.form, fee, bound)
        due_vnd = 0 if ground else _charge(procedure.form, fee, found.value, bound)
        yield FeeLine(
            id=name,
            title=fee.title,
            kind=fee.kind,
            amount_vnd=due_vnd,
            say=fee.say or format_vnd(due_vnd),
            exempted=ground.title if ground else "",
            source=found.source,
            unverified=found.unverified,
        )


def _exemption(form: Form, fee: Fee, bound: Mapping[str, object]) -> Exemption | None:
    granted = (one for one in fee.exempt if one.when and _asked(form, one.when, bound))
    return next(granted, None)


def _charge(form: Form, fee: Fee, text: str, bound: Mapping[str, object]) -> int:
    fixed = _amount(text)
    formula = fee_expression(form, fee, text)
    if not fee.per:
        return (fixed or 0) if formula is None else _whole(formula.evaluate(bound), text)
    listed = bound.get(fee.per)
    rows: list[Any] = listed if isinstance(listed, list) else []
    if formula is None:
        return (fixed or 0) * len(rows)
    return sum(_whole(formula.evaluate({**bound, ITEM: row}), text) for row in rows)


def _whole(amount: object, text: str) -> int:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise Undecided(
            f"Công thức phí “{text}” không cho một số đồng.", "Hãy sửa công thức trong khai báo."
        )
    return amount


def _amount(text: str) -> int | None:
    try:
        return parse_vnd(text)
    except Invalid:
        return None


def _asked(form: Form, condition: bool | str, bound: Mapping[str, object]) -> bool:  # noqa: FBT001
    if isinstance(condition, bool):
        return condition
    return form.expression(condition).holds(bound, unknown=False)


def _bound(values: Mapping[str, object], *, on: date, channel: str) -> Mapping[str, object]:
    return {"today": on, "channel": channel, **values}
