"""Writes one row of a sheet, where writing a record refuses or carries something."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.changing import courses, effects, refusals
from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.actors import Actor


def is_asked(built: Built) -> bool:
    """Say whether writing a record of a registry refuses or carries something."""
    return one_by_one(built) or any(one.refuses for one in built.declared.notices.values())


def one_by_one(built: Built) -> bool:
    """Say whether rows are to be written one by one: they carry something, or what is refused is
    that too few others stand beside a record, which depends on what was written before.
    """
    declared = built.declared
    few = any(one.refuses and one.beside and one.beside.fewer for one in declared.notices.values())
    return few or bool(declared.does) or declared.workflow is not None


def write(
    built: Built,
    row: Row | None,
    agency: UUID,
    columns: Mapping[str, Any],
    change: Change,
    *,
    actor: Actor,
) -> None:
    """Write one row as `add` and `amend` do; raise Invalid, and nothing of it is written."""
    with transaction.atomic():
        if row is not None:
            before = refusals.standing(built, [row.row_id])
            loading.update(built, [(row, agency, columns)], change)
            refusals.require(built, built.live.objects.get(pk=row.row_id), before=before)
            return
        (id,) = loading.insert(built, [agency], loading.by_column(built, [columns]), change)
        fresh = built.live.objects.get(pk=id)
        refusals.require(built, fresh)
        effects.carry(built, fresh, built.declared.does, actor=actor, reason=change.reason)
        if courses.may_begin(built, fresh):
            courses.begin(built, fresh, actor=actor)
