from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.db import transaction

from cuaso.capabilities.messages import api
from cuaso.capabilities.messages.contracts import Recipient, Template
from cuaso.kernel.actors import system
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso_simulators.process import free_port, running

INSTALLER = system("Cài đặt")
LAM = Recipient(name="Võ Thị Hạ Lam", email="lam@example.com", phone="0900000122")
TEXTS = (
    Template(
        id="received",
        channel="email",
        subject="Đã tiếp nhận hồ sơ {code}",
        body="Kính gửi {name},\nHồ sơ {code} đã được tiếp nhận, hẹn trả {due}.\n",
        names=frozenset({"name", "code", "due"}),
    ),
    Template(
        id="received",
        channel="sms",
        body="Hồ sơ {code} đã được tiếp nhận, hẹn trả {due}.",
        names=frozenset({"name", "code", "due"}),
    ),
    Template(
        id="received",
        channel="sms",
        language="en",
        body="Dossier {code} was received, due {due}.",
        names=frozenset({"name", "code", "due"}),
    ),
)
CONTEXT = {"name": "Võ Thị Hạ Lam", "code": "H08.12.05-250701-0001", "due": "08/07/2025"}


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The simulator of both channels."""

    address: str

    def items(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = httpx.get(f"{self.address}/messages").json()["items"]
        return listed

    def fault(self, mode: str) -> None:
        httpx.post(f"{self.address}/faults", json={"mode": mode}).raise_for_status()


@pytest.fixture(scope="module")
def post_office() -> Iterator[tuple[str, int]]:
    port, smtp_port = free_port(), free_port()
    arguments = ("--smtp-port", str(smtp_port), "--receipt-after", "60")
    with running("cuaso_simulators.sms", *arguments, port=port) as address:
        yield address, smtp_port


@pytest.fixture
def outside(post_office: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    address, smtp_port = post_office
    monkeypatch.setenv("CUASO_SMTP", f"127.0.0.1:{smtp_port}")
    monkeypatch.setenv("CUASO_SMS_URL", address)
    monkeypatch.setenv("CUASO_SMS_SECRET", "bí mật")
    monkeypatch.delenv("CUASO_SMS_TOKEN", raising=False)
    simulator = Outside(address=address)
    yield simulator
    simulator.fault("ok")


@pytest.fixture
def texts(db: None) -> None:
    api.install(templates=TEXTS, actor=INSTALLER)


def dossier() -> Subject:
    return Subject(kind="procedures.dossier", id=new_id())


def tell(subject: Subject, *, key: str = "k", to: Recipient = LAM, **more: object) -> UUID:
    with transaction.atomic():
        return api.send(
            template="received", to=to, context={**CONTEXT, **more}, subject=subject, key=key
        )
