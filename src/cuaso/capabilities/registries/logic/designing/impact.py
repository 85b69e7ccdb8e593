"""What a version would do before it does it: records that would fail, and what would break."""

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.designing import breaks, types, versions
from cuaso.capabilities.registries.logic.designing.shapes import FailingLine, Impact
from cuaso.capabilities.registries.logic.storing import sets, turning, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.fields import Context, type_of
from cuaso.declarations.forms.examine import examine
from cuaso.declarations.forms.posted import Posted
from cuaso.declarations.forms.schema import Rule
from cuaso.declarations.registries import RECORD, Registry
from cuaso.kernel.actors import Actor

MOST_TRIED: Final = 2_000
MOST_COUNTED: Final = 100_000
SECONDS: Final = 4.0
EXAMPLES: Final = 5
_ASKED: Final = "Không đạt biểu thức đang thử."


def preview_design(*, id: UUID, actor: Actor) -> Impact:
    """Return what a version would do to the records and to all that hangs on the registry."""
    version = versions.found(id, actor=actor)
    return foresee(version, hidden=versions.hidden(version.registry, actor))


def try_rule(*, id: UUID, check: str, actor: Actor) -> Impact:
    """Return which records would fail a rule, tried on the newest; raise BadExpression."""
    version = versions.found(id, actor=actor)
    wanted = sets.built_of(version)
    rule = Rule(check=check, say=_ASKED)
    wanted.declared.form.expression(wanted.declared.rewritten(check))
    asked = wanted.declared.replace(rules=(*wanted.declared.rules, rule))
    before = versions.standing(version.registry)
    if before is None:
        return Impact(records=0, tried=0)
    tried, failing = _try(sets.built_of(before), asked, turning.NOTHING, only=_ASKED)
    return Impact(records=_records(sets.built_of(before)), tried=tried, failing=failing)


def foresee(version: Version, *, hidden: frozenset[str] = frozenset()) -> Impact:
    """Return the impact of a version on the one in force; nothing breaks where none is."""
    before = versions.standing(version.registry)
    if before is None:
        return Impact(records=0, tried=0)
    present, wanted = sets.built_of(before), sets.built_of(version)
    turns = turning.turns(present, wanted, version.replacements)
    tried, failing = _try(present, wanted.declared, turning.Turning(turns, values.context(wanted)))
    turned = types.changes(present, wanted, turns, hidden=hidden)
    return Impact(
        records=_records(present),
        tried=tried,
        failing=failing,
        breaks=(*types.breaks(present, wanted, turned), *breaks.found(present, wanted)),
        turned=turned,
    )


def _records(present: Built) -> int:
    rows = present.live.objects.filter(row_gone=None)
    return len(rows.values_list("row_id")[:MOST_COUNTED])


def _try(
    present: Built, wanted: Registry, making: turning.Turning, *, only: str = ""
) -> tuple[int, tuple[FailingLine, ...]]:
    """Try the newest records; a record that fails today already is not told again."""
    here = values.context(present)
    failing: dict[tuple[str, str], list[Row]] = defaultdict(list)
    until, tried = time.monotonic() + SECONDS, 0
    rows = present.live.objects.filter(row_gone=None).order_by("-row_id")[:MOST_TRIED]
    for row in rows.iterator(chunk_size=500):
        tried += 1
        for path, say in _new_problems(present, wanted, row, here, making, only=only):
            failing[path, say].append(row)
        if time.monotonic() > until:
            break
    lines = tuple(
        FailingLine(
            path=path,
            title=wanted.titled(path),
            say=say,
            count=len(found),
            examples=tuple((one.row_id, values.name_of(present, one)) for one in found[:EXAMPLES]),
        )
        for (path, say), found in failing.items()
    )
    return tried, lines


def _new_problems(
    present: Built,
    wanted: Registry,
    row: Row,
    here: Context,
    making: turning.Turning,
    *,
    only: str,
) -> Iterator[tuple[str, str]]:
    problems = _problems(wanted, _texts(present, wanted, row, making), here)
    # Values that do not fit their new type are told apart, each with its replacement.
    for caster in making.casters:
        if caster.cast(caster.turn.before.read(row))[1]:
            problems.pop(caster.turn.path, None)
    if only:
        yield from ((path, say) for path, say in problems.items() if say == only)
    elif problems:
        before = _texts(present, present.declared, row, turning.NOTHING)
        known = _problems(present.declared, before, here)
        yield from ((path, say) for path, say in problems.items() if path not in known)


def _problems(declared: Registry, texts: Posted, here: Context) -> dict[str, str]:
    state = examine(declared.form, texts, here)
    return {_plain(declared, one.field): one.say for one in state.visible_problems()}


def _plain(declared: Registry, path: str) -> str:
    """Return the path without the number of a row: one line for all rows of a group."""
    pieces = declared.plain(path).split(".")
    return ".".join(piece for piece in pieces if not piece.isdecimal())


def _texts(present: Built, wanted: Registry, row: Row, making: turning.Turning) -> Posted:
    """Return a record as text of the wanted form, as far as that reads its values."""
    turned = {caster.turn.path: caster for caster in making.casters}
    record: dict[str, Any] = {}
    kept: dict[str, Any] = {RECORD: record}
    for column in present.columns:
        typed = column.read(row)
        if column.one is None:
            if column.path in wanted.groups:
                kept[column.path] = typed or []
            continue
        after = wanted.field_at(column.path)
        if column.path in turned:
            typed, _ = turned[column.path].cast(typed)
        elif after is None or breaks.kind(after) != column.kind:
            continue
        if after is None or typed is None:
            continue
        head, _, part = column.path.partition(".")
        plain = type_of(after).store(typed)
        (record.setdefault(head, {}) if part else record)[part or head] = plain
    return wanted.form.edit(wanted.form.load(kept))
