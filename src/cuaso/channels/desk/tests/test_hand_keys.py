"""KT-h3: an official's page of keys in their own hand; a real operator answers over a socket."""

import threading

import httpx
import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso_simulators.cipher_authority.server import Server as Authority
from cuaso_simulators.loopback import Server
from cuaso_simulators.mobile_signature.service import PIN, MobileSignature
from tests.support.dossiers import let_the_house_work, open_steps
from tests.support.phone import Result, collect_consents

pytestmark = pytest.mark.django_db
KEYS, SIGN = "/ban-lam-viec/ky/khoa/", "/ban-lam-viec/ky/"
NUMBER = "+84912345678"


class Hand:
    """The operator, and the phone in the leader's hand."""

    def __init__(self, server, service):
        self.service, self.url = service, f"http://127.0.0.1:{server.server_port}"

    def make(self, name):
        told = {"kind": "person", "name": name, "organisation": "UBND phường Quy Nhơn"}
        httpx.post(f"{self.url}/sims", json={"number": NUMBER, **told}).raise_for_status()

    def waiting(self):
        (found,) = [(key, one) for key, one in self.service.asked.items() if one.code == "504"]
        return found

    def type_pin(self):
        httpx.post(f"{self.url}/phone/{self.waiting()[0]}/agree", json={"pin": PIN})


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("operator")
    authority = Authority(port=0, folder=folder / "authority")
    service = MobileSignature(authority=authority.url, password="bi-mat")
    server = Server(port=0, service=service)
    threads = [
        threading.Thread(target=one.serve_forever, args=[0.02], daemon=True)
        for one in (authority, server)
    ]
    for thread in threads:
        thread.start()
    yield Hand(server, service), authority, folder / "authority" / "trust"
    for one, thread in zip((authority, server), threads, strict=True):
        one.shutdown()
        thread.join()
        one.server_close()


@pytest.fixture
def hand(operator, outside, official, monkeypatch, working_morning):
    """A SIM in the hand of the leader of Quy Nhơn."""
    held, authority, trust = operator
    held.service.asked.clear()
    # Asked for by HTTP: in this thread the clock is held.
    moment = {"at": clock.now().isoformat()}
    httpx.post(f"{authority.url}/clock", json=moment).raise_for_status()
    monkeypatch.setenv("CUASO_MSS_URL", held.url)
    monkeypatch.setenv("CUASO_MSS_AP_PASSWORD", "bi-mat")
    monkeypatch.setenv("CUASO_MSS_WAIT_SECONDS", "36000000")  # the operator's clock is not held
    monkeypatch.setenv("CUASO_TRUST_FOLDER", f"{outside.trust}:{trust}")
    held.make(official("leader").name)
    return held


@pytest.fixture
def leader(sign_in, hand):
    """A leader who has taken the SIM's key up."""
    client = sign_in("leader")
    client.post(KEYS, {"act": "ask", "way": "sim", "account": NUMBER})
    hand.type_pin()
    client.post(KEYS, {"act": "take"})
    return client


def test_a_leader_takes_up_a_sim_by_its_pin_and_gives_it_up_kt_h3(sign_in, hand, official):
    client = sign_in("leader")
    assert "Ông/bà chưa đăng ký khóa nào" in client.get(KEYS).content.decode()
    asked = client.post(KEYS, {"act": "ask", "way": "sim", "account": "0912 345 678"}, follow=True)
    code = hand.waiting()[1].shown[-4:]
    assert f"mã kiểm tra <b>{code}</b>" in asked.content.decode()
    early = client.post(KEYS, {"act": "take"}, follow=True).content.decode()
    assert "Chưa nhận được xác nhận từ điện thoại." in early
    hand.type_pin()
    done = client.post(KEYS, {"act": "take"}, follow=True).content.decode()
    assert "Đã đăng ký khóa." in done
    for told in (NUMBER, "Cơ yếu giả lập - Chứng thư công vụ", "Đang dùng được"):
        assert told in done
    (key,) = signing.hand_keys(owner_id=official("leader").post_id)
    unsaid = client.post(KEYS, {"act": "give_up", "id": str(key.id), "reason": " "})
    assert unsaid.status_code == 422
    gone = client.post(
        KEYS, {"act": "give_up", "id": str(key.id), "reason": "Đổi SIM"}, follow=True
    )
    assert "Đã trả lúc" in gone.content.decode()
    assert sign_in("leader", "21592").get(KEYS).content.decode().count("Đã trả lúc") == 0


def test_nobody_takes_up_a_sim_in_another_name_nor_gives_up_another_s_key(
    sign_in, hand, leader, official
):
    other = sign_in("leader", "21592")
    hand.make(official("leader").name)
    refused = other.post(KEYS, {"act": "ask", "way": "sim", "account": NUMBER})
    assert refused.status_code == 422
    assert "Khóa này không mang tên ông/bà." in refused.content.decode()
    (key,) = signing.hand_keys(owner_id=official("leader").post_id)
    told = {"act": "give_up", "id": str(key.id), "reason": "x"}
    assert other.post(KEYS, told).status_code == 404
    assert signing.hand_keys(owner_id=official("leader").post_id)[0].revoked_at is None


def test_a_leader_signs_a_draft_by_the_sim_and_sees_the_code_that_the_phone_shows_kt_h3(
    leader, hand, proposed, official
):
    review = leader.post(SIGN, {"act": "review", "ids": [str(proposed)]}).content.decode()
    assert "Ký bằng SIM" in review
    answer = leader.post(SIGN, {"act": "sim", "seen": "true", "ids": [str(proposed)]})
    waiting = leader.get(answer["Location"]).content.decode()
    assert f"mã kiểm tra <b>{hand.waiting()[1].shown[-4:]}</b>" in waiting
    hand.type_pin()
    assert collect_consents() == 1
    let_the_house_work()
    assert open_steps(proposed) == ["seal"]
    result = Result.objects.get(dossier_id=proposed)
    assert result.signed_file_id is not None
    (one,) = signing.verify(files.read_clean(result.signed_file_id)).signatures
    assert (one.ok, one.signer) == (True, official("leader").name)


def test_who_chose_english_reads_the_page_of_keys_in_english(sign_in):
    client = sign_in("leader")
    client.cookies["django_language"] = "en"
    said = client.get(KEYS).content.decode()
    assert "My signing keys" in said
    assert "Khóa ký số của tôi" not in said
