import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.dossiers import let_the_house_work, open_steps, submit_birth

pytestmark = pytest.mark.django_db
SIGN = "/ban-lam-viec/ky/"


@pytest.fixture
def two(proposed, citizen, official):
    """Return two birth registrations that wait for the leader."""
    other = submit_birth(citizen(), key="k2").dossier_id
    procedures.receive(id=other, actor=official("reception"))
    procedures.propose(id=other, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=other, accepted=True, note="", actor=citizen())
    let_the_house_work()
    return proposed, other


def test_a_leader_sees_what_waits_with_a_preview(sign_in, proposed):
    said = sign_in("leader").get(SIGN).content.decode()
    assert "Trần Võ An Nhiên" in said
    assert reverse("desk:draft_result", args=[proposed]) in said


def test_nothing_to_sign_is_said(sign_in, submitted):
    assert "Không có văn bản nào chờ ông/bà ký" in sign_in("leader").get(SIGN).content.decode()


def test_only_leaders_open_the_page(sign_in):
    assert sign_in("handler").get(SIGN).status_code == 403


def test_nothing_chosen_is_refused(sign_in, proposed):
    answer = sign_in("leader").post(SIGN, {"act": "review"})
    assert answer.status_code == 422
    assert 'href="#f-ids"' in answer.content.decode()


def test_without_consent_nothing_is_signed(sign_in, two):
    client = sign_in("leader")
    review = client.post(SIGN, {"act": "review", "ids": [str(id_) for id_ in two]})
    assert review.status_code == 200
    assert "Ký cả 2 văn bản" in review.content.decode()
    answer = client.post(SIGN, {"act": "sign", "ids": [str(id_) for id_ in two]})
    assert answer.status_code == 422
    assert 'href="#f-seen"' in answer.content.decode()
    assert [open_steps(id_) for id_ in two] == [["approve"], ["approve"]]


def test_one_consent_signs_both_and_answers_for_each(sign_in, two, official):
    ids = [str(id_) for id_ in two]
    answer = sign_in("leader").post(SIGN, {"act": "sign", "seen": "true", "ids": ids})
    said = answer.content.decode()
    assert "Đã ký 2 văn bản" in said
    for id_ in two:
        seen = procedures.dossier(id=id_, actor=official("leader"))
        assert f"Đã ký {seen.dossier_code}." in said
        assert seen.result is not None
        assert seen.result.state == "signed"


def test_with_the_time_stamp_down_each_row_says_so_and_stays(sign_in, two, outside):
    outside.fault(outside.timestamp, "down")
    ids = [str(id_) for id_ in two]
    said = sign_in("leader").post(SIGN, {"act": "sign", "seen": "true", "ids": ids})
    assert "Đã ký 0 văn bản, 2 chưa ký được" in said.content.decode()
    assert [open_steps(id_) for id_ in two] == [["approve"], ["approve"]]


def test_a_dossier_that_does_not_wait_for_me_cannot_be_slipped_in(sign_in, proposed, citizen):
    strange = submit_birth(citizen(), key="k3").dossier_id
    answer = sign_in("leader").post(SIGN, {"act": "sign", "seen": "true", "ids": [str(strange)]})
    assert answer.status_code == 422
    assert open_steps(strange) == ["receive"]


def test_more_than_one_page_of_the_queue_waits_and_all_stand_before_the_leader(
    sign_in, two, monkeypatch
):
    monkeypatch.setattr("cuaso.services.procedures.logic.seeing.queue.MOST_A_PAGE", 1)
    said = sign_in("leader").get(SIGN).content.decode()
    assert [f'value="{id_}"' in said for id_ in two] == [True, True]
