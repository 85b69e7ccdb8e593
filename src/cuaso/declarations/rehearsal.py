"""Carries out the stories that need no engine: deadlines, fees, papers, right and wrong forms.

`given` of these stories: `form: {sample: <seed>, change: {path: text}}` or `form: {path: text}`;
`channel`; `on` is the moment of receipt for deadlines, the legal day for the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from cuaso.declarations import calculating
from cuaso.declarations.codes import PLACES
from cuaso.declarations.fields import CodeLists, Context, InventedRecords, Option
from cuaso.declarations.forms import flatten
from cuaso.declarations.forms.examine import examine
from cuaso.declarations.pack import Pack
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.registries import RECORD as FIELDS
from cuaso.declarations.story import Story
from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.money import format_vnd
from cuaso.kernel.working_time import vietnam_calendar

DUE: Final = "tính hạn trả"
FEE: Final = "tính phí"
FORM: Final = "kiểm tra tờ khai"
PAPERS: Final = "xem giấy tờ phải nộp"
RECORD: Final = "ghi sổ"
# Two real communes and a province, so that forms with places can be rehearsed without a directory.
PLACES_OF_REHEARSAL: Final[Mapping[str, tuple[Option, ...]]] = {
    "commune": (
        Option(code="21583", label="Phường Quy Nhơn"),
        Option(code="21952", label="Xã Tuy Phước"),
    ),
    "province": (Option(code="52", label="Gia Lai"),),
}


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """The built-in runner."""

    lists: CodeLists

    @property
    def acts(self) -> frozenset[str]:
        return frozenset({*_ACTS, RECORD})

    def run(self, story: Story, pack: Pack) -> Mapping[str, object]:
        """Return what the story's acts give, later acts over earlier ones."""
        found: dict[str, object] = {}
        if story.acts == (RECORD,):
            return _record(self, story, pack)
        for act in story.acts:
            found |= _ACTS[act](self, story, _procedure(story, pack))
        return found

    def context(self, story: Story) -> Context:
        """Return the context in which the story's form is read."""
        names = {"channel": _channel(story), "capacity": story.given.get("capacity", "citizen")}
        records = InventedRecords()
        return Context(today=_day(story), lists=self.lists, records=records, names=names)


def rehearsal_places() -> Mapping[str, tuple[Option, ...]]:
    """Return the places that rehearsals know, by level."""
    return {level: PLACES_OF_REHEARSAL[level] for level in PLACES}


def _record(runner: Rehearsal, story: Story, pack: Pack) -> dict[str, object]:
    """Try to write one record: `given: {record: {…}}` or `{sample: seed, change: {…}}`."""
    registry = pack.registries.get(story.registry or "")
    if registry is None:
        raise Invalid(
            code="stories.no_registry",
            what=f"Gói {pack.id} không có sổ “{story.registry}”.",
            mend="Hãy sửa mục registry của ví dụ.",
        )
    context, given = runner.context(story), story.given
    changed = registry.placed(given.get("change", given.get("record", {})))
    sampled = "sample" in given
    texts = registry.form.sample(context, seed=int(given["sample"])) if sampled else {}
    problems: tuple[Problem, ...] = ()
    kept: Mapping[str, object] = {}
    try:
        cleaned = registry.form.clean({**texts, **flatten(changed)}, context, strict=True)
        kept = {**cleaned.values[FIELDS]}
    except Invalid as refusal:
        problems = refusal.problems
    told = {registry.plain(problem.field): problem.say for problem in problems}
    return {"valid": not problems, "problems": told, "fields": list(told), "kept": kept}


def _due(runner: Rehearsal, story: Story, procedure: Procedure) -> dict[str, object]:
    moment = _moment(story)
    calendar = vietnam_calendar(range(moment.year - 1, moment.year + 3))
    state = examine(procedure.form, _texts(runner, story, procedure), runner.context(story))
    due = calculating.due(
        procedure,
        received_at=moment,
        channel=_channel(story),
        calendar=calendar,
        values=state.values,
    )
    if due is None:
        return {"due": "không có"}
    local = due.deadline.due_at.astimezone(VIETNAM)
    return {
        "due": f"{local:%Y-%m-%d %H:%M}",
        "limit": str(due.limit.duration),
        "case": due.limit.case,
        "source": due.limit.source,
        "unverified": due.limit.unverified,
    }


def _fee(runner: Rehearsal, story: Story, procedure: Procedure) -> dict[str, object]:
    state = examine(procedure.form, _texts(runner, story, procedure), runner.context(story))
    quote = calculating.fees(procedure, state.values, on=_day(story), channel=_channel(story))
    return {
        "total": format_vnd(quote.total_vnd),
        "fees": {line.id: format_vnd(line.amount_vnd) for line in quote.lines},
        "exempted": [line.exempted for line in quote.lines if line.exempted],
    }


def _form(runner: Rehearsal, story: Story, procedure: Procedure) -> dict[str, object]:
    texts = _texts(runner, story, procedure)
    problems: tuple[Problem, ...] = ()
    try:
        procedure.form.clean(texts, runner.context(story), strict=True)
    except Invalid as refusal:
        problems = refusal.problems
    return {
        "valid": not problems,
        "problems": {problem.field: problem.say for problem in problems},
        "fields": [problem.field for problem in problems],
    }


def _papers(runner: Rehearsal, story: Story, procedure: Procedure) -> dict[str, object]:
    state = examine(procedure.form, _texts(runner, story, procedure), runner.context(story))
    found = calculating.papers(procedure, state.values, on=_day(story), channel=_channel(story))
    return {
        "papers": [one.id for one in found],
        "required": [one.id for one in found if one.required],
    }


_ACTS: Final[Mapping[str, Callable[[Rehearsal, Story, Procedure], dict[str, object]]]] = {
    DUE: _due,
    FEE: _fee,
    FORM: _form,
    PAPERS: _papers,
}


def _procedure(story: Story, pack: Pack) -> Procedure:
    found = pack.procedures.get(story.procedure or "")
    if found is None:
        raise Invalid(
            code="stories.no_procedure",
            what=f"Gói {pack.id} không có thủ tục “{story.procedure}”.",
            mend="Hãy sửa mục procedure của ví dụ.",
        )
    return found


def _texts(runner: Rehearsal, story: Story, procedure: Procedure) -> dict[str, str | list[str]]:
    given: Any = story.given.get("form", {})
    if not isinstance(given, Mapping):
        return {}
    if "sample" not in given:
        return flatten(given)
    texts = procedure.form.sample(runner.context(story), seed=int(given["sample"]))
    return texts | flatten(given.get("change", {}))


def _channel(story: Story) -> str:
    return str(story.given.get("channel", "online"))


def _day(story: Story) -> date:
    return date.fromisoformat(story.on[:10])


def _moment(story: Story) -> datetime:
    hour = time.fromisoformat(story.on[11:]) if len(story.on) > len("2026-03-02") else time(8)
    return datetime.combine(_day(story), hour, tzinfo=VIETNAM)
