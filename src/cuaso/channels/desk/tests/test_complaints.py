from uuid import UUID

import pytest

from cuaso.services.feedback import api as feedback

pytestmark = pytest.mark.django_db
LIST = "/ban-lam-viec/phan-anh/"
TEXT = "Tôi đến ba lần mà không ai hướng dẫn rõ ràng."


@pytest.fixture
def complaint(submitted: UUID, citizen) -> UUID:
    made = feedback.complain(dossier_id=submitted, kind="complaint", text=TEXT, actor=citizen())
    return made.id


def test_a_leader_reads_the_list_and_answers_once(sign_in, complaint, official):
    leader = sign_in("leader")
    said = leader.get(LIST).content.decode()
    assert TEXT in said
    assert "17 giờ, thứ Tư 21/10/2026" in said
    page = f"{LIST}{complaint}/"
    short = leader.post(page, {"answer": "ừ"})
    assert short.status_code == 422
    assert feedback.complaint(id=complaint, actor=official("leader")).answered_at is None
    done = leader.post(page, {"answer": "Cơ quan xin lỗi ông/bà."}, follow=True)
    assert "Không có phản ánh nào chờ ông/bà trả lời" in done.content.decode()
    again = leader.post(page, {"answer": "Trả lời lần thứ hai."})
    assert again.status_code == 409
    assert "Cơ quan xin lỗi ông/bà." in again.content.decode()
    kept = feedback.complaint(id=complaint, actor=official("leader"))
    assert kept.answer == "Cơ quan xin lỗi ông/bà."
    assert TEXT in leader.get(f"{LIST}?xem=da-tra-loi").content.decode()


def test_an_officer_and_another_agencys_leader_see_no_complaint(sign_in, complaint):
    assert sign_in("handler").get(LIST).status_code == 403
    stranger = sign_in("leader", "21592")
    assert TEXT not in stranger.get(LIST).content.decode()
    assert stranger.get(f"{LIST}{complaint}/").status_code == 404
