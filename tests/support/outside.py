"""The outside world for tests of the furnished house: real simulators on loopback sockets."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from cuaso.capabilities.exchange.logic.source import BREAKER
from cuaso_simulators.process import free_port, running


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Addresses of the simulators, and how to make one fail."""

    population: str
    timestamp: str
    trust: Path

    def fault(self, address: str, mode: str) -> None:
        """Make a simulator be ok, down, slow or talk garbage."""
        httpx.post(f"{address}/faults", json={"mode": mode}).raise_for_status()


@pytest.fixture(scope="session")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    population = ("--folder", str(folder / "population"), "--seed", "7")
    timestamp = ("--folder", str(folder / "timestamp"))
    secrets = {"CUASO_POPULATION_TOKEN": "test"}
    with (
        running(
            "cuaso_simulators.population", *population, port=free_port(), environment=secrets
        ) as people,
        running("cuaso_simulators.timestamp", *timestamp, port=free_port()) as stamps,
    ):
        yield Outside(population=people, timestamp=stamps, trust=folder / "timestamp" / "trust")


@pytest.fixture
def outside(simulators: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Yield the simulators, all well at the beginning and at the end of each test."""
    monkeypatch.setenv("CUASO_POPULATION_URL", simulators.population)
    monkeypatch.setenv("CUASO_BUSINESSES_URL", simulators.population)
    monkeypatch.setenv("CUASO_POPULATION_TOKEN", "test")
    monkeypatch.setenv("CUASO_TSA_URL", simulators.timestamp)
    monkeypatch.setenv("CUASO_TRUST_FOLDER", str(simulators.trust))
    BREAKER.succeeded()
    yield simulators
    BREAKER.succeeded()
    simulators.fault(simulators.population, "ok")
    simulators.fault(simulators.timestamp, "ok")
