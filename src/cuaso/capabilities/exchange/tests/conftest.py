from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from cuaso.capabilities.exchange.contracts import ChildFacts, Consent
from cuaso.capabilities.exchange.logic import source
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso_simulators.process import free_port, running

OFFICER = Actor(kind="official", name="Lê Thị Minh An", person_id=new_id())
MOMENT = datetime(2025, 7, 2, 2, 0, tzinfo=UTC)
CHILD = ChildFacts(name="Trần Minh Khôi", birth_date=date(2025, 6, 30), sex="male")
LAM_NUMBER = "052196000122"
PEOPLE = (
    "key,kind,name,personal_number,tax_code,birth_date,sex,place_code,address\n"
    f"lam,person,Võ Thị Hạ Lam,{LAM_NUMBER},,1996-05-04,female,21583,12 đường Minh Hoạ\n"
)


@dataclass(frozen=True, kw_only=True)
class Source:
    address: str

    def fault(self, mode: str, delay_seconds: float = 0) -> None:
        body = {"mode": mode, "delay_seconds": delay_seconds}
        httpx.post(f"{self.address}/faults", json=body).raise_for_status()


@pytest.fixture(scope="module")
def running_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("population")
    people = folder / "people.csv"
    people.write_text(PEOPLE)
    arguments = ("--folder", str(folder), "--seed", "7", "--people", str(people))
    secrets = {"CUASO_POPULATION_TOKEN": "test"}
    module = "cuaso_simulators.population"
    with running(module, *arguments, port=free_port(), environment=secrets) as address:
        yield address


@pytest.fixture
def population_source(running_source: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.setenv("CUASO_POPULATION_URL", running_source)
    monkeypatch.setenv("CUASO_POPULATION_TOKEN", "test")
    source.BREAKER.succeeded()
    simulator = Source(address=running_source)
    yield simulator
    simulator.fault("ok")
    source.BREAKER.succeeded()


def dossier() -> Subject:
    return Subject(kind="procedures.dossier", id=new_id())


def consent(*scope: str) -> Consent:
    return Consent(id=new_id(), given_at=MOMENT, scope=frozenset(scope or ("population",)))
