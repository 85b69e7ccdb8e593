"""A payment gateway for the furnished house, and steps of a fee's life as tests tell them."""

import pytest

from cuaso.capabilities.payments.tests.gateway import (
    SECRET,
    TOKEN,
    at_ease,
    running_gateway,
)
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.models import Dossier
from tests.support.answers import COPY

CALLBACKS = "/api/v1/payment-callbacks"
BACK = "http://localhost/ve"


@pytest.fixture(scope="session")
def one_gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(one_gateway, working_morning, monkeypatch):
    monkeypatch.setenv("CUASO_PAYMENTS_URL", one_gateway.address)
    monkeypatch.setenv("CUASO_PAYMENTS_TOKEN", TOKEN)
    monkeypatch.setenv("CUASO_PAYMENTS_SECRET", SECRET)
    at_ease(one_gateway)
    one_gateway.hold_clock(working_morning.isoformat())
    yield one_gateway
    at_ease(one_gateway)


@pytest.fixture
def copies(mother):
    """A certified copy of five pages, twice, asked for online: 14.000 đồng."""
    return submit_copies(mother)


def submit_copies(actor, **changed):
    draft = procedures.start_draft(code="2.000815", actor=actor)
    values = {**COPY, **{path.replace("__", "."): value for path, value in changed.items()}}
    procedures.save_draft(id=draft.id, values=values, actor=actor)
    return procedures.submit(id=draft.id, key="k", actor=actor).dossier_id


def owed_by(dossier_id, actor):
    (owed,) = procedures.fees(id=dossier_id, actor=actor)
    return owed


def pay(gateway, dossier_id, actor, **other):
    """Press “Thanh toán” at the gateway, and return what it calls back with."""
    page = procedures.pay_fee(id=dossier_id, return_url=BACK, actor=actor)
    gateway.press_pay(page.url, **other)
    return gateway.call()


def tell(client, call):
    return client.post(
        CALLBACKS,
        call.body,
        content_type="application/json",
        headers={"X-Signed-At": call.signed_at, "X-Signature": call.signature},
    )


def finance_state(dossier_id):
    return Dossier.objects.get(id=dossier_id).finance_state


def walk_in(actor, key="1", **values):
    taken = WalkIn(
        procedure_code="2.000815",
        applicant_personal_number="052196000122",
        applicant_name="Võ Thị Hạ Lam",
        values={**COPY, **values},
    )
    return procedures.receive_walk_in(walk_in=taken, actor=actor, key=key)
