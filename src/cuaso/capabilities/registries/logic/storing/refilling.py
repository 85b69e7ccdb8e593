"""Makes anew what follows from other columns, in batches: the searched words, Vietnamese order, the
values of a field in another kind.

Records themselves do not change by this, so no version of theirs is kept: the trigger lets pass
what differs in nothing else.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from cuaso.capabilities.registries.logic.storing import definition, running, values
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.logic.storing.turning import Caster, Turn, Turning
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.text import sort_key

BATCH: Final = 1_000


def due(present: Built, wanted: Built) -> bool:
    """Say whether the records of a registry need it before another version is in force."""
    return _searched(present) != _searched(wanted) or bool(_orders(wanted) - _orders(present))


def now_visible() -> int:
    """Return a mark: what commits after this moment has its number, or a greater one."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def refill(wanted: Built, turning: Turning) -> int:
    """Write words, order and turned values of every record as a version has them; how many.

    Raises Conflict for a value that no longer fits and that nothing replaces.
    """
    changed, last = 0, UUID(int=0)
    while True:
        rows = list(wanted.live.objects.filter(row_id__gt=last).order_by("row_id")[:BATCH])
        if not rows:
            return changed
        last = rows[-1].row_id
        changed += _refill(wanted, rows, turning)


def follow(wanted: Built, turning: Turning, mark: int, *, now: bool = False) -> int:
    """Do the same for the records written since a mark; return how many.

    now: wait for no record; raise psycopg's LockNotAvailable where another holds one.
    """
    written = Change.objects.filter(registry_id=wanted.id, tx__gte=mark).values("id")
    found = wanted.live.objects.filter(row_change__in=written).order_by("row_id")
    rows = list(found.select_for_update(nowait=True) if now else found)
    for start in range(0, len(rows), BATCH):
        _refill(wanted, rows[start : start + BATCH], turning)
    return len(rows)


def _refill(wanted: Built, rows: list[Any], turning: Turning) -> int:
    names = ["row_words", *_orders(wanted), *turning.names]
    for row in rows:
        if turning:
            turning.apply(row)
        columns = {name: getattr(row, name) for one in wanted.columns for name in one.names}
        row.row_words = values.derived(wanted, columns)["row_words"]
        for one in wanted.columns:
            if one.ordered:
                kept = columns[one.name]
                setattr(row, one.beside[0], sort_key(kept) if kept else None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('cuaso.rederive', 'on', true)")
        wanted.live.objects.bulk_update(rows, dict.fromkeys(names), batch_size=BATCH)
        cursor.execute("select set_config('cuaso.rederive', '', true)")
    return len(rows)


def refill_history(built: Built, paths: Iterable[str]) -> int:
    """Write into the past versions what turned fields were, as owner; return how many.

    A value that the new type cannot hold stays as it was, and the history says it so.
    """
    asked, here = set(paths), values.context(built)
    casters = [
        Caster(Turn(before=one.column, after=built.by_path[one.column.path]), here)
        for one in built.twins
        if one.column.path in asked
    ]
    changed, last = 0, 0
    while casters:
        rows: list[Any] = list(
            built.past.objects.filter(row_version__gt=last).order_by("row_version")[:BATCH]
        )
        if not rows:
            break
        last = rows[-1].row_version
        for caster in casters:
            changed += _refill_past(built, caster, rows)
    return changed


def _refill_past(built: Built, caster: Caster, rows: list[Any]) -> int:
    before, after = caster.turn.before, caster.turn.after
    given: list[tuple[int, dict[str, Any]]] = []
    for row in rows:
        if after.read(row) is None and (value := before.read(row)) is not None:
            made, why = caster.cast(value)
            if not why:
                given.append((row.row_version, after.write(made)))
    if given:
        with running.owners() as (execute, _):
            execute(_past_statement(built, after, given))
    return len(given)


def _past_statement(
    built: Built, after: Column, given: list[tuple[int, dict[str, Any]]]
) -> psycopg.sql.Composed:
    kinds = {after.name: after.kind, after.beside[0]: after.beside[1]}
    types = {name: definition.type_of(kind) for name, kind in kinds.items() if name}
    rows = sql.SQL(", ").join(
        sql.SQL("({})").format(
            sql.SQL(", ").join(
                [
                    sql.Literal(version),
                    *(
                        sql.SQL("{}::" + types[name]).format(_literal(columns[name], kinds[name]))
                        for name in types
                    ),
                ]
            )
        )
        for version, columns in given
    )
    names = [sql.Identifier(name) for name in types]
    return sql.SQL(
        "update {past} p set {pairs} from (values {rows}) as v (row_version, {names})"
        " where p.row_version = v.row_version"
    ).format(
        past=sql.Identifier(past_of(built.table)),
        pairs=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name) for name in names),
        rows=rows,
        names=sql.SQL(", ").join(names),
    )


def _literal(value: object, kind: str) -> sql.Literal:
    return sql.Literal(Jsonb(value) if kind == "json" and value is not None else value)


def _orders(built: Built) -> set[str]:
    return {one.beside[0] for one in built.columns if one.ordered}


def _searched(built: Built) -> tuple[object, ...]:
    declared = built.declared
    return declared.searched, frozenset(declared.masks)
