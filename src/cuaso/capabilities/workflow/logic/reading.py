"""Rows that every act reads: Django would think about them longer than PostgreSQL."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from cuaso.foundation.audit import api as audit

Row = TypeVar("Row", bound=Model)
Reader = tuple[int, Callable[[Any, None, Any], Any]]


def read(model: type[Row], tail: str, params: Sequence[Any]) -> list[Row]:
    """Return the rows of a model that the tail of a statement finds (`where ...`)."""
    statement, names, readers = _columns(model)
    with audit.planned() as cursor:
        cursor.execute(f"{statement} {tail}", params)
        found = cursor.fetchall()
    return [model.from_db(connection.alias, names, _loaded(values, readers)) for values in found]


def _loaded(values: Sequence[Any], readers: Sequence[Reader]) -> Sequence[Any]:
    if not readers:
        return values
    loaded = list(values)
    for place, reader in readers:
        loaded[place] = reader(loaded[place], None, connection)
    return loaded


@lru_cache
def _columns(model: type[Model]) -> tuple[str, list[str], list[Reader]]:
    """Return the statement of a model's columns, their names, and what turns some into values."""
    fields = list(model._meta.concrete_fields)  # noqa: SLF001 Django documents _meta as public
    names = [field.attname for field in fields]
    readers = [
        (n, field.from_db_value)
        for n, field in enumerate(fields)
        if hasattr(field, "from_db_value")
    ]
    statement = f"select {', '.join(names)} from {model._meta.db_table}"  # noqa: S608, SLF001 our own columns
    return statement, names, readers
