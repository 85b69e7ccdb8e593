import hashlib
import hmac

import pytest

from cuaso.capabilities.messages.models import Delivery
from tests.rest.conftest import ROOT
from tests.support.dossiers import submit_birth

SECRET = "bi-mat-cua-cong"


def signed(provider_id, state, secret=SECRET):
    told = f"{provider_id}.{state}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


@pytest.fixture
def sent(monkeypatch, citizen, working_morning, db):
    """An SMS about a submitted dossier that the gateway has taken."""
    monkeypatch.setenv("CUASO_SMS_SECRET", SECRET)
    submit_birth(citizen())
    delivery = Delivery.objects.filter(channel="sms").first()
    Delivery.objects.filter(id=delivery.id).update(state="sent", provider_id="gw-1")
    return delivery


def report(client, state, signature):
    return client.post(
        f"{ROOT}/message-receipts",
        {"provider_id": "gw-1", "state": state},
        content_type="application/json",
        headers={"X-Signature": signature},
    )


def test_the_gateway_reports_that_a_message_arrived(client, sent):
    assert report(client, "delivered", signed("gw-1", "delivered")).status_code == 204
    assert Delivery.objects.get(id=sent.id).state == "delivered"


def test_a_forged_receipt_is_refused_and_nothing_changed(client, sent):
    assert report(client, "delivered", signed("gw-1", "delivered", "khac")).status_code == 403
    assert Delivery.objects.get(id=sent.id).state == "sent"
