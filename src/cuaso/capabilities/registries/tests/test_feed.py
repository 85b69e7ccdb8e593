"""A program follows what changes in a registry, while others write at the same time."""

import os
import secrets
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.tests.beside import told
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
KEY = "harbour/vessel"


@pytest.fixture(scope="module")
def met(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    """Return what a program met in a database of its own: several connections have to commit."""
    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        connection.close()
    server, name = os.environ["DATABASE_URL"], f"feed_{secrets.token_hex(6)}"
    own = server.split("?")[0].rsplit("/", 1)[1]
    # A transaction that runs in another database of the server must hold nobody up.
    with psycopg.connect(server) as other, psycopg.connect(server, autocommit=True) as direct:
        other.execute("select pg_current_xact_id()")
        words = sql.SQL("create database {} template {}")
        direct.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            found: dict[str, Any] = told(server.replace(f"/{own}", f"/{name}", 1), "late")
        finally:
            dropping = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            direct.execute(dropping)
    return found


def test_a_program_misses_no_change_that_commits_late_and_meets_none_twice(
    met: dict[str, Any],
) -> None:
    assert met["first"] == [["added", "1 there"]]
    assert met["second"] == [["added", "2 there"], ["added", "3 there"]]
    assert met["third"] == []


def test_a_program_reads_a_large_change_by_portions(met: dict[str, Any]) -> None:
    assert met["portions"] == [
        [["added", "11 there", "12 there"]],
        [["added", "13 there", "14 there"]],
        [["added", "15 there"]],
    ]


def test_a_committee_hears_that_a_vessel_has_left_it_and_nothing_more(met: dict[str, Any]) -> None:
    assert met["left"] == [["changed", "1 left"]]


def test_a_program_sends_one_request_twice_at_once_and_it_is_done_once(met: dict[str, Any]) -> None:
    assert met["repeated"] == [1, [False, True]]


def test_a_program_follows_from_an_invented_place_or_without_a_right(department: Actor) -> None:
    for since in ("x", "1", "1.2.3", "9" * 40, "1.2;drop"):
        with pytest.raises(Invalid) as refused:
            registries.feed(registry=KEY, actor=department, since=since)
        assert refused.value.code == "registries.bad_cursor"
    stranger = Actor(kind="citizen", name="Người dân")
    with pytest.raises(NotAllowed):
        registries.feed(registry=KEY, actor=stranger)
