"""A leader's desk and phone: many drafts, one consent; a real provider answers over a socket."""

import threading
from uuid import UUID

import httpx
import pytest
from django.urls import reverse

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso_simulators.cipher_authority.server import Server as Authority
from cuaso_simulators.loopback import Server
from cuaso_simulators.remote_signing.service import RemoteSigning
from tests.support.dossiers import let_the_house_work, open_steps, submit_birth
from tests.support.phone import Result, collect_consents

pytestmark = pytest.mark.django_db
SIGN = "/ban-lam-viec/ky/"
INSTALLER = system("Cài đặt")


class Phone:
    """The provider, and the phone in the leader's hand."""

    def __init__(self, server, service):
        self.service, self.url = service, f"http://127.0.0.1:{server.server_port}"

    def touch(self, act):
        (handle,) = [key for key, one in self.service.asked.items() if one.state == "waiting"]
        httpx.post(f"{self.url}/phone/{handle}/{act}")


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    authority = Authority(port=0, folder=folder / "authority")
    service = RemoteSigning(authority=authority.url, token="bi-mat", folder=folder / "keys")
    server = Server(port=0, service=service, limit_bytes=64 * 1024 * 1024)
    service.mood = server.faults
    threads = [
        threading.Thread(target=one.serve_forever, args=[0.02], daemon=True)
        for one in (authority, server)
    ]
    for thread in threads:
        thread.start()
    yield Phone(server, service), authority, folder / "authority" / "trust"
    for one, thread in zip((authority, server), threads, strict=True):
        one.shutdown()
        thread.join()
        one.server_close()


@pytest.fixture
def phone(provider, outside, official, monkeypatch):
    """The leader of Quy Nhơn signs on a phone."""
    held, authority, trust = provider
    held.service.asked.clear()
    # Asked for by HTTP: in this thread the clock is held.
    moment = {"at": clock.now().isoformat()}
    httpx.post(f"{authority.url}/clock", json=moment).raise_for_status()
    monkeypatch.setenv("CUASO_CSC_URL", held.url)
    monkeypatch.setenv("CUASO_CSC_TOKEN", "bi-mat")
    monkeypatch.setenv("CUASO_TRUST_FOLDER", f"{outside.trust}:{trust}")
    leader = official("leader")
    told = {"kind": "person", "name": leader.name, "organisation": "UBND phường Quy Nhơn"}
    made = httpx.post(f"{held.url}/credentials", json=told).json()
    signing.register_remote_key(
        label=signing.phone_label(leader.post_id),
        kind="person",
        credential_id=made["credentialID"],
        owner_id=leader.post_id,
        actor=INSTALLER,
    )
    return held


@pytest.fixture
def two(proposed, citizen, official):
    other = submit_birth(citizen(), key="k2").dossier_id
    procedures.receive(id=other, actor=official("reception"))
    procedures.propose(id=other, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=other, accepted=True, note="", actor=citizen())
    let_the_house_work()
    return proposed, other


def ask(client, ids):
    told = {"act": "phone", "seen": "true", "ids": [str(id_) for id_ in ids]}
    return client.post(SIGN, told)


def test_a_leader_consents_once_on_the_phone_and_both_papers_are_signed_kt_h3(
    sign_in, two, phone, official
):
    leader = sign_in("leader")
    review = leader.post(SIGN, {"act": "review", "ids": [str(id_) for id_ in two]})
    assert "Ký trên điện thoại" in review.content.decode()
    answer = ask(leader, two)
    assert answer.status_code == 302
    waiting = leader.get(answer["Location"]).content.decode()
    assert "Đang chờ người ký xác nhận trên điện thoại." in waiting
    for id_ in two:
        assert reverse("desk:draft_picture", args=[id_]) in waiting
    on_phone = httpx.get(phone.url).text
    assert on_phone.count("data:image/png") == 2
    assert official("leader").name in on_phone
    phone.touch("agree")
    assert collect_consents() == 1
    let_the_house_work()
    over = leader.get(answer["Location"]).content.decode()
    assert "Đã ký xong tất cả văn bản." in over
    assert over.count("Đã ký, chờ cấp số và đóng dấu") == 2
    assert "data-again" not in over
    for id_ in two:
        assert open_steps(id_) == ["seal"]
        result = Result.objects.get(dossier_id=id_)
        assert result.signed_file_id is not None
        verdict = signing.verify(files.read_clean(result.signed_file_id))
        (one,) = verdict.signatures
        assert (one.ok, one.signer, one.level) == (True, official("leader").name, "B-T")
        assert one.issuer == "Cơ yếu giả lập - Chứng thư công vụ"
    procedures.seal(id=two[0], actor=official("clerk"))
    assert Result.objects.get(dossier_id=two[0]).state == "issued"


