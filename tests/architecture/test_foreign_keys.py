"""A foreign key crosses from one engine to another only downward, and only one way."""

import sys
from collections.abc import Iterator

from django.apps import apps
from django.apps.registry import Apps
from django.db import models

from tests.architecture import exceptions
from tests.architecture.source import FLOORS

OURS = "cuaso."


def crossing() -> Iterator[tuple[type[models.Model], "models.ForeignKey"]]:
    """Yield foreign keys of our models that point to a model of another of our engines."""
    for model in every_model():
        for field in model._meta.get_fields(include_hidden=True):
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            target = field.related_model
            if isinstance(target, type) and engine_of(target) not in ("", engine_of(model)):
                yield model, field


def every_model() -> Iterator[type[models.Model]]:
    """Yield our models of the public registry and of every private one that is alive."""
    seen = set()
    registries = [apps, *(each for each in private_registries())]
    for registry in registries:
        for model in registry.get_models(include_auto_created=True):
            if engine_of(model) and model not in seen:
                seen.add(model)
                yield model


def private_registries() -> list[Apps]:
    """Return registries of run-time models: whatever a loaded module of ours holds by a name."""
    held = [
        value
        for name, module in list(sys.modules.items())
        if name.startswith(OURS)
        for value in vars(module).values()
    ]
    return [value for value in held if isinstance(value, Apps) and value is not apps]


def engine_of(model: type[models.Model]) -> str:
    parts = model.__module__.split(".")
    return ".".join(parts[:3]) if parts[0] == "cuaso" else ""


def floor_of(engine: str) -> int:
    return FLOORS.index(engine.split(".")[1])


def name_of(model: type[models.Model], field: models.Field) -> str:
    return f"{model._meta.label}.{field.name}"


def test_a_foreign_key_never_points_upward():
    upward = {
        name_of(model, field)
        for model, field in crossing()
        if floor_of(engine_of(model)) < floor_of(engine_of(field.related_model))
    }
    assert upward - set(exceptions.FOREIGN_KEYS) == set()


def test_a_foreign_key_to_another_engine_gives_it_no_way_back():
    two_way = {
        name_of(model, field) for model, field in crossing() if not field.remote_field.is_hidden()
    }
    assert two_way - set(exceptions.FOREIGN_KEYS) == set()
