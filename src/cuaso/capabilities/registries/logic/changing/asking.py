"""What a step of status asks for: its inputs, and the answers read with the rest of the record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import type_of
from cuaso.declarations.forms.cleaned import keep
from cuaso.declarations.forms.examine import Examination, examine
from cuaso.declarations.registries import RECORD, Move
from cuaso.kernel.errors import Invalid, Problem

Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a step writes, by column, and the asked fields as expressions read them."""

    columns: dict[str, Any]
    values: dict[str, Any]


def answered(built: Built, row: Row, step: Move, given: Typed, *, reason: str = "") -> Taken:
    """Return what a step writes; raise Invalid at each field that it asks for and that is missing
    or wrong, or that makes a rule of the record fail which did not fail before.
    """
    problems = list(_unasked(step, given))
    if step.needs_reason and not reason.strip():
        problems.append(Problem(field="reason", say="Chưa ghi lý do."))
    state = _examined(built, row, step, given) if step.asks else None
    if state is not None:
        problems += _wrong(built, row, step, state)
    if problems:
        lone = len(problems) == 1 and problems[0].field == "reason"
        raise Invalid(
            code="registries.reason_missing" if lone else "registries.invalid",
            what=f"Chưa thực hiện được “{step.title}”.",
            mend="Hãy ghi lý do." if lone else "Hãy sửa các ô được chỉ ra rồi thực hiện lại.",
            problems=tuple(problems),
        )
    statuses = built.declared.statuses
    columns = {built.column(statuses.field).name: step.to} if statuses and step.to else {}
    if state is None:
        return Taken(columns=columns, values={})
    answers = {name: state.values[RECORD].get(name) for name in step.asks}
    return Taken(columns=columns | _columns(built, row, step, state), values=answers)


def _unasked(step: Move, given: Typed) -> Iterator[Problem]:
    for path in given:
        plain = path.removeprefix(f"{RECORD}.")
        if plain.partition(".")[0] not in step.asks:
            yield Problem(field=plain, say=f"Bước “{step.title}” không hỏi ô này. Hãy bỏ ô này.")


def _examined(built: Built, row: Row, step: Move, given: Typed) -> Examination:
    """Read the record as it would then be: with the new status, and the answers for the old."""
    asked = tuple(f"{RECORD}.{name}" for name in step.asks)
    present = {
        path: text
        for path, text in cleaning.edited(built, row).items()
        if not path.startswith(tuple(f"{one}." for one in asked)) and path not in asked
    }
    statuses = built.declared.statuses
    status = {f"{RECORD}.{statuses.field}": step.to} if statuses and step.to else {}
    return examine(built.declared.form, {**present, **given, **status}, values.context(built))


def _wrong(built: Built, row: Row, step: Move, state: Examination) -> Iterator[Problem]:
    plain = built.declared.plain
    found = {plain(one.field): one.say for one in state.visible_problems()}
    others = {path for path in found if path.partition(".")[0] not in step.asks}
    if others:
        before = examine(
            built.declared.form, cleaning.edited(built, row), values.context(built)
        ).visible_problems()
        known = {(plain(one.field), one.say) for one in before}
        found = {path: say for path, say in found.items() if (path, say) not in known}
    for name in step.asks:
        wrong = any(path.partition(".")[0] == name for path in found)
        if not wrong and f"{RECORD}.{name}" not in state.hidden and _missing(state, name):
            found[name] = f"Chưa điền “{built.declared.titled(name)}”."
    yield from (Problem(field=path, say=say) for path, say in found.items())


def _missing(state: Examination, name: str) -> bool:
    value = state.values[RECORD].get(name)
    if isinstance(value, Mapping):
        return all(blank(one) for one in value.values())
    return blank(value)


def _columns(built: Built, row: Row, step: Move, state: Examination) -> dict[str, Any]:
    """Return the columns of the asked fields, and what follows from them: sums, words to search.

    Sums stay where a field of the record is wrong already, since they may rest on it.
    """
    stored = values.stored(built, keep(built.declared.form, state.values))
    summed = {one.path for one in built.columns if one.one and not type_of(one.one).typed}
    fresh = {*step.asks, *(() if state.problems else summed)}
    written = {
        name: stored[name]
        for column in built.columns
        if column.path.partition(".")[0] in fresh
        for name in column.names
    }
    whole = {name: getattr(row, name) for one in built.columns for name in one.names} | written
    return written | values.derived(built, whole)
