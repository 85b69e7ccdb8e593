"""Follow a path of to-one steps from a model to a field, and from a record to its value."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model


class BadPath(Exception):
    """A declared path leads nowhere, or through a to-many relation."""


def field_at(model: type[Model], path: str) -> "Field[Any, Any]":
    """Return the last field of the path; raise BadPath."""
    *steps, last = path.split("__")
    for step in steps:
        model = _to_one(model, step)
    return _own(model, last)


def value_at(record: Model, path: str) -> object:
    """Return the record's value at the path; None as soon as a step is empty."""
    *steps, last = path.split("__")
    for step in steps:
        following = getattr(record, step)
        if following is None:
            return None
        record = following
    value: object = getattr(record, _own(type(record), last).attname)
    return value


def lookup(model: type[Model], path: str) -> str:
    """Return the path for a filter: of a foreign key, its target's key."""
    return f"{path}__pk" if isinstance(field_at(model, path), ForeignKey) else path


def related_to_many(model: type[Model], relation: str) -> type[Model]:
    """Return the model at the far end of a to-many relation; raise BadPath."""
    found = _field(model, relation)
    if not (found.one_to_many or found.many_to_many) or found.related_model is None:
        raise BadPath(f"{model.__name__}.{relation} is not a to-many relation")
    return found.related_model  # type: ignore[no-any-return]


def _to_one(model: type[Model], step: str) -> type[Model]:
    found = _field(model, step)
    if not isinstance(found, ForeignKey) or not isinstance(found.related_model, type):
        raise BadPath(f"{model.__name__}.{step} is not a to-one step: use exists(…)")
    return found.related_model


def _own(model: type[Model], name: str) -> "Field[Any, Any]":
    found = model._meta.pk if name == "pk" else _field(model, name)  # noqa: SLF001 Django's own documented door
    if not isinstance(found, Field) or found.many_to_many:
        raise BadPath(f"{model.__name__}.{name} holds no single value: use exists(…)")
    return found


def _field(model: type[Model], name: str) -> Any:  # noqa: ANN401 a field or any kind of relation
    try:
        return model._meta.get_field(name)  # noqa: SLF001 Django's own documented door
    except FieldDoesNotExist:
        raise BadPath(f"{model.__name__} has no field {name}") from None
