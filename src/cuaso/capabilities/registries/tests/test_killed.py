"""A process killed in the middle of publishing: afterwards all is as before, or as after."""

import os
import secrets
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from cuaso.capabilities.registries.tests.beside import told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Yield the address of a copy of the empty test database."""
    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        connection.close()
    server, name = os.environ["DATABASE_URL"], f"killed_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as direct:
        words = sql.SQL("create database {} template {}")
        direct.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            own = server.split("?")[0].rsplit("/", 1)[1]
            yield server.replace(f"/{own}", f"/{name}", 1)
        finally:
            dropping = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            direct.execute(dropping)


def test_publishing_killed_at_any_statement_leaves_all_as_before_or_as_after(ground: str) -> None:
    found = told(ground, "killed", "12")
    versions = [one["version"] for one in found["met"]]
    assert versions == sorted(versions)
    assert (versions[0], versions[-1]) == (1, 2)
    assert len(versions) > 5
    assert {(one["grew"], one["history"]) for one in found["met"]} == {(1, 0)}
    assert [one["record"] for one in found["met"]] == versions
    # A value that the new type cannot hold is the old one with the old version, else replaced.
    turned = {1: ["không rõ", "added"], 2: [7, "turned", "added"]}
    assert [one["turned"] for one in found["met"]] == [turned[version] for version in versions]
    # The key of the version before is free again, and no half-built index stays.
    assert (found["broken"], found["unique"]) == (0, 3)
