"""KT-h3: keys at a remote provider; the signer agrees on the phone, once for many documents."""

import base64
import hashlib
import threading
from datetime import timedelta

import httpx
import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.capabilities.signing.logic.remote import collect
from cuaso.capabilities.signing.logic.remote.service import Service
from cuaso.capabilities.signing.models import Consent, ConsentItem
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    PLACES,
    SIGNATURE,
    seal,
)
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso_simulators.loopback import Server
from cuaso_simulators.remote_signing.service import RemoteSigning

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Phone:
    """The remote provider's simulator, and the signer's hand."""

    def __init__(self, *, server, service):
        self.service = service
        self.url = f"http://127.0.0.1:{server.server_port}"

    def post(self, path, **told):
        return httpx.post(f"{self.url}/{path}", json=told).raise_for_status().json()

    def behave(self, mode):
        self.post("faults", mode=mode)

    def touch(self, act, count=1):
        (handle,) = [
            name for name, one in self.service.asked.items() if one.state == "waiting"
        ] or list(self.service.asked)
        for _ in range(count):
            httpx.post(f"{self.url}/phone/{handle}/{act}", json={})


@pytest.fixture
def phone(cipher, monkeypatch):
    service = RemoteSigning(authority=cipher.url, token="bi-mat")
    server = Server(port=0, service=service, limit_bytes=64 * 1024 * 1024)
    service.mood = server.faults
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    one = Phone(server=server, service=service)
    monkeypatch.setenv("CUASO_CSC_URL", one.url)
    monkeypatch.setenv("CUASO_CSC_TOKEN", "bi-mat")
    monkeypatch.setenv("CUASO_CSC_WAIT_SECONDS", "0")
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key(phone):
    made = phone.post("credentials", kind="person", name=CHAIR, organisation=AGENCY)
    return signing.register_remote_key(
        label="chair", kind="person", credential_id=made["credentialID"], actor=ADMINISTRATOR
    )


def item(paper, number=1):
    return signing.RemoteItem(
        subject=f"Văn bản số {number}",
        pdf=paper + b"\n" * number,
        name=CHAIR,
        title="Chủ tịch",
        box=SIGNATURE,
        picture=PNG,
        fields=PLACES,
    )


def ask(*items):
    return signing.ask_consent(
        key="chair", items=items, description="Ký 3 văn bản", actor=ADMINISTRATOR
    )


def test_a_leader_agrees_once_on_the_phone_and_all_documents_are_signed_kt_h3(
    cipher, phone, key, paper
):
    cipher.certify("seal", kind="agency", name=AGENCY)
    asked = ask(*(item(paper, number) for number in range(3)))
    assert (asked.state, asked.files) == ("asked", (None, None, None))
    shown = httpx.get(phone.url).text
    assert shown.count("data:image/png") == 3
    assert hashlib.sha256(item(paper, 2).pdf).hexdigest() in shown
    assert jobs.collect_consents() == 0
    phone.touch("agree")
    assert jobs.collect_consents() == 1
    done = signing.consent(asked.id)
    assert (done.state, done.sentence) == ("signed", "Đã ký xong tất cả văn bản.")
    for file_id in done.files:
        assert file_id is not None
        signed = files.read_clean(file_id)
        (one,) = signing.verify(signed).signatures
        assert (one.ok, one.signer, one.level) == (True, CHAIR, "B-T")
        assert signing.verify(seal(signed)).ok
    acts = [one.act for one in audit.history(Subject(kind="signing.consent", id=asked.id))]
    assert acts == ["signing.consent_asked", "signing.consent_given", "signing.consent_signed"]
    assert len(phone.service.asked) == 1
    assert jobs.collect_consents() == 0


def test_a_leader_refuses_and_nothing_is_signed_kt_h3(phone, key, paper):
    asked = ask(item(paper))
    phone.touch("refuse")
    phone.touch("agree")  # too late: the first touch counts
    assert jobs.collect_consents() == 1
    done = signing.consent(asked.id)
    assert (done.state, done.files) == ("refused", (None,))
    assert done.sentence == ("Người ký đã từ chối trên điện thoại; không văn bản nào được ký.")
    assert ConsentItem.objects.filter(signature__isnull=False).count() == 0


def test_a_consent_whose_answer_is_odd_waits_and_holds_up_no_other_kt_h3(
    phone, key, paper, monkeypatch
):
    odd, good = ask(item(paper)), ask(item(paper, 2))
    for handle in list(phone.service.asked):
        httpx.post(f"{phone.url}/phone/{handle}/agree", json={})
    by_phone = collect._by_phone

    def answered(row, items):
        if row.pk == odd.id:
            raise KeyError("SAD")
        return by_phone(row, items)

    monkeypatch.setattr(collect, "_by_phone", answered)
    assert jobs.collect_consents() == 1
    assert signing.consent(good.id).state == "signed"
    waiting = signing.consent(odd.id)
    assert (waiting.state, waiting.files) == ("asked", (None,))
    assert "Câu trả lời của dịch vụ ký số không đọc được." in waiting.sentence
    monkeypatch.setattr(collect, "_by_phone", by_phone)
    assert jobs.collect_consents() == 1
    assert signing.consent(odd.id).state == "signed"


def test_a_service_that_forgets_the_consent_s_own_word_is_told_of_kt_h3(
    phone, key, paper, monkeypatch
):
    asked = ask(item(paper))
    monkeypatch.setattr(Service, "_call", lambda *_: {"ok": True})
    assert jobs.collect_consents() == 1
    done = signing.consent(asked.id)
    assert (done.state, done.files) == ("failed", (None,))
    assert "Câu trả lời thiếu dữ liệu." in done.sentence


