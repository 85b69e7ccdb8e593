"""Databases that sessions of tests copy: the tables alone, and the furnished house.

`./cuaso test` makes both once, with a folder of keys and files that is copied too, and each of its
sessions begins with a copy. A session that is run alone makes its own.
"""

import os

import psycopg
from django.db import connection
from psycopg import sql

from cuaso.wiring import installation

TABLES = "tables"
HOUSE = "as_furnished"


def are_made() -> bool:
    """Say whether this session may copy what `./cuaso test` has made."""
    return "CUASO_TEST_COPIES" in os.environ


def make() -> None:
    """Make both databases, the second from the first."""
    connection.settings_dict["TEST"]["NAME"] = _named(TABLES)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    _copy(_named(TABLES), name=_named(HOUSE))
    installation.install_everything()
    connection.close()


def take(*, furnished: bool) -> None:
    """Make the session's own database as a copy, and work in it from now on.

    `./cuaso test` drops it at its end, with what was copied.
    """
    _copy(_named(HOUSE if furnished else TABLES), name=connection.settings_dict["TEST"]["NAME"])


def _copy(template: str, *, name: str) -> None:
    connection.close()
    _tell_server("drop database if exists {} with (force)", name)
    _tell_server("create database {} template {}", name, template)
    connection.settings_dict["NAME"] = name


def _named(kind: str) -> str:
    return f"{os.environ['CUASO_TEST_COPIES']}_{kind}"


def _tell_server(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
