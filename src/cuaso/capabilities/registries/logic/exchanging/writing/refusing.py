"""Writes the rows of a sheet where writing a record refuses or carries something.

A registry may refuse what other records already say, write into other registries, or send a new
record on a drawn way. What a form would do then, a sheet does too. Where a registry only refuses,
new rows are written many at once, and one by one from the first that is refused.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.changing import refusals
from cuaso.capabilities.registries.logic.exchanging.writing import alone, loading
from cuaso.capabilities.registries.logic.exchanging.writing.portions import Brought, Fault, Portion
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem, Refusal

New = Mapping[int, Brought]


def write(
    built: Built,
    portion: Portion,
    brought: dict[int, Brought],
    change: Change,
    *,
    actor: Actor,
) -> None:
    """Write what of a portion is right, each row as `add` and `amend` do; tell what is refused."""
    for at, agency in portion.added.items():
        columns = portion.read.row(at) or {}
        brought[at] = Brought(portion.lines[at], None, agency, columns)
    portion.added = {}
    due = {at: one for at in sorted(brought) if (one := brought[at]).agency and not one.faults}
    if alone.one_by_one(built) or any(one.row is not None for one in due.values()):
        _each(built, due.values(), change, actor=actor)
    else:
        _new(built, due, change, actor=actor)


def _new(built: Built, due: New, change: Change, *, actor: Actor) -> None:
    """Write new rows at once. A row that is refused beside all of them may be right beside those
    before it: those are written, then it alone; one that is not refused never would be.
    """
    refused = _tried(built, due, change)
    if not refused:
        return
    before: dict[int, Brought] = {}
    for at, one in due.items():
        if at in refused:
            _at_once(built, before, change)
            before = {}
            _each(built, [one], change, actor=actor)
        else:
            before[at] = one
    _at_once(built, before, change)


def _tried(built: Built, due: New, change: Change) -> frozenset[int]:
    """Write rows and keep them where none is refused; else take them back, return the refused."""
    with transaction.atomic():
        ids = _at_once(built, due, change)
        refused = {id for id, _ in refusals.standing(built, list(ids))}
        if refused:
            transaction.set_rollback(True)
            change.records -= len(due)
    return frozenset(at for id, at in ids.items() if id in refused)


def _at_once(built: Built, due: New, change: Change) -> dict[UUID, int]:
    """Write new rows with one statement; return the line of each id."""
    columns = loading.by_column(built, [one.columns for one in due.values()])
    keepers = [one.agency for one in due.values() if one.agency]
    ids = loading.insert(built, keepers, columns, change)
    change.records += len(ids)
    return dict(zip(ids, due, strict=True))


def _each(built: Built, due: Iterable[Brought], change: Change, *, actor: Actor) -> None:
    for one in due:
        if one.agency is None:
            continue
        try:
            alone.write(built, one.row, one.agency, one.columns, change, actor=actor)
        except Refusal as refusal:
            said = refusal.problems or (Problem(field="", say=refusal.what),)
            one.faults = [Fault(one.line.number, each.field, "", each.say) for each in said]
        else:
            change.records += 1
