"""Answer a condition for one record in memory: the twin of `filters`, proven equal by tests."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Model

from cuaso.foundation.access.contracts import (
    NOW,
    ActorHas,
    AllOf,
    Always,
    AnyOf,
    Circumstance,
    Condition,
    Equals,
    Exists,
    Filled,
    Linked,
    Negate,
    OneOf,
    Within,
)
from cuaso.foundation.access.logic.filters import day_of, has, values_of
from cuaso.foundation.access.logic.paths import field_at, value_at
from cuaso.kernel.actors import Actor

# What one decision has read of a record's surroundings: its grants ask for the same rows.
Read = dict[tuple[str | int, int], list[Model]]


def holds(
    condition: Condition,
    *,
    actor: Actor,
    record: Model,
    read: Read | None = None,
    asked: Circumstance = NOW,
) -> bool:
    """Say whether the condition holds for this record, as it is in memory.

    read: what was read of this record for the same decision; rows read now are added.
    """
    read = {} if read is None else read
    match condition:
        case Always():
            return True
        case Equals() | OneOf():
            return _among(condition.path, values_of(condition, actor), record)
        case Filled():
            return value_at(record, condition.path) is not None
        case Exists() | Linked():
            rows = _rows(condition, record, read)
            return any(
                holds(condition.where, actor=actor, record=row, read=read, asked=asked)
                for row in rows
            )
    return _combined(condition, actor=actor, record=record, read=read, asked=asked)


def _combined(
    condition: AllOf | AnyOf | Negate | Within | ActorHas,
    *,
    actor: Actor,
    record: Model,
    read: Read,
    asked: Circumstance,
) -> bool:
    if isinstance(condition, Within):
        return _within(condition, day_of(asked), record)
    if isinstance(condition, ActorHas):
        return has(actor, condition)
    if isinstance(condition, Negate):
        return not holds(condition.part, actor=actor, record=record, read=read, asked=asked)
    answers = (
        holds(part, actor=actor, record=record, read=read, asked=asked) for part in condition.parts
    )
    return all(answers) if isinstance(condition, AllOf) else any(answers)


def _within(condition: Within, day: date, record: Model) -> bool:
    start, end = value_at(record, condition.start), value_at(record, condition.end)
    begun = not isinstance(start, date) or start <= day
    return begun and (not isinstance(end, date) or day < end)


def _among(path: str, values: list[Any], record: Model) -> bool:
    found = value_at(record, path)
    if found is None:
        return False
    field = field_at(type(record), path)
    target = field.target_field if field.is_relation else field  # type: ignore[attr-defined]
    return found in [target.to_python(value) for value in values]


def _rows(condition: Exists | Linked, record: Model, read: Read) -> list[Model]:
    """Return the rows beside a record; of a relation that is prefetched, those in memory."""
    key = (condition.relation if isinstance(condition, Exists) else id(condition), id(record))
    if key not in read:
        read[key] = list(rows_beside(condition, record))
    return read[key]


def rows_beside(condition: Exists | Linked, record: Model) -> Iterable[Model]:
    """Return the rows at the far end of a relation of this record, whatever they are."""
    if isinstance(condition, Linked):
        link = {condition.theirs: value_at(record, condition.mine)}
        rows: Iterable[Model] = condition.model._base_manager.filter(**link)  # noqa: SLF001 Django's own documented door
        return rows
    related: Iterable[Model] = getattr(record, _accessor(record, condition.relation)).all()
    return related


def _accessor(record: Model, relation: str) -> str:
    found: Any = record._meta.get_field(relation)  # noqa: SLF001 Django's own documented door
    return str(getattr(found, "get_accessor_name", lambda: found.name)())
