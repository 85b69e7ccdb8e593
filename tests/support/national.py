"""The national portal for tests of the furnished house: its simulator on a loopback socket, and
messages as it signs them.
"""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import Client

from cuaso.capabilities.payments.models import Credit, Receipt, Refund
from cuaso.foundation.directory.models import Person
from cuaso.foundation.files.models import StoredFile
from cuaso.kernel import clock
from cuaso.services.national_portal import api as national_portal
from cuaso.services.national_portal.models import Arrival, FeeNotice, FeeRefund, Link, Update
from cuaso.services.procedures.models import Dossier, Draft
from cuaso_simulators.national_portal import signing
from cuaso_simulators.process import free_port, running
from tests.support.answers import BIRTH, COPY, MARITAL, MOTHER, PDF
from tests.support.dossiers import let_the_house_work

SECRET = "mot-bi-mat-chung-cua-phep-thu"
DOOR = "/lien-thong/quoc-gia/ho-so"
PERSON = {"personal_number": MOTHER, "name": "Võ Thị Hạ Lam", "phone": "0900000122"}


class Portal:
    """The simulator at the other end, and messages that it would sign."""

    def __init__(self, address: str) -> None:
        self.address = address

    def fault(self, mode: str) -> None:
        httpx.post(f"{self.address}/faults", json={"mode": mode}).raise_for_status()

    def there(self, code: str) -> dict[str, Any]:
        path = f"/dossiers/{code}"
        headers = signing.headers(secret=SECRET, method="GET", path=path, body=b"")
        return dict(httpx.get(self.address + path, headers=headers).json())

    def statuses(self, code: str) -> list[int]:
        return [one["status"] for one in self.there(code)["statuses"]]

    def forget(self, code: str, *, after: int = -1) -> None:
        told = {"code": code, "after": after}
        httpx.post(f"{self.address}/forget", json=told).raise_for_status()

    def knows(self, code: str) -> None:
        """Let the portal hand the dossier in; here nobody answers it, the tests do."""
        httpx.post(f"{self.address}/submit", json={"code": code}).raise_for_status()

    def pays(self, code: str, amount_vnd: int, *, transaction: str) -> dict[str, object]:
        """Let the portal take a fee; return the notice that it would send."""
        told = {"code": code, "amount_vnd": amount_vnd, "transaction": transaction}
        paid_at = clock.now().astimezone(clock.VIETNAM).isoformat(timespec="seconds")
        answer = httpx.post(f"{self.address}/pay", json={**told, "paid_at": paid_at})
        answer.raise_for_status()
        del told["code"]
        return {**told, "currency": "VND", "paid_at": paid_at}

    def gives_back_by_hand(self) -> None:
        """Let refunds wait for a person at the portal."""
        httpx.post(f"{self.address}/by-hand").raise_for_status()

    def gives_back(
        self, refund: str, *, state: str = "done", reason: str = ""
    ) -> dict[str, object]:
        """Let a person at the portal settle a refund; return the notice that it would send."""
        at = clock.now().astimezone(clock.VIETNAM).isoformat(timespec="seconds")
        told = {"refund": refund, "state": state, "reason": reason, "at": at}
        settled = httpx.post(f"{self.address}/give-back", json=told)
        settled.raise_for_status()
        return {**told, "amount_vnd": settled.json()["amount_vnd"]}

    def loses_refunds(self) -> None:
        httpx.post(f"{self.address}/forget", json={"refunds": True}).raise_for_status()

    def post(
        self,
        path: str,
        told: object,
        *,
        secret: str = SECRET,
        at: str = "",
        signed: bytes | None = None,
    ) -> Any:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        headers = signing.headers(
            secret=secret, method="POST", path=path, body=signed or body, at=at
        )
        return Client().post(path, body, content_type="application/json", headers=headers)


def paper(component: str = "birth_notice", content: bytes = PDF) -> dict[str, str]:
    return {
        "component": component,
        "name": "giay-chung-sinh.pdf",
        "media_type": "application/pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": base64.b64encode(content).decode(),
    }


def birth(code: str, **changed: object) -> dict[str, object]:
    return {
        "code": code,
        "procedure_code": "1.001193",
        "applicant": PERSON,
        "values": BIRTH,
        "attachments": [paper()],
        **changed,
    }


def marital(code: str, **changed: object) -> dict[str, object]:
    return {
        "code": code,
        "procedure_code": "1.004873",
        "applicant": PERSON,
        "values": MARITAL,
        **changed,
    }


def copies(code: str, **changed: object) -> dict[str, object]:
    """Return a certified copy that costs 14.000 đồng."""
    return {
        "code": code,
        "procedure_code": "2.000815",
        "applicant": PERSON,
        "values": COPY,
        **changed,
    }


def kept() -> dict[str, int]:
    """Count every row that a message may leave."""
    models = (
        *(Dossier, Draft, Person, StoredFile, Arrival, Link, Update),
        *(FeeNotice, FeeRefund, Credit, Receipt, Refund),
    )
    return {model.__name__: model.objects.count() for model in models}


def synchronise(turns: int = 20) -> None:
    for _ in range(turns):
        let_the_house_work()
        if not national_portal.send_due():
            return


def sync_state(dossier: Dossier) -> str:
    return str(Dossier.objects.get(id=dossier.id).sync_state)


@pytest.fixture(scope="session")
def national_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(
        "cuaso_simulators.national_portal",
        *("--folder", str(tmp_path_factory.mktemp("national"))),
        port=free_port(),
        environment={"CUASO_NATIONAL_SECRET": SECRET},
    ) as address:
        yield address


@pytest.fixture
def portal(national_simulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Yield the national portal, well and without dossiers at the end of each test."""
    monkeypatch.setenv("CUASO_NATIONAL_URL", national_simulator)
    monkeypatch.setenv("CUASO_NATIONAL_SECRET", SECRET)
    yield Portal(national_simulator)
    httpx.post(f"{national_simulator}/faults", json={"mode": "ok"}).raise_for_status()
    httpx.post(f"{national_simulator}/forget", json={}).raise_for_status()


@pytest.fixture
def qg_code() -> str:
    """Return a code as the national portal gives it, another in each test."""
    return f"QG-{time.monotonic_ns()}"


@pytest.fixture
def handed_in(portal: Portal, qg_code: str) -> Dossier:
    """Return a birth registration that came from the national portal."""
    portal.knows(qg_code)
    answer = portal.post(DOOR, birth(qg_code))
    assert answer.status_code == 200, answer.content.decode()
    return Dossier.objects.get(tracking_code=answer.json()["tracking_code"])
