from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.declarations import packs
from cuaso.declarations.registries import Registry
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system

HERE = Path(__file__).parent
DATA = Path(__file__).parents[5] / "packs" / "province" / "data"
MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)
INSTALLER = system("Cài đặt")
VESSEL = {
    "number": "BĐ-00001-TS",
    "name": "Hải Âu",
    "owner": {
        "full_name": "Võ Thị Hạ Lam",
        "personal_number": "052192000001",
        "birth_date": "10/02/1992",
    },
    "length": "14,5",
    "gear": "vay",
    "commune": "21583",
}


@pytest.fixture
def harbour(db: None) -> Iterator[packs.Pack]:
    """Yield a small pack installed: one registry of vessels, owned by the department."""
    with clock.at(MOMENT):
        directory.install_folder(DATA, demonstration=True)
        dictionary.install_folder(HERE / "harbour" / "codes")
        pack = packs.load(HERE / "harbour")
        registries.install("harbour", dict(pack.registries), actor=INSTALLER)
        yield pack


@pytest.fixture
def vessel(harbour: packs.Pack) -> Registry:
    return harbour.registries["vessel"]


def official(agency: str, *roles: str) -> Actor:
    """Return an official of an agency by its key, with roles."""
    found = directory.agency_by_key(agency)
    return Actor(
        kind="official",
        name=f"Cán bộ {agency}",
        post_id=found.id,
        agency_id=found.id,
        agency_scope=frozenset({found.id}),
        roles=frozenset(roles),
    )


@pytest.fixture
def department(harbour: packs.Pack) -> Actor:
    return official("so-nong-nghiep-va-moi-truong-gia-lai", "handler")


@pytest.fixture
def commune(harbour: packs.Pack) -> Actor:
    return official("ubnd-21583", "handler")


@pytest.fixture
def other_commune(harbour: packs.Pack) -> Actor:
    return official("ubnd-21952", "handler")