def test_nobody_answers_in_time_and_it_can_be_asked_again_kt_h3(phone, key, paper):
    asked = ask(item(paper))
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert jobs.collect_consents() == 1
        assert signing.consent(asked.id).state == "late"
        again = ask(item(paper))
    assert again.id != asked.id
    assert len(phone.service.asked) == 2


def test_asking_twice_pushes_once_and_two_touches_sign_once_kt_h3(phone, key, paper):
    phone.behave("duplicate")
    asked = ask(item(paper))
    assert ask(item(paper)).id == asked.id
    assert len(phone.service.asked) == 1
    phone.touch("agree", count=2)
    assert jobs.collect_consents() == 1
    assert Consent.objects.count() == 1
    assert signing.consent(asked.id).state == "signed"


def test_two_hundred_documents_take_one_consent_and_one_more_is_refused(phone, key, paper):
    with pytest.raises(Invalid) as refused:
        ask(*(item(paper, number) for number in range(201)))
    assert refused.value.code == "signing.batch_wrong"
    with pytest.raises(Invalid):
        ask()
    assert Consent.objects.count() == 0
    assert phone.service.asked == {}


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("down", "signing.remote_down"),
        ("garbage", "signing.remote_wrong"),
        ("refuse", "signing.remote_wrong"),
    ],
)
def test_with_the_provider_out_nothing_is_pushed_and_it_is_said(phone, key, paper, mode, code):
    phone.behave(mode)
    with pytest.raises(Unavailable) as refused:
        ask(item(paper))
    assert refused.value.code == code
    (row,) = Consent.objects.all()
    assert row.state == "failed"
    phone.behave("ok")
    assert ask(item(paper)).state == "asked"


def test_a_provider_that_is_out_while_it_is_asked_back_is_asked_again(phone, key, paper):
    asked = ask(item(paper))
    phone.touch("agree")
    phone.behave("down")
    assert jobs.collect_consents() == 0
    assert "Không liên lạc được" in signing.consent(asked.id).sentence
    phone.behave("ok")
    assert jobs.collect_consents() == 1
    assert signing.consent(asked.id).state == "signed"


def test_with_the_stamper_out_signatures_wait_and_nobody_is_asked_again(cipher, phone, key, paper):
    asked = ask(item(paper), item(paper, 2))
    phone.touch("agree")
    cipher.behave("down", only="tsa")
    assert jobs.collect_consents() == 0
    waiting = signing.consent(asked.id)
    assert (waiting.state, waiting.files) == ("agreed", (None, None))
    cipher.behave("ok")
    assert jobs.collect_consents() == 1
    assert None not in signing.consent(asked.id).files
    assert len(phone.service.asked) == 1


def test_a_hash_that_nobody_agreed_to_is_not_signed(phone, key, paper):
    asked = ask(item(paper))
    ConsentItem.objects.update(attributes=b"something else")
    phone.touch("agree")
    assert jobs.collect_consents() == 1
    assert signing.consent(asked.id).state == "failed"
    assert signing.consent(asked.id).files == (None,)


def test_a_signature_of_another_key_is_not_believed(phone, key, paper):
    other = phone.post("credentials", kind="person", name="Người khác")["credentialID"]
    asked = ask(item(paper))
    credentials = phone.service.credentials
    (handle,) = phone.service.asked
    own = phone.service.asked[handle].credential_id
    credentials[own] = credentials[other]
    phone.touch("agree")
    assert jobs.collect_consents() == 1
    done = signing.consent(asked.id)
    assert done.state == "failed"
    assert "Chữ ký không phải của người được hỏi." in done.sentence
    assert done.files == (None,)


def test_a_key_revoked_between_push_and_consent_signs_nothing(phone, key, paper):
    asked = ask(item(paper))
    signing.revoke_key(label="chair", reason="Mất điện thoại", actor=ADMINISTRATOR)
    phone.touch("agree")
    assert jobs.collect_consents() == 1
    assert signing.consent(asked.id).state == "failed"
    assert "đã bị thu hồi" in signing.consent(asked.id).sentence


def sign(paper):
    return signing.sign_person(
        pdf=paper, key="chair", name=CHAIR, title="Chủ tịch", box=SIGNATURE, fields=PLACES
    )


def test_one_document_waits_for_the_phone_like_any_other_key(phone, key, paper, monkeypatch):
    with pytest.raises(Unavailable) as late:
        sign(paper)
    assert late.value.code == "signing.remote_late"
    phone.service.asked.clear()
    monkeypatch.setenv("CUASO_CSC_WAIT_SECONDS", "20")
    hand = threading.Timer(1.0, phone.touch, args=["agree"])
    hand.start()
    signed = sign(paper)
    hand.join()
    assert signing.verify(signed).ok
    phone.service.asked.clear()
    hand = threading.Timer(1.0, phone.touch, args=["refuse"])
    hand.start()
    with pytest.raises(NotAllowed) as refused:
        sign(paper)
    hand.join()
    assert refused.value.code == "signing.remote_refused"


def test_a_local_key_is_not_pushed_and_a_consent_of_nobody_is_not_found(cipher, phone, paper):
    cipher.certify("chair", kind="person", name=CHAIR)
    with pytest.raises(Invalid) as refused:
        ask(item(paper))
    assert refused.value.code == "signing.not_remote"
    with pytest.raises(NotFound):
        signing.consent(signing.keys()[0].id)
