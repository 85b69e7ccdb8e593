"""The applicant's own answers as they stand, to be corrected, and what a correction changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from cuaso.declarations.forms import FieldView, FormView, SectionView
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem
from cuaso.services.procedures.contracts import FactGroup
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared, lists, rows
from cuaso.services.procedures.logic.matter.declared import Posted
from cuaso.services.procedures.models import Dossier, ProcedureVersion
from cuaso.services.procedures.policies import DOSSIERS


def correction_form(
    *, id: UUID, values: Posted, actor: Actor, problems: tuple[Problem, ...] = ()
) -> FormView:
    """Return the form of one's dossier with its answers, and `values` typed over them.

    It is the form of the version that the dossier keeps. The place that decides which agency
    settles is not among the inputs: it cannot be corrected.
    """
    row = rows.dossier(id)
    if row is None:
        raise steps.unknown()
    access.require(actor=actor, act="own", record=row, policy=DOSSIERS)
    form = declared.form(row.procedure)
    shown = form.describe(
        {**declared.editable(row.procedure, row.values), **values},
        lists.context(channel=row.channel),
        problems=problems,
    )
    place = declared.procedure(row.procedure).competent.place
    return replace(shown, sections=tuple(_plain(one, place) for one in shown.sections))


def _plain(section: SectionView, place: str) -> SectionView:
    drawn = tuple(
        replace(row, fields=tuple(_own(one) for one in row.fields if one.path != place))
        for row in section.rows
    )
    return replace(section, rows=drawn, can_add=False, can_remove=False)


def _own(field: FieldView) -> FieldView:
    """Return a field that holds its own answer, whatever another one says."""
    parts = tuple(_own(one) for one in field.parts)
    return replace(field, same_as="", same=False, parts=parts)


def changes(dossier: Dossier, *, before: Mapping[str, Any]) -> list[str]:
    """Return what is said otherwise than `before`: label, the earlier answer and the new one."""
    old, new = _said(dossier.procedure, before), _said(dossier.procedure, dossier.values)
    return [
        f"{label}: {old.get(key) or '(trống)'} → {new.get(key) or '(trống)'}"
        for key, label in _labels(old, new)
    ]


Key = tuple[str, str, int]


def _labels(old: Mapping[Key, str], new: Mapping[Key, str]) -> Iterator[tuple[Key, str]]:
    for key in dict.fromkeys((*new, *old)):
        if old.get(key) != new.get(key):
            yield key, key[1]


def _said(version: ProcedureVersion, stored: Mapping[str, Any]) -> dict[Key, str]:
    """Return every answer as people read it, by group, label and its place among equal ones."""
    said: dict[Key, str] = {}
    for group in declared.facts(version, stored, {}):
        said.update(_of_group(group))
    return said


def _of_group(group: FactGroup) -> dict[Key, str]:
    said: dict[Key, str] = {}
    for fact in group.facts:
        number = sum(key[1] == fact.label for key in said)
        said[group.title, fact.label, number] = fact.value
    return said
