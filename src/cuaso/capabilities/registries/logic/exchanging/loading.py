"""Writes many rows in few statements: COPY for the new ones, one UPDATE for the changed ones."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from cuaso.capabilities.registries.logic.exchanging import copying
from cuaso.capabilities.registries.logic.storing import definition
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.logic.storing.values import under
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.identifiers import new_id

_STAGE: Final = "registries_changed_rows"
Key = tuple[Any, ...]


def key_columns(built: Built) -> tuple[Column, ...]:
    """Return the columns that together recognise a record."""
    return tuple(one for path in built.declared.key for one in under(built, path))


def key_of(built: Built, columns: Mapping[str, Any]) -> Key | None:
    """Return the key of a row, None when a part is missing: such a row is always a new one."""
    key = tuple(columns[one.name] for one in key_columns(built))
    return None if any(part is None for part in key) else key


@dataclass(frozen=True, kw_only=True)
class Alone:
    """Fields whose values together no two records in force share."""

    paths: tuple[str, ...]
    columns: tuple[Column, ...]

    def value_of(self, columns: Mapping[str, Any]) -> Key | None:
        """Return the value of a row, None when a part is missing: then nothing is compared."""
        value = tuple(columns[one.name] for one in self.columns)
        return None if any(part is None for part in value) else value


def alone(built: Built) -> tuple[Alone, ...]:
    """Return what no two records share, beside the key."""
    return tuple(
        Alone(paths=paths, columns=tuple(one for path in paths for one in under(built, path)))
        for paths in built.declared.alone
    )


def holders(built: Built, one: Alone, values: Iterable[Key]) -> dict[Key, UUID]:
    """Return which live record holds each value, with one query."""
    rows = _found(built, one.columns, values, lock=False)
    return {tuple(getattr(row, c.name) for c in one.columns): row.row_id for row in rows}


def present(built: Built, keys: Iterable[Key], *, lock: bool) -> dict[Key, Row]:
    """Return the live records of keys, with one query."""
    columns = key_columns(built)
    rows = _found(built, columns, keys, lock=lock)
    return {tuple(getattr(row, one.name) for one in columns): row for row in rows}


def _found(
    built: Built, columns: Sequence[Column], keys: Iterable[Key], *, lock: bool
) -> Iterable[Row]:
    asked = list(keys)
    if not asked:
        return ()
    names = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
    given = sql.SQL(", ").join(sql.SQL(f"%s::{definition.type_of(one.kind)}[]") for one in columns)
    statement = sql.SQL(
        "select * from {} where row_gone is null and ({}) in (select * from unnest({})) {}"
    ).format(sql.Identifier(built.table), names, given, sql.SQL("for update" if lock else ""))
    parts = [[key[at] for key in asked] for at in range(len(columns))]
    return built.live.objects.raw(statement.as_string(None), parts)


def insert(
    built: Built, rows: Sequence[tuple[UUID, Mapping[str, Any]]], change: Change
) -> list[UUID]:
    """Copy new rows in: the agency that keeps each, and its columns; return their ids."""
    if not rows:
        return []
    data = definition.stored_names(built)
    named = ("row_id", "row_agency", "row_change", "row_since", "row_sources", "row_words", *data)
    size = len(rows)
    ids = [new_id() for _ in rows]
    system = copying.rendered(
        [
            ("uuid", ids),
            ("uuid", [agency for agency, _ in rows]),
            ("uuid", [change.id] * size),
            ("moment", [change.at] * size),
            ("json", [{}] * size),
            ("text", [columns["row_words"] for _, columns in rows]),
        ]
    )
    kinds = copying.kinds(built)
    own = copying.rendered((kinds[name], [columns[name] for _, columns in rows]) for name in data)
    copying.copy_in(_copy(built.table, named), [*system, *own])
    return ids


def update(
    built: Built, rows: Sequence[tuple[Row, UUID, Mapping[str, Any]]], change: Change
) -> None:
    """Give records new columns as their next version."""
    if not rows:
        return
    data = [*definition.stored_names(built), "row_words", "row_agency"]
    listed = sql.SQL(", ").join(
        sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in data
    )
    live, stage = sql.Identifier(built.table), sql.Identifier(_STAGE)
    kinds = {**copying.kinds(built), "row_words": "text", "row_agency": "uuid"}
    wholes = [{**columns, "row_agency": agency} for _, agency, columns in rows]
    held = copying.rendered(
        [
            ("uuid", [row.row_id for row, _, _ in rows]),
            ("uuid", [change.id] * len(rows)),
            ("moment", [change.at] * len(rows)),
        ]
    )
    own = copying.rendered((kinds[name], [one[name] for one in wholes]) for name in data)
    with connection.cursor() as cursor:
        making = "create temp table {} (like {} including defaults) on commit drop"
        cursor.execute(sql.SQL(making).format(stage, live).as_string(None))
        copying.copy_in(_copy(_STAGE, ("row_id", "row_change", "row_since", *data)), [*held, *own])
        changing = sql.SQL(
            "update {} l set {}, row_revision = l.row_revision + 1, row_change = s.row_change,"
            " row_since = greatest(s.row_since, l.row_since + interval '1 microsecond')"
            " from {} s where l.row_id = s.row_id"
        ).format(live, listed, stage)
        cursor.execute(changing.as_string(None))
        cursor.execute(sql.SQL("drop table {}").format(stage).as_string(None))


def differs(compared: Iterable[Column], row: Row, columns: Mapping[str, Any]) -> bool:
    """Say whether, in the columns compared, anything else is held than in the record."""
    for column in compared:
        for name in column.names:
            was, now = getattr(row, name), columns[name]
            if was != now and not (column.kind == "json" and was == _plain(now)):
                return True
    return False


def _plain(value: object) -> object:
    return json.loads(json.dumps(value))


def _copy(table: str, names: Iterable[str]) -> str:
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    return sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), listed).as_string(None)
