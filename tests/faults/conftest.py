"""A whole running house of its own, whose processes may be killed, and what stands in its rows."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from cuaso.wiring.running_house import RunningHouse, running_house
from tests.faults.state import State
from tests.support import people
from tests.support.answers import MOTHER
from tests.support.people import Api


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RunningHouse]:
    """Yield a house apart from `live_house`: here processes die."""
    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        connection.close()
    var = Path(settings.VAR)
    surroundings = {**os.environ, "CUASO_VAR": str(var)}
    with running_house(surroundings, template=template, furnished_in=var) as running:
        yield running


@pytest.fixture(scope="package")
def state(house: RunningHouse) -> State:
    return State(house)


@pytest.fixture(scope="package")
def mother(house: RunningHouse) -> Iterator[Api]:
    person = people.citizen(house, MOTHER)
    yield Api(person)
    person.close()


@pytest.fixture(scope="package")
def staff(house: RunningHouse) -> Iterator[dict[str, Api]]:
    """Yield the officials of Quy Nhơn by role, signed in."""
    names = {
        "reception": "tiepnhan.quynhon",
        "handler": "thuly.quynhon",
        "leader": "lanhdao.quynhon",
        "clerk": "vanthu.quynhon",
    }
    with ExitStack() as stack:
        yield {
            role: Api(stack.enter_context(closing(people.official(house, name))))
            for role, name in names.items()
        }
