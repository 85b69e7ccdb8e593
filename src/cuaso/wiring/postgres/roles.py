"""Four roles: owner makes tables, app works on rows, reader and auditor only look.

No process runs as the owner or as superuser.
"""

from collections.abc import Sequence

import psycopg
from psycopg import sql

OWNER = "cuaso_owner"
APP = "cuaso_app"
READER = "cuaso_reader"
AUDITOR = "cuaso_auditor"
ROLES = (OWNER, APP, READER, AUDITOR)
# Past versions of records: written by triggers of the owner alone.
HISTORY = "h_"

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "postgis")


def prepare(*, server_url: str, database: str) -> None:
    """Make the roles and the database when they are missing. server_url names a superuser.

    Text is compared byte by byte whatever the server's own order is: the house keeps the order of
    Vietnamese in columns of its own, and puts rows of two tables in order as the database does.
    """
    with psycopg.connect(server_url, autocommit=True) as connection:
        make_roles(connection)
        known = connection.execute("select 1 from pg_database where datname = %s", [database])
        if known.fetchone() is None:
            make = sql.SQL(
                "create database {} owner {} template template0 encoding 'UTF8' lc_collate 'C'"
            )
            connection.execute(make.format(sql.Identifier(database), sql.Identifier(OWNER)))


def make_roles(connection: psycopg.Connection) -> None:
    for role in ROLES:
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    # The app filters by itself, and COPY refuses whoever a policy may filter.
    connection.execute(sql.SQL("alter role {} bypassrls").format(sql.Identifier(APP)))


def add_extensions(*, url: str) -> tuple[str, ...]:
    """Add what the server offers of the wanted extensions; return those it has. url: superuser."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("select name from pg_available_extensions").fetchall()
        offered = {row[0] for row in rows}
        have = tuple(name for name in EXTENSIONS if name in offered)
        for name in have:
            make = sql.SQL("create extension if not exists {}")
            connection.execute(make.format(sql.Identifier(name)))
        return have


def grant(
    *,
    url: str,
    read_only: Sequence[str] = (),
    append_only: Sequence[str] = (),
    reader: Sequence[str] = (),
    auditor: Sequence[str] = (),
) -> None:
    """Say anew what each role may do with each table. url: the tables' owner or a superuser.

    read_only, append_only: tables that the app may not write, or may only add to. reader,
    auditor: prefixes of tables that these roles may read; they get nothing else.
    """
    with psycopg.connect(url) as connection:
        for role in (APP, READER, AUDITOR):
            _say(connection, "grant usage on schema public to {}", role)
        _say(connection, "grant usage, select, update on all sequences in schema public to {}", APP)
        guarded = _guarded(connection)
        for table in _tables(connection):
            _say(connection, "revoke all on {} from {}, {}", table, APP, AUDITOR)
            if table not in guarded:
                _say(connection, "revoke all on {} from {}", table, READER)
            for right in _rights(table, read_only=read_only, append_only=append_only):
                _say(connection, f"grant {right} on {{}} to {{}}", table, APP)
            for role, prefixes in ((READER, reader), (AUDITOR, auditor)):
                if table.startswith(tuple(prefixes)):
                    _say(connection, "grant select on {} to {}", table, role)


def _rights(table: str, *, read_only: Sequence[str], append_only: Sequence[str]) -> tuple[str, ...]:
    if table in read_only or table.startswith(HISTORY):
        return ("select",)
    if table in append_only:
        return ("select", "insert")
    return ("select", "insert", "update", "delete")


def _say(connection: psycopg.Connection, statement: str, *names: str) -> None:
    parts = [sql.Identifier(name) for name in names]
    connection.execute(sql.SQL(statement).format(*parts))


def _guarded(connection: psycopg.Connection) -> frozenset[str]:
    """Return the tables whose rows a policy shows to the reader: who wrote it gave the columns."""
    rows = connection.execute("select tablename from pg_policies where %s = any(roles)", [READER])
    return frozenset(str(row[0]) for row in rows.fetchall())


def _tables(connection: psycopg.Connection) -> list[str]:
    """Return tables and views of the house itself, not those that an extension brought."""
    rows = connection.execute(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')"
        " and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')"
    )
    return [row[0] for row in rows.fetchall()]
