"""A small registry whose records go a drawn way and have papers: permits to moor."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView
from cuaso.capabilities.registries.tests.conftest import DATA, INSTALLER, MOMENT, official
from cuaso.declarations import packs
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

QUAY = Path(__file__).with_name("quay")
KEY = "quay/berth"
OWNER = "so-nong-nghiep-va-moi-truong-gia-lai"
BERTH = {
    "number": "ND-0001",
    "holder": {
        "full_name": "Võ Thị Hạ Lam",
        "personal_number": "052192000001",
        "birth_date": "10/02/1992",
    },
    "days": "20",
    "commune": "21583",
    "boats": [{"name": "Hải Âu"}, {"name": "Biển Xanh"}],
}


@pytest.fixture
def quay(db: None) -> Iterator[packs.Pack]:
    """Yield a pack installed: permits to moor, with their drawn way and their papers."""
    with clock.at(MOMENT):
        directory.install_folder(DATA, demonstration=True)
        dictionary.install_folder(QUAY / "codes")
        pack = packs.load(QUAY)
        registries.install("quay", dict(pack.registries), actor=INSTALLER)
        yield pack


@pytest.fixture
def handler(quay: packs.Pack) -> Actor:
    return official(OWNER, "handler")


@pytest.fixture
def leader(quay: packs.Pack) -> Actor:
    return official(OWNER, "leader")


def added(actor: Actor, **values: object) -> RecordView:
    return registries.add(registry=KEY, values={**BERTH, **values}, actor=actor)


def move(id: UUID, to: str, actor: Actor, *, reason: str = "", **values: str) -> RecordView:
    return registries.move(
        registry=KEY, id=id, to=to, actor=actor, values=dict(values), reason=reason
    )


def seen(id: UUID, actor: Actor) -> RecordView:
    return registries.record(registry=KEY, id=id, actor=actor)


def steps(id: UUID, actor: Actor) -> list[tuple[str, str, bool]]:
    """Return title, lane and whether it is the reader's, of each step at which a record waits."""
    return [(one.title, one.lane, one.mine) for one in seen(id, actor).turns]


def days_later(days: int) -> AbstractContextManager[None]:
    return clock.at(MOMENT + timedelta(days=days))
