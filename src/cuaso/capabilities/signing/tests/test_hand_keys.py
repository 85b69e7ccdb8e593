"""KT-h3: an official takes up a key in the phone or the SIM, and gives it up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.jobs import collect_consents
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import (
    ADMINISTRATOR,
    AGENCY,
    CHAIR,
    PLACES,
    SIGNATURE,
)
from cuaso.capabilities.signing.tests.test_mobile import NUMBER, operator
from cuaso.capabilities.signing.tests.test_remote import phone
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso_simulators.mobile_signature.service import PIN

__all__ = ["operator", "phone"]
POST = new_id()


def ask(name=CHAIR, account=NUMBER, way="sim"):
    return signing.ask_proof(way=way, account=account, name=name)


def take(proof, *, owner_id=POST):
    return signing.take_up_key(proof, name=CHAIR, owner_id=owner_id, actor=ADMINISTRATOR)


def paper_of(pdf):
    return signing.RemoteItem(
        subject="Giấy khai sinh (Nguyễn An)",
        pdf=pdf,
        name=CHAIR,
        title="Chủ tịch",
        box=SIGNATURE,
        fields=PLACES,
    )


def consent(pdf, *more):
    return signing.ask_consent(
        key=f"sim-{POST}",
        items=[paper_of(pdf), *more],
        description="Ký một văn bản",
        actor=ADMINISTRATOR,
    )


@pytest.fixture
def sim(operator):
    proof = ask()
    operator.post(f"phone/{proof.transaction}/agree", pin=PIN)
    return take(proof)


def test_an_official_types_the_pin_on_the_phone_and_the_sim_s_key_is_theirs_kt_h3(operator):
    proof = ask()
    shown = operator.service.asked[proof.transaction].shown
    assert shown == f"Đăng ký khóa ký số với Cửa Số, mã kiểm tra {proof.code}"
    assert (proof.account, proof.name) == ("+84912345678", CHAIR)
    assert take(proof) is None
    assert not SigningKey.objects.exists()
    operator.post(f"phone/{proof.transaction}/agree", pin=PIN)
    key = take(proof)
    assert (key.label, key.provider, key.owner_id) == (f"sim-{POST}", "mobile", POST)
    assert (key.account, key.issuer) == ("", "")
    (listed,) = signing.hand_keys(owner_id=POST)
    assert listed.account == "+84912345678"
    assert listed.issuer == "Cơ yếu giả lập - Chứng thư công vụ"
    (entry,) = audit.history(Subject(kind="signing.key", id=key.id))
    assert (entry.act, entry.content["owner_id"]) == ("signing.key_issued", str(POST))
    assert signing.hand_key(owner_id=POST, name=CHAIR.upper(), way="sim") == listed
    assert signing.hand_key(owner_id=POST, name=CHAIR, way="phone") is None


def test_a_key_of_somebody_else_is_refused_before_the_phone_is_asked(operator):
    with pytest.raises(Invalid) as refused:
        ask(name="Trần Văn Khác")
    assert CHAIR not in str(refused.value)
    assert refused.value.code == "signing.certificate_of_other_person"
    assert refused.value.problems[0].field == "account"
    assert operator.service.asked == {}


def test_who_refuses_on_the_phone_or_waits_too_long_takes_up_nothing(operator):
    proof = ask()
    operator.post(f"phone/{proof.transaction}/cancel")
    with pytest.raises(NotAllowed) as refused:
        take(proof)
    assert refused.value.code == "signing.mobile_refused"
    late = ask()
    with clock.at(clock.now() + timedelta(minutes=2)), pytest.raises(Unavailable) as over:
        take(late)
    assert over.value.code == "signing.mobile_late"
    assert not SigningKey.objects.exists()


def test_a_proof_for_another_challenge_takes_up_nothing(operator):
    proof = ask()
    operator.post(f"phone/{proof.transaction}/agree", pin=PIN)
    with pytest.raises(Unavailable) as refused:
        take(replace(proof, challenge="another"))
    assert refused.value.code == "signing.signature_of_other_key"
    assert not SigningKey.objects.exists()


def test_an_official_gives_a_key_up_once_and_takes_no_old_one_up_again(operator, sim):
    with pytest.raises(NotFound):
        signing.give_up_key(id=sim.id, owner_id=new_id(), reason="x", actor=ADMINISTRATOR)
    assert signing.hand_keys(owner_id=POST)[0].revoked_at is None
    gone = signing.give_up_key(id=sim.id, owner_id=POST, reason="Mất SIM", actor=ADMINISTRATOR)
    assert gone.revoke_reason == "Mất SIM"
    assert signing.hand_key(owner_id=POST, name=CHAIR, way="sim") is None
    with pytest.raises(Conflict) as again:
        ask()
    assert again.value.code == "signing.certificate_taken"
    operator.post("sims", number="+84912345678", kind="person", name=CHAIR, organisation=AGENCY)
    proof = ask()
    operator.post(f"phone/{proof.transaction}/agree", pin=PIN)
    assert take(proof).label == f"sim-{POST}-2"


def test_the_key_of_who_held_the_post_before_signs_nothing_for_the_next(sim):
    assert signing.hand_key(owner_id=POST, name="Người Kế Nhiệm", way="sim") is None


def test_an_application_on_the_phone_proves_its_key_by_one_consent(phone):
    told = {"kind": "person", "name": CHAIR, "organisation": AGENCY}
    made = phone.post("credentials", **told)["credentialID"]
    proof = ask(account=made, way="phone")
    assert proof.code == ""
    assert take(proof) is None
    phone.touch("agree")
    key = take(proof)
    assert (key.label, key.provider) == (f"phone-{POST}", "remote")


def test_a_leader_signs_by_the_sim_and_no_request_waits_for_the_pin_kt_h3(operator, sim, paper):
    asked = consent(paper)
    assert asked.state == "asked"
    (waiting,) = [one for one in operator.service.asked.values() if one.code == "504"]
    assert waiting.shown == f"Giấy khai sinh (Nguyễn An), mã kiểm tra {asked.code}"
    assert collect_consents() == 0
    (name,) = [key for key, one in operator.service.asked.items() if one is waiting]
    operator.post(f"phone/{name}/agree", pin=PIN)
    assert collect_consents() == 1
    over = signing.consent(asked.id)
    assert over.sentence == "Đã ký xong tất cả văn bản."
    (file_id,) = over.files
    assert file_id is not None
    verdict = signing.verify(files.read_clean(file_id))
    (one,) = verdict.signatures
    assert (one.ok, one.signer) == (True, CHAIR)


def test_a_sim_signs_one_document_at_a_time_and_who_cancels_signs_none(operator, sim, paper):
    with pytest.raises(Invalid) as refused:
        consent(paper, paper_of(paper))
    assert refused.value.code == "signing.one_by_sim"
    asked = consent(paper)
    (name,) = [key for key, one in operator.service.asked.items() if one.code == "504"]
    operator.post(f"phone/{name}/cancel")
    assert collect_consents() == 1
    over = signing.consent(asked.id)
    assert (over.state, over.files) == ("refused", (None,))
