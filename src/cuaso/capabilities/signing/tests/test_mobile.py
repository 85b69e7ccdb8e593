"""KT-h3: signatures by the key in a SIM card; the operator's service answers over a socket."""

import threading
import time

import httpx
import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import providers
from cuaso.capabilities.signing.logic.mobile import keys as mobile_keys
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    PLACES,
    SIGNATURE,
    seal,
)
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable
from cuaso_simulators.loopback import Server
from cuaso_simulators.mobile_signature.service import PIN, MobileSignature

NUMBER = "0912 345 678"


class Operator:
    """The service, and the phone in the signer's hand."""

    def __init__(self, *, server, service):
        self.server, self.service = server, service
        self.url = f"http://127.0.0.1:{server.server_port}"

    def post(self, path, **told):
        return httpx.post(f"{self.url}/{path}", json=told)

    def behave(self, mode, **more):
        self.post("faults", mode=mode, **more).raise_for_status()

    def answers(self, *acts):
        """Have the person do this on the phone when it next asks."""
        hand = threading.Thread(target=self._touch, args=[acts], daemon=True)
        hand.start()
        return hand

    def _touch(self, acts):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            waiting = [name for name, one in self.service.asked.items() if one.code == "504"]
            if waiting:
                for act, pin in acts:
                    self.post(f"phone/{waiting[0]}/{act}", pin=pin)
                return
            time.sleep(0.02)


@pytest.fixture
def operator(cipher, monkeypatch):
    service = MobileSignature(authority=cipher.url, password="bi-mat")
    server = Server(port=0, service=service)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    one = Operator(server=server, service=service)
    monkeypatch.setenv("CUASO_MSS_URL", one.url)
    monkeypatch.setenv("CUASO_MSS_AP_PASSWORD", "bi-mat")
    monkeypatch.setenv("CUASO_MSS_WAIT_SECONDS", "5")
    monkeypatch.setattr(mobile_keys, "PAUSE_SECONDS", 0.05)
    one.post("sims", number="+84912345678", kind="person", name=CHAIR, organisation=AGENCY)
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key(operator):
    hand = operator.answers(("agree", PIN))
    made = signing.register_mobile_key(label="chair", number=NUMBER, actor=ADMINISTRATOR)
    hand.join()
    operator.service.asked.clear()
    return made


def sign(paper):
    return signing.sign_person(
        pdf=paper, key="chair", name=CHAIR, title="Chủ tịch", box=SIGNATURE, fields=PLACES
    )


def test_kt_h3_a_leader_types_the_pin_on_the_phone_and_the_paper_is_signed(
    cipher, operator, key, paper
):
    assert (key.provider, key.subject_name, key.demonstration) == ("mobile", CHAIR, False)
    cipher.certify("seal", kind="agency", name=AGENCY)
    hand = operator.answers(("agree", PIN))
    signed = sign(paper)
    hand.join()
    (one,) = signing.verify(signed).signatures
    assert (one.ok, one.signer, one.level) == (True, CHAIR, "B-T")
    assert signing.verify(seal(signed)).ok
    (asked,) = operator.service.asked.values()
    code = mobile_keys.control_code(asked.digest)
    assert asked.shown == f"Cửa Số: ký một văn bản, mã kiểm tra {code}"
    assert code in httpx.get(operator.url).text
    assert providers.named("mobile").status().ready


def refused(paper):
    with pytest.raises((NotAllowed, Unavailable, NotFound)) as refusal:
        sign(paper)
    return refusal.value.code


def test_a_leader_cancels_on_the_phone_and_a_late_pin_changes_nothing(operator, key, paper):
    hand = operator.answers(("cancel", ""), ("agree", PIN))
    assert refused(paper) == "signing.mobile_refused"
    hand.join()
    (asked,) = operator.service.asked.values()
    assert (asked.code, asked.signature) == ("401", b"")


def test_nobody_types_a_pin_and_after_the_time_it_is_said(operator, key, paper, monkeypatch):
    monkeypatch.setenv("CUASO_MSS_WAIT_SECONDS", "0")
    assert refused(paper) == "signing.mobile_late"


def test_three_wrong_pins_block_the_sim_and_nothing_is_signed(operator, key, paper):
    hand = operator.answers(*[("agree", "0000")] * 3)
    assert refused(paper) == "signing.mobile_blocked"
    hand.join()
    hand = operator.answers(("agree", PIN))  # the right one comes too late for this SIM
    assert refused(paper) in {"signing.mobile_blocked", "signing.mobile_late"}
    hand.join()


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        ("0987654321", NotFound, "signing.mobile_number_unknown"),
        ("12345", Invalid, "signing.mobile_number_wrong"),
        ("0212345678", Invalid, "signing.mobile_number_wrong"),
        ("+84912345678; drop", Invalid, "signing.mobile_number_wrong"),
    ],
)
def test_a_wrong_number_registers_no_key_and_asks_no_phone(operator, number, kind, code):
    with pytest.raises(kind) as refusal:
        signing.register_mobile_key(label="chair", number=number, actor=ADMINISTRATOR)
    assert refusal.value.code == code
    assert SigningKey.objects.count() == 0
    assert operator.service.asked == {}


def test_who_does_not_confirm_on_the_phone_registers_no_key(operator):
    hand = operator.answers(("cancel", ""))
    with pytest.raises(NotAllowed):
        signing.register_mobile_key(label="chair", number=NUMBER, actor=ADMINISTRATOR)
    hand.join()
    assert SigningKey.objects.count() == 0


@pytest.mark.parametrize(
    ("mode", "code"),
    [("down", "signing.mobile_down"), ("garbage", "signing.mobile_wrong")],
)
def test_with_the_operator_out_nothing_is_signed_and_it_is_said(operator, key, paper, mode, code):
    operator.behave(mode)
    assert refused(paper) == code
    operator.behave("ok")
    assert operator.service.asked == {}


def test_a_wrong_password_of_the_house_is_the_administrators_affair(
    operator, key, paper, monkeypatch
):
    monkeypatch.setenv("CUASO_MSS_AP_PASSWORD", "sai")
    assert refused(paper) == "signing.mobile_wrong"


def test_a_signature_of_another_sim_is_not_believed(operator, key, paper):
    operator.post("sims", number="+84900000001", kind="person", name="Người khác")
    sims = operator.service.sims
    sims["+84912345678"] = sims["+84900000001"]
    hand = operator.answers(("agree", PIN))
    assert refused(paper) == "signing.signature_of_other_key"
    hand.join()


def test_without_a_declared_service_a_key_of_a_sim_says_so(operator, key, paper, monkeypatch):
    monkeypatch.delenv("CUASO_MSS_URL")
    assert refused(paper) == "signing.mobile_down"
