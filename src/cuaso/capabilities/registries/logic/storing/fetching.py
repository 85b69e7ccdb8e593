"""One record as it is, read by its id, or written anew: statements worked out once a version."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql


class Fetching:
    """Reads and adds single rows of a model whose columns never change."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model

    def one(self, id: UUID) -> Any | None:  # noqa: ANN401 a row of the model
        """Return the row of an id, None for none."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement, [id])
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, read in self._read:
            values[place] = read(values[place], None, connection)
        return self._model.from_db(connection.alias, self._names, values)

    def add(self, row: models.Model) -> None:
        """Write a new row. Raises what the database says of it, as `save` does."""
        values = [getattr(row, name) for name in self._names]
        for place, write in self._written:
            values[place] = write(values[place], connection)
        with connection.cursor() as cursor:
            cursor.execute(self._addition, values)
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 Django's own documented door

    @cached_property
    def _written(self) -> list[tuple[int, Callable[..., Any]]]:
        """The places of what Django writes itself, such as JSON, and how."""
        return [
            (place, one.get_db_prep_save)
            for place, one in enumerate(self._fields)
            if isinstance(one, models.JSONField | models.DecimalField)
        ]

    @cached_property
    def _addition(self) -> str:
        text = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(self._model._meta.db_table),  # noqa: SLF001
            sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in self._fields),
            sql.SQL(", ").join(sql.SQL("%s::{}").format(self._kind(one)) for one in self._fields),
        )
        return text.as_string(None)

    @staticmethod
    def _kind(one: "models.Field[Any, Any]") -> sql.SQL:
        return sql.SQL(str(one.db_type(connection)))

    @cached_property
    def _fields(self) -> "list[models.Field[Any, Any]]":
        return list(self._model._meta.concrete_fields)  # noqa: SLF001 Django's own documented door

    @cached_property
    def _names(self) -> list[str]:
        return [str(one.attname) for one in self._fields]

    @cached_property
    def _read(self) -> list[tuple[int, Callable[..., Any]]]:
        """The places of what Django reads itself, such as JSON, and how."""
        found = (
            (place, getattr(one, "from_db_value", None)) for place, one in enumerate(self._fields)
        )
        return [(place, read) for place, read in found if read is not None]

    @cached_property
    def _statement(self) -> str:
        meta = self._model._meta  # noqa: SLF001
        text = sql.SQL("select {} from {} where {} = %s").format(
            sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in self._fields),
            sql.Identifier(meta.db_table),
            sql.Identifier(str(meta.pk.column)),
        )
        return text.as_string(None)
