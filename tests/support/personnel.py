"""Officials who join, move and leave: decisions as the department of home affairs writes them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import AccountCard
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.personnel import api as personnel
from cuaso_simulators.officials import signing
from cuaso_simulators.process import free_port, running
from tests.support.apparatus import HOUSE, key
from tests.support.dossiers import let_the_house_work
from tests.support.registers import entered, holder, moved

SECRET = "mot-bi-mat-chung-cua-phep-thu"


def work() -> None:
    """Let the worker's loops for personnel run until nothing moves."""
    let_the_house_work()
    while personnel.act_due():
        let_the_house_work()


def morning(day: str) -> datetime:
    """Return five past midnight of a day such as 2026-11-01."""
    return datetime.fromisoformat(f"{day}T00:05:00+07:00")


def decided(number: int, act: str, effective: str, *, of: str, **said: str) -> RecordView:
    """Return an issued decision on an official; `effective` is a day as typed."""
    handler, leader = holder(HOUSE, "handler"), holder(HOUSE, "leader")
    fixed = {"signed_on": "01/10/2026", "from_org": "", "to_org": "", "post": "", "until": ""}
    fixed |= {"term_months": "", "planned": ""}
    one = entered(
        key("personnel_decision"),
        handler,
        number=f"QĐNS-{number:05}/2026",
        official=of,
        act=act,
        effective=effective,
        **{**fixed, **said},
    )
    return moved(moved(one, "check", handler), "issue", leader)


def account_of(number: str) -> AccountCard | None:
    """Return the official's account of a person by personal number."""
    person = directory.find_person(number)
    return identity.official_account(person.id) if person else None


def titles(number: str, day: str) -> list[str]:
    """Return the posts that a person holds on a day such as 2026-11-01."""
    person = directory.find_person(number)
    on = clock.legal_date(morning(day))
    return [post.title for post in directory.posts_of(person.id, on)] if person else []


def again(record: RecordView, actor: Actor) -> RecordView:
    """Return a record as it is now."""
    return registries.record(registry=record.registry, id=record.id, actor=actor)


class NationalDatabase:
    """The simulator at the other end."""

    def __init__(self, address: str) -> None:
        self.address = address

    def fault(self, mode: str) -> None:
        self._post("/faults", {"mode": mode})

    def edit(self, code: str, **fields: str) -> None:
        """Let the ministry change an official, or enter one whom it did not know."""
        said = {name.replace("__", "."): value for name, value in fields.items()}
        self._post("/edit", {"code": code, "fields": said})

    def forget(self, code: str) -> None:
        self._post("/forget", {"code": code})

    def there(self, code: str) -> dict[str, Any]:
        """Return the official as the other side knows them, {} for none."""
        path = f"/officials/{code}"
        headers = signing.headers(secret=SECRET, method="GET", path=path, body=b"")
        answer = httpx.get(self.address + path, headers=headers)
        return dict(answer.json()["fields"]) if answer.is_success else {}

    def _post(self, path: str, told: object) -> None:
        httpx.post(self.address + path, json=told).raise_for_status()


@pytest.fixture(scope="session")
def officials_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(
        "cuaso_simulators.officials",
        *("--folder", str(tmp_path_factory.mktemp("officials"))),
        port=free_port(),
        environment={"CUASO_OFFICIALS_SECRET": SECRET},
    ) as address:
        yield address


@pytest.fixture
def ministry(
    officials_simulator: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NationalDatabase]:
    """Yield the national database, well and without officials at the end of each test."""
    monkeypatch.setenv("CUASO_OFFICIALS_URL", officials_simulator)
    monkeypatch.setenv("CUASO_OFFICIALS_SECRET", SECRET)
    yield NationalDatabase(officials_simulator)
    httpx.post(f"{officials_simulator}/faults", json={"mode": "ok"}).raise_for_status()
    httpx.post(f"{officials_simulator}/forget", json={}).raise_for_status()
