"""Fixtures of a furnished house: the province, its packs, its invented people, keys and accounts.

Tests of services, channels and the whole house share one database that is furnished once a
session. Tests of lower floors begin with empty tables, so the two kinds run in sessions of their
own: `./cuaso test` starts both.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.wiring import installation
from cuaso.wiring.pytest_sessions import FURNISHED
from tests.support import copies
from tests.support.answers import MOTHER, QUY_NHON

WEDNESDAY_MORNING = datetime(2026, 10, 7, 9, 0, tzinfo=clock.VIETNAM)


def is_furnished(path: Path, root: Path) -> bool:
    """Say whether the tests of a file expect a furnished house."""
    return path.is_relative_to(root) and path.relative_to(root).as_posix().startswith(FURNISHED)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kinds = {is_furnished(item.path, config.rootpath) for item in items}
    if len(kinds) > 1:
        raise pytest.UsageError(
            "Tests of engines (empty tables) and of the furnished house run apart: "
            "give pytest paths of one kind, or use ./cuaso test."
        )
    config.stash[FURNISH] = kinds == {True}


FURNISH = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> None:
    """Give the session its database: a copy where `./cuaso test` made one, else made here."""
    furnished = request.config.stash.get(FURNISH, False)
    if copies.are_made():
        with django_db_blocker.unblock():
            copies.take(furnished=furnished)
        return
    request.getfixturevalue("django_db_setup")  # pytest-django's own
    if furnished:
        with django_db_blocker.unblock():
            installation.install_everything()


@pytest.fixture
def working_morning() -> Iterator[datetime]:
    """Hold the clock at nine on a working Wednesday."""
    with clock.at(WEDNESDAY_MORNING):
        yield WEDNESDAY_MORNING


@pytest.fixture
def official(db: None) -> Callable[..., Actor]:
    """Return who holds a role below a commune's committee (Quy Nhơn unless said otherwise)."""

    def find(role: str, place: str = QUY_NHON) -> Actor:
        committee = directory.competent_agency(place, "commune")
        holder = directory.holders_below(committee.id, role)[0]
        return directory.actor_for_post(holder.post.id)

    return find


@pytest.fixture
def citizen(db: None) -> Callable[..., Actor]:
    """Return an invented citizen by personal number, acting for themselves."""

    def find(number: str = MOTHER) -> Actor:
        person = directory.find_person(number)
        assert person is not None
        return Actor(kind="citizen", name=person.name, person_id=person.id)

    return find


class _OwnTransactions:
    """The connection, as an act that runs outside a test's transaction sees it."""

    def __init__(self) -> None:
        self._around = len(connection.savepoint_ids)

    @property
    def in_atomic_block(self) -> bool:
        return len(connection.savepoint_ids) > self._around


@pytest.fixture
def own_transactions(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every act open its transaction before it writes in the ledger, as it must in a house:
    that in which a test runs does not count.
    """
    del db
    monkeypatch.setattr("cuaso.foundation.audit.logic.record.connection", _OwnTransactions())
