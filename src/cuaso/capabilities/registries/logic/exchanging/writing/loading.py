"""Writes many rows in few statements: COPY for the new ones, one UPDATE for the changed ones."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from cuaso.capabilities.registries.logic.exchanging.writing import copying
from cuaso.capabilities.registries.logic.storing import definition
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.logic.storing.values import under
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.identifiers import new_ids

_STAGE: Final = "registries_changed_rows"
_SAID: Final = "registries_said_rows"
Key = tuple[Any, ...]
Columns = Mapping[str, Sequence[Any]]


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
    names = [column.name for column in one.columns]
    statement, given = _asking(built, one.columns, values, ("row_id", *names), lock=False)
    if not statement:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {tuple(held): id for id, *held in cursor.fetchall()}


def present(built: Built, keys: Iterable[Key], *, lock: bool) -> dict[Key, Row]:
    """Return the live records of keys, with one query."""
    columns = key_columns(built)
    rows = _found(built, columns, keys, lock=lock)
    return {tuple(getattr(row, one.name) for one in columns): row for row in rows}


def standing(
    built: Built, keys: Iterable[Key], names: Sequence[str], *, lock: bool
) -> dict[Key, tuple[Any, ...]]:
    """Return of the live records of keys the id and the named columns, with one query."""
    columns = key_columns(built)
    asked = [one.name for one in columns]
    statement, given = _asking(built, columns, keys, ("row_id", *names, *asked), lock=lock)
    if not statement:
        return {}
    width = len(names) + 1
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {row[width:]: row[:width] for row in cursor.fetchall()}


def _found(
    built: Built, columns: Sequence[Column], keys: Iterable[Key], *, lock: bool
) -> Iterable[Row]:
    statement, given = _asking(built, columns, keys, (), lock=lock)
    return built.live.objects.raw(statement, given) if statement else ()


def _asking(
    built: Built,
    columns: Sequence[Column],
    keys: Iterable[Key],
    taken: Sequence[str],
    *,
    lock: bool,
) -> tuple[str, list[list[Any]]]:
    """Return the query for live records of keys, and what it is given; "" for no keys.

    Each key is sought in its index, and locked in their order. Asked for all at once PostgreSQL
    would read a whole table of some hundred thousand records for each portion of a sheet.
    """
    asked = sorted(keys)
    if not asked:
        return "", []
    listed = sql.SQL(", ").join(map(sql.Identifier, taken)) if taken else sql.SQL("*")
    names = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
    given = sql.SQL(", ").join(sql.SQL(f"%s::{definition.type_of(one.kind)}[]") for one in columns)
    statement = sql.SQL(
        "select found.* from unnest({given}) as asked ({names}), lateral (select {listed}"
        " from {table} where row_gone is null and ({names}) = ({sought}) limit 1 {locked}) as found"
    ).format(
        listed=listed,
        table=sql.Identifier(built.table),
        names=names,
        given=given,
        sought=_of("asked", [one.name for one in columns]),
        locked=sql.SQL("for update" if lock else ""),
    )
    return statement.as_string(None), [[key[at] for key in asked] for at in range(len(columns))]


def same(
    built: Built, names: Sequence[str], ids: Sequence[UUID], columns: Columns
) -> frozenset[UUID]:
    """Return which of the records hold in the named columns what is given, compared where they
    stand.
    """
    if not ids or not names:
        return frozenset(ids)
    live, stage = sql.Identifier(built.table), sql.Identifier(_SAID)
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    kinds = copying.kinds(built)
    given = copying.rendered([("id", ids), *((kinds[name], columns[name]) for name in names)])
    making = "create temp table {} on commit drop as select row_id, {} from {} limit 0"
    asking = sql.SQL(
        "select row_id from {} s join {} l using (row_id) where ({}) is not distinct from ({})"
    ).format(stage, live, _of("l", names), _of("s", names))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(making).format(stage, listed, live).as_string(None))
        copying.copy_in(_copy(_SAID, ("row_id", *names)), given)
        cursor.execute(asking.as_string(None))
        found = frozenset(id for (id,) in cursor.fetchall())
        cursor.execute(sql.SQL("drop table {}").format(stage).as_string(None))
    return found


def _of(table: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(f"{table}.{{}}").format(sql.Identifier(n)) for n in names)


def by_column(built: Built, rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the columns of rows that are given one by one, the words to search among them."""
    names = (*definition.stored_names(built), "row_words")
    return {name: [row[name] for row in rows] for name in names}


def insert(
    built: Built,
    agencies: Sequence[UUID],
    columns: Columns,
    change: Change,
    copies: copying.Copies | None = None,
    *,
    ids: Sequence[UUID] = (),
) -> list[UUID]:
    """Copy new rows in: for each the agency that keeps it, and its columns; return their ids, new
    ones where none are given.

    Rows of one agency go together: most of what is written is the upkeep of indexes, and they then
    meet pages of these that are at hand.
    """
    if not agencies:
        return []
    data = definition.stored_names(built)
    named = ("row_id", "row_agency", "row_change", "row_since", "row_sources", "row_words", *data)
    size = len(agencies)
    ids = list(ids) or new_ids(size)
    kinds = copying.kinds(built)
    given = copying.rendered(
        [
            ("id", ids),
            ("uuid", agencies),
            ("text", [str(change.id)] * size),
            ("text", [str(change.at)] * size),
            ("text", ["{}"] * size),
            ("text", columns["row_words"]),
            *((kinds[name], columns[name]) for name in data),
        ]
    )
    copying.copy_in(_copy(built.table, named), given, copies, beside=given[1])
    return ids


def insert_rows(built: Built, rows: Sequence[Row], change: Change) -> None:
    """Copy new rows in as they are; Django knows then that they have been written."""
    names = (*definition.stored_names(built), "row_words")
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    agencies = [row.row_agency for row in rows]
    insert(built, agencies, columns, change, ids=[row.row_id for row in rows])
    for row in rows:
        row.row_change, row.row_since = change.id, change.at
        built.fetching.stands(row)


def renew_rows(
    built: Built, renewed: Sequence[tuple[Row, Mapping[str, Any]]], change: Change
) -> None:
    """Give records some new columns as their next version; the rows given stay as they were."""
    names = (*definition.stored_names(built), "row_words", "row_agency")
    wholes = [{**{name: getattr(row, name) for name in names}, **fresh} for row, fresh in renewed]
    given = [
        (row, whole["row_agency"], whole) for (row, _), whole in zip(renewed, wholes, strict=True)
    ]
    update(built, given, change)


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
            ("id", [row.row_id for row, _, _ in rows]),
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


def differs(names: Iterable[str], row: Row, columns: Mapping[str, Any]) -> bool:
    """Say whether, in the columns named, anything else is held than in the record."""
    for name in names:
        was, now = getattr(row, name), columns[name]
        if was != now and not (isinstance(now, list | dict) and was == _plain(now)):
            return True
    return False


def _plain(value: object) -> object:
    return json.loads(json.dumps(value, default=str))


def _copy(table: str, names: Iterable[str]) -> str:
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    return sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), listed).as_string(None)
