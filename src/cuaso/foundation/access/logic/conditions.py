"""Answer a condition for one record in memory: the twin of `filters`, proven equal by tests."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from cuaso.foundation.access.contracts import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Equals,
    Exists,
    Filled,
    Linked,
    Negate,
    OneOf,
)
from cuaso.foundation.access.logic.filters import values_of
from cuaso.foundation.access.logic.paths import field_at, value_at
from cuaso.kernel.actors import Actor


def holds(condition: Condition, *, actor: Actor, record: Model) -> bool:
    """Say whether the condition holds for this record, as it is in memory."""
    match condition:
        case Always():
            return True
        case Equals() | OneOf():
            return _among(condition.path, values_of(condition, actor), record)
        case Filled():
            return value_at(record, condition.path) is not None
        case Exists() | Linked():
            rows = _rows(condition, record)
            return any(holds(condition.where, actor=actor, record=row) for row in rows)
    return _combined(condition, actor=actor, record=record)


def _combined(condition: AllOf | AnyOf | Negate, *, actor: Actor, record: Model) -> bool:
    if isinstance(condition, Negate):
        return not holds(condition.part, actor=actor, record=record)
    answers = (holds(part, actor=actor, record=record) for part in condition.parts)
    return all(answers) if isinstance(condition, AllOf) else any(answers)


def _among(path: str, values: list[Any], record: Model) -> bool:
    found = value_at(record, path)
    if found is None:
        return False
    field = field_at(type(record), path)
    target = field.target_field if field.is_relation else field  # type: ignore[attr-defined]
    return found in [target.to_python(value) for value in values]


def _rows(condition: Exists | Linked, record: Model) -> Iterable[Model]:
    if isinstance(condition, Linked):
        link = {condition.theirs: value_at(record, condition.mine)}
        rows: Iterable[Model] = condition.model._base_manager.filter(**link)  # noqa: SLF001 Django's own documented door
        return rows
    related: Iterable[Model] = getattr(record, _accessor(record, condition.relation)).all()
    return related


def _accessor(record: Model, relation: str) -> str:
    found: Any = record._meta.get_field(relation)  # noqa: SLF001 Django's own documented door
    return str(getattr(found, "get_accessor_name", lambda: found.name)())
