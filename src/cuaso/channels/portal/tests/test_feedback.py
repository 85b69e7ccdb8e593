import pytest
from django.test import Client
from django.urls import reverse

from cuaso.capabilities.messages import api as messages
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import Verdict
from cuaso.services.procedures import api as procedures
from tests.support.dossiers import submit_birth
from tests.support.feedback import deliver_at_once

pytestmark = pytest.mark.django_db
FATHER = "052094000123"
TEXT = "Tôi đến ba lần mà không ai hướng dẫn rõ ràng."


@pytest.fixture
def submitted(citizen, working_morning):
    return submit_birth(citizen())


@pytest.fixture
def delivered(submitted):
    deliver_at_once(submitted.dossier_id)
    return submitted


@pytest.fixture
def verdict(delivered, citizen):
    """Return a function that tells what stands as the mother's rating."""

    def told() -> Verdict | None:
        found = feedback.rating(dossier_id=delivered.dossier_id, actor=citizen())
        return found.verdict if found else None

    return told


def link_of(receipt) -> str:
    about = Subject(kind="procedures.dossier", id=receipt.dossier_id)
    bodies = [one.body for one in messages.messages_about(about) if one.template == "rating_asked"]
    return "/danh-gia/" + bodies[0].split("/danh-gia/")[1].split()[0]


def test_a_citizen_rates_from_the_dossier_and_finds_the_rating_there(sign_in, delivered, verdict):
    mother = sign_in()
    page = reverse("portal:dossier", args=[delivered.tracking_code])
    rate = reverse("portal:rate", args=[delivered.tracking_code])
    assert rate in mother.get(page).content.decode()
    answer = mother.post(rate, {"score": "4", "time": "2", "remark": "Hơi lâu."}, follow=True)
    assert answer.redirect_chain[0][0] == page
    assert "Bạn đã chấm 4 trên 5" in answer.content.decode()
    assert verdict() == Verdict(score=4, criteria={"time": 2}, remark="Hơi lâu.")
    again = mother.get(rate).content.decode()
    assert 'name="score" value="4" checked' in again


def test_a_citizen_rates_without_choosing_and_is_shown_where(sign_in, delivered, verdict):
    rate = reverse("portal:rate", args=[delivered.tracking_code])
    answer = sign_in().post(rate, {"attitude": "9"})
    assert answer.status_code == 422
    assert "Hãy chọn một mức từ 1 đến 5." in answer.content.decode()
    assert 'href="#f-attitude"' in answer.content.decode()
    assert verdict() is None


def test_who_holds_the_signed_link_rates_without_signing_in(delivered, verdict):
    link = link_of(delivered)
    guest = Client()
    said = guest.get(link).content.decode()
    assert "Bạn được phục vụ thế nào?" in said
    assert "Võ Thị Hạ Lam" not in said
    answer = guest.post(link, {"score": "5"})
    assert "Cảm ơn bạn đã đánh giá" in answer.content.decode()
    assert verdict().score == 5
    assert guest.get(link[:-3] + "xx/").status_code == 404


def test_another_citizen_opens_the_link_and_is_refused(sign_in, delivered, verdict):
    answer = sign_in(FATHER).post(link_of(delivered), {"score": "1"})
    assert answer.status_code == 403
    assert verdict() is None


def test_a_citizen_complains_and_reads_the_answer_on_the_dossier(
    sign_in, submitted, official, citizen
):
    procedures.receive(id=submitted.dossier_id, actor=official("reception"))
    mother = sign_in()
    complain = reverse("portal:complain", args=[submitted.tracking_code])
    assert "tiếp nhận hồ sơ" in mother.get(complain).content.decode()
    short = mother.post(complain, {"kind": "complaint", "text": "ngắn"})
    assert short.status_code == 422
    assert feedback.complaints_about(dossier_id=submitted.dossier_id, actor=citizen()) == ()
    sent = mother.post(complain, {"kind": "complaint", "text": TEXT, "act": ""}, follow=True)
    assert "chưa trả lời" in sent.content.decode()
    assert "Gửi phản ánh, kiến nghị" not in sent.content.decode()
    (made,) = feedback.complaints_about(dossier_id=submitted.dossier_id, actor=citizen())
    feedback.answer_complaint(id=made.id, text="Cơ quan xin lỗi ông/bà.", actor=official("leader"))
    page = mother.get(reverse("portal:dossier", args=[submitted.tracking_code]))
    assert "Cơ quan xin lỗi ông/bà." in page.content.decode()


def test_another_citizen_finds_no_dossier_to_rate_or_complain_of(sign_in, submitted):
    for name in ("rate", "complain"):
        page = sign_in(FATHER).get(reverse(f"portal:{name}", args=[submitted.tracking_code]))
        assert page.status_code == 404
