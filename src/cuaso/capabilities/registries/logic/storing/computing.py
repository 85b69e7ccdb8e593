"""What a version computes otherwise than another one, and a record's columns by its formulas."""

from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

from cuaso.capabilities.registries.logic.storing import turning, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import kind_of
from cuaso.declarations.fields import Context, Field, type_of
from cuaso.declarations.forms.schema import ITEM
from cuaso.declarations.registries import RECORD, Registry
from cuaso.declarations.shape import Loose

# How a change is called by which the worker brings records to the formulas in force.
ACT: Final = "recomputed"
# What decides the value of a computed field.
_DECIDES: Final = attrgetter("is_", "as_", "digits", "when", "since", "until")


def otherwise(before: Registry, after: Registry) -> frozenset[str]:
    """Return the computed fields (`section.field`) of which a version makes something else: by
    another formula, or by the same one of what is made otherwise or has another type.
    """
    every = {f"{section}.{name}": one for section, name, one in after.form.places()}
    changed = {path for path, one in every.items() if _changed(before.form.field_at(path), one)}
    reads = {path: set(_read(after, path, one)) for path, one in every.items() if one.is_}
    more = changed
    while more:
        more = {path for path in reads.keys() - changed if reads[path] & _said(changed)}
        changed = changed | more
    return frozenset(changed & reads.keys())


def _changed(was: Field | None, one: Field) -> bool:
    if was is None:
        return True
    if was.is_ or one.is_:
        return bool(_DECIDES(was) != _DECIDES(one))
    return not type_of(one).parts(one) and kind_of(was) != kind_of(one)


def _read(declared: Registry, path: str, one: Field) -> Iterator[str]:
    """Yield what a formula reads: `section.field`, or a group as a whole."""
    section, _, _ = path.partition(".")
    for head, *rest in declared.form.formula(one, section=section).expression.paths:
        yield ".".join((section if head == ITEM else head, *rest[:1]))


def _said(paths: Collection[str]) -> set[str]:
    """Return paths with the groups in which they stand."""
    return {*paths, *(path.partition(".")[0] for path in paths)}


def worked_out(
    built: Built, row: Row, paths: Collection[str], here: Context
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Return the columns of a record with some computed fields made anew of what stands in it, and
    why a field has no value, by its path: it keeps the one that it had.
    """
    cleaned = values.cleaned(built, row)
    wrong = built.declared.form.work_out(cleaned, paths, here)
    columns = {name: getattr(row, name) for one in built.columns for name in one.names}
    for path in paths:
        section, _, name = path.partition(".")
        made = cleaned.values[section]
        if section == RECORD:
            columns |= built.column(name).write(_kept(made[name]))
        else:
            column = built.column(section)
            columns[column.name] = _rows(built, path, made, columns[column.name])
    if built.standing_twins:
        columns |= turning.in_step(built, columns, here)
    return columns | values.derived(built, columns), wrong


def _kept(value: Loose) -> Loose:
    return None if value == "" else value


def _rows(built: Built, path: str, made: Loose, kept: Loose) -> Loose:
    """Return the rows of a group with what was made of one field, as they are where that is the
    same.
    """
    one, name = built.declared.form.field_at(path), path.partition(".")[2]
    if not kept or one is None:
        return kept
    stored = [None if row[name] is None else type_of(one).store(row[name]) for row in made]
    return [
        row if row.get(name) == value else {**row, name: value}
        for row, value in zip(kept, stored, strict=True)
    ]
