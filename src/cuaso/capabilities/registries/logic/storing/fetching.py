"""One record as it is or was, read by its id, or written anew: statements worked out once a
version.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

from cuaso.capabilities.registries.logic.storing.making import Making
from cuaso.capabilities.registries.logic.storing.prepared import every, first


class Fetching:
    """Reads and adds single rows of a model whose columns never change."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._making = Making(model)

    def one(self, id: UUID, *, lock: bool = False) -> Any | None:  # noqa: ANN401 a row of the model
        """Return the row of an id, None for none; locked until the transaction ends if asked."""
        row = first(f"{self._statement} for update" if lock else self._statement, [id])
        return self.made(row) if row is not None else None

    def versions(self, id: UUID) -> list[Any]:
        """Return the rows of a record in a table that has several of each, the oldest first."""
        text = f"{self._selecting} where row_id = %s order by row_since"
        return [self.made(row) for row in every(text, [id])]

    def made(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 a row of the model
        """Return a row of the model from what its table holds in `selected`."""
        values = list(row)
        for place, read in self._read:
            values[place] = read(values[place], None, connection)
        return self._model.from_db(connection.alias, self._names, values)

    def fresh(self, columns: Mapping[str, Any]) -> Any:  # noqa: ANN401 a row of the model
        """Return a new row of these columns, not yet written; the others are as they begin."""
        return self._making.fresh(columns)

    def adding(self, row: models.Model) -> tuple[str, list[Any]]:
        """Return what writes a new row and returns its sum, and the values that it takes."""
        return self._addition, self._put(row, self._names)

    def renewing(self, row: models.Model, names: Sequence[str]) -> tuple[str, list[Any]]:
        """Return what writes these columns of a row and returns its sum, and its values."""
        taken = set(names)
        ordered = [name for name in self._names if name in taken]
        given = sql.SQL(", ").join(self._givings[name] for name in ordered)
        meta = self._model._meta  # noqa: SLF001 Django's own documented door
        text = sql.SQL("update {} as r set {} where {} = %s::uuid returning md5(r::text) as sum")
        statement = text.format(
            sql.Identifier(meta.db_table), given, sql.Identifier(str(meta.pk.column))
        )
        return statement.as_string(None), [*self._put(row, ordered), row.pk]

    def add(self, row: models.Model) -> None:
        """Write a new row. Raises what the database says of it, as `save` does."""
        with connection.cursor() as cursor:
            cursor.execute(*self.adding(row))
        self.stands(row)

    @staticmethod
    def stands(row: models.Model) -> None:
        """Let Django know that a new row has been written."""
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 Django's own documented door

    def _put(self, row: models.Model, names: Sequence[str]) -> list[Any]:
        """Return the values of columns as they are written."""
        return [
            write(getattr(row, name), connection)
            if (write := self._written.get(name))
            else getattr(row, name)
            for name in names
        ]

    @cached_property
    def _written(self) -> dict[str, Callable[..., Any]]:
        """What Django writes itself, such as JSON, and how."""
        return {
            str(one.attname): one.get_db_prep_save
            for one in self._fields
            if isinstance(one, models.JSONField | models.DecimalField)
        }

    @cached_property
    def _addition(self) -> str:
        text = sql.SQL("insert into {} as r ({}) values ({}) returning md5(r::text) as sum").format(
            sql.Identifier(self._model._meta.db_table),  # noqa: SLF001
            sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in self._fields),
            sql.SQL(", ").join(sql.SQL("%s::{}").format(self._kind(one)) for one in self._fields),
        )
        return text.as_string(None)

    @cached_property
    def _givings(self) -> dict[str, sql.Composed]:
        """What gives each column a value."""
        text = sql.SQL("{} = %s::{}")
        return {
            str(one.attname): text.format(sql.Identifier(str(one.column)), self._kind(one))
            for one in self._fields
        }

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
    def width(self) -> int:
        """How many columns `selected` names."""
        return len(self._fields)

    def selected(self, alias: str) -> str:
        """Return the columns of the table under another name of it."""
        names = (sql.Identifier(alias, str(one.column)) for one in self._fields)
        return sql.SQL(", ").join(names).as_string(None)

    @cached_property
    def _statement(self) -> str:
        key = sql.Identifier(str(self._model._meta.pk.column))  # noqa: SLF001
        return f"{self._selecting} where {key.as_string(None)} = %s"

    @cached_property
    def _selecting(self) -> str:
        text = sql.SQL("select {} from {}").format(
            sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in self._fields),
            sql.Identifier(self._model._meta.db_table),  # noqa: SLF001
        )
        return text.as_string(None)
