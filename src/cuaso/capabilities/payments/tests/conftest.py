from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Line, Obligation
from cuaso.capabilities.payments.tests.gateway import (
    SECRET,
    TOKEN,
    Gateway,
    at_ease,
    running_gateway,
)
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

# Half past eight in the morning of Wednesday, the seventh of October 2026, in Vietnam.
MOMENT = datetime(2026, 10, 7, 1, 30, tzinfo=UTC)
AGENCY, DESK = new_id(), new_id()
CITIZEN = Actor(kind="citizen", name="Võ Thị Hạ Lam", person_id=new_id())
FEE = Line(
    title="Phí chứng thực bản sao từ bản chính",
    amount_vnd=14_000,
    kind="phí",
    source="Thông tư 226/2016/TT-BTC",
    unverified=True,
)


@pytest.fixture(scope="session")
def one_gateway() -> Iterator[Gateway]:
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(one_gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Yield the simulator, at the same moment as the test."""
    monkeypatch.setenv("CUASO_PAYMENTS_URL", one_gateway.address)
    monkeypatch.setenv("CUASO_PAYMENTS_TOKEN", TOKEN)
    monkeypatch.setenv("CUASO_PAYMENTS_SECRET", SECRET)
    at_ease(one_gateway)
    one_gateway.hold_clock(MOMENT.isoformat())
    with clock.at(MOMENT):
        yield one_gateway
    at_ease(one_gateway)


@pytest.fixture
def cashier() -> Actor:
    return Actor(
        kind="official",
        name="Lê Thị Minh An",
        person_id=new_id(),
        post_id=new_id(),
        agency_id=DESK,
        roles=frozenset({"reception"}),
    )


@pytest.fixture
def owe(db: None) -> Callable[..., Obligation]:
    """Make an obligation of 14.000 đồng for a dossier of its own."""

    def make(key: str = "", amount_vnd: int = 14_000, subject_id: UUID | None = None) -> Obligation:
        return payments.oblige(
            key=key or str(new_id()),
            payer_id=CITIZEN.person_id or new_id(),
            payer_name=CITIZEN.name,
            title="Chứng thực bản sao, hồ sơ CSX7K2",
            lines=[
                Line(
                    title=FEE.title,
                    amount_vnd=amount_vnd,
                    kind="phí",
                    source=FEE.source,
                    unverified=True,
                )
            ],
            subject=Subject(kind="procedures.dossier", id=subject_id or new_id()),
            agency_id=AGENCY,
            desk_agency_id=DESK,
            actor=CITIZEN,
        )

    return make