def test_a_leader_refuses_on_the_phone_and_both_drafts_wait_as_before(sign_in, two, phone):
    leader = sign_in("leader")
    where = ask(leader, two)["Location"]
    phone.touch("refuse")
    assert collect_consents() == 1
    let_the_house_work()
    assert "Người ký đã từ chối trên điện thoại" in leader.get(where).content.decode()
    assert [open_steps(id_) for id_ in two] == [["approve"], ["approve"]]
    states = Result.objects.filter(dossier_id__in=two).values_list("state", "attempt")
    assert list(states) == [("draft", None), ("draft", None)]


def test_while_the_phone_waits_nobody_else_signs_and_asking_again_says_so(
    sign_in, two, phone, official
):
    leader = sign_in("leader")
    ask(leader, two[:1])
    said = ask(leader, two[:1])
    assert said["Location"] == SIGN
    assert "đang được ký ở nơi khác" in leader.get(SIGN).content.decode()
    assert len(phone.service.asked) == 1
    asks = leader.get("/ban-lam-viec/ky/dien-thoai/").content.decode()
    assert "Đang chờ người ký xác nhận trên điện thoại." in asks


def test_with_the_provider_out_the_review_page_says_so_and_drafts_stay(sign_in, two, phone):
    httpx.post(f"{phone.url}/faults", json={"mode": "down"})
    try:
        answer = ask(sign_in("leader"), two)
    finally:
        httpx.post(f"{phone.url}/faults", json={"mode": "ok"})
    assert answer.status_code == 503
    assert "Không liên lạc được" in answer.content.decode()
    assert [open_steps(id_) for id_ in two] == [["approve"], ["approve"]]
    assert set(Result.objects.values_list("state", flat=True)) == {"draft"}


def test_a_consent_that_comes_after_another_took_over_changes_nothing(sign_in, two, phone):
    where = ask(sign_in("leader"), two[:1])["Location"]
    phone.touch("agree")
    assert collect_consents() == 1
    other = UUID(int=1)
    Result.objects.filter(dossier_id=two[0]).update(attempt=other)
    let_the_house_work()
    assert open_steps(two[0]) == ["approve"]
    result = Result.objects.get(dossier_id=two[0])
    assert (result.state, result.attempt, result.signed_file_id) == ("signing", other, None)
    assert "Đang ký" in sign_in("leader").get(where).content.decode()


def test_a_signer_without_authority_when_the_consent_comes_leaves_the_draft_and_it_is_noted_kt_f4(
    sign_in, two, phone, official
):
    ask(sign_in("leader"), two[:1])
    phone.touch("agree")
    assert collect_consents() == 1
    leader = official("leader")
    access.give_mandate(
        form="KT",
        post_id=leader.post_id,
        principal_post_id=official("clerk").post_id,
        agency_id=leader.agency_id,
        from_at=clock.now(),
        actor=official("admin"),
        basis="Quyết định 15/QĐ-UBND",
        matters=["2.000815"],
    )
    let_the_house_work()
    result = Result.objects.get(dossier_id=two[0])
    assert (result.state, result.attempt, result.signed_file_id) == ("draft", None, None)
    assert open_steps(two[0]) == ["approve"]
    acts = audit.history(Subject(kind="procedures.dossier", id=two[0]))
    (dropped,) = [one for one in acts if one.act == "procedures.phone_signature_dropped"]
    assert "không gồm việc này" in dropped.reason


def test_an_ask_of_another_leader_is_not_found_and_a_handler_is_refused(sign_in, two, phone):
    where = ask(sign_in("leader"), two[:1])["Location"]
    assert sign_in("leader", "21592").get(where).status_code == 404
    assert sign_in("handler").get(where).status_code == 403


def test_a_leader_without_a_key_on_the_phone_is_not_offered_it(sign_in, two):
    review = sign_in("leader").post(SIGN, {"act": "review", "ids": [str(two[0])]})
    assert "Ký trên điện thoại" not in review.content.decode()


def test_the_picture_of_a_draft_is_a_png_for_who_may_see_it(sign_in, proposed):
    where = reverse("desk:draft_picture", args=[proposed])
    answer = sign_in("leader").get(where)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert sign_in("leader", "21592").get(where).status_code == 404
