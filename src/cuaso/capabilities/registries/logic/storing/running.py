"""Runs statements of definition as the tables' owner, with a short wait for locks and a retry."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from cuaso.capabilities.registries.logic.storing.definition import Statement
from cuaso.kernel.errors import Unavailable

LOCK_WAIT: Final = "2s"
TRIES: Final = 5
Execute = Callable[[Any], Any]


@contextmanager
def owners() -> Iterator[tuple[Execute, bool]]:
    """Yield what executes a statement as owner, and whether statements may run alone.

    Within a transaction statements are part of it. Otherwise they go by a connection of the
    owner (CUASO_OWNER_DATABASE_URL), or by this process's own where it owns its tables.
    """
    own = None if connection.in_atomic_block else settings.CUASO_OWNER_DATABASE
    if not own:
        with connection.cursor() as cursor:
            yield cursor.execute, not connection.in_atomic_block
        return
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(own, dbname=name, autocommit=True) as session:
        yield session.execute, True


def exists(table: str) -> bool:
    """Say whether a table is there."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [table])
        return bool(cursor.fetchone()[0])


def columns_there(table: str) -> frozenset[str]:
    """Return the names of the columns that a table has."""
    return _names(
        "select attname from pg_attribute where attnum > 0 and not attisdropped"
        " and attrelid = to_regclass(%s)",
        table,
    )


def indexes_on(*tables: str, whole: bool = False) -> frozenset[str]:
    """Return the names of the indexes on tables, those of primary keys left out.

    whole: also those left out whose building was interrupted.
    """
    text = (
        "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid"
        " where i.indrelid = to_regclass(%s) and not i.indisprimary"
    )
    valid = " and i.indisvalid" if whole else ""
    return frozenset().union(*(_names(f"{text}{valid}", table) for table in tables))


def _names(text: str, table: str) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(text, [table])
        return frozenset(str(row[0]) for row in cursor.fetchall())


def run(statements: Iterable[Statement], *, empty: bool = False) -> None:
    """Run statements in order; raise Unavailable when a lock is not given in time.

    empty: the tables are new, so that indexes need not be built concurrently and all is one step.
    """
    with owners() as (execute, alone):
        if empty or not alone:
            _run_together(list(statements), execute)
            return
        execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(LOCK_WAIT)))
        try:
            for statement in statements:
                _run(statement, execute)
        finally:
            execute(sql.SQL("set lock_timeout = 0"))


def _run_together(statements: list[Statement], execute: Execute) -> None:
    texts = [one.text.as_string(None) for one in statements]
    plain = [
        text.replace(" concurrently ", " ", 1) if one.alone else text
        for one, text in zip(statements, texts, strict=True)
    ]
    execute(";\n".join(plain))


def _run(statement: Statement, execute: Execute) -> None:
    if statement.alone:
        execute(_drop_if_broken(statement.index))
    for attempt in range(TRIES):
        try:
            execute(statement.text)
        except Exception as error:
            if not waited_for_lock(error):
                if statement.alone:
                    execute(_drop_if_broken(statement.index))
                raise
            if attempt == TRIES - 1:
                raise busy(statement.say) from error
            time.sleep(0.2 * 2**attempt)
        else:
            return


def _drop_if_broken(index: str) -> sql.Composed:
    """An index whose building was interrupted stays behind invalid, and is made anew."""
    return sql.SQL(
        "do $$ begin if exists (select 1 from pg_index i join pg_class c on c.oid = i.indexrelid"
        " where c.relname = {} and not i.indisvalid) then execute format('drop index %I', {});"
        " end if; end $$"
    ).format(sql.Literal(index), sql.Literal(index))


def waited_for_lock(error: BaseException) -> bool:
    """Say whether a statement failed since another held a lock for too long."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return isinstance(cause, psycopg.errors.LockNotAvailable)


def busy(say: str) -> Unavailable:
    """Return the refusal of a step for which a table was not free in time."""
    return Unavailable(
        code="registries.table_busy",
        what="Chưa thay đổi được cấu trúc sổ.",
        why=f"Bảng đang bận, chưa thực hiện được bước “{say}”.",
        mend="Hệ thống sẽ tự làm lại; không có dữ liệu nào bị đổi.",
    )
