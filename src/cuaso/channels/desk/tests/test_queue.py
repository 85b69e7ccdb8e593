import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.dossiers import submit_birth

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"


def test_an_officer_sees_the_work_of_the_role_with_due_step_and_holder(sign_in, submitted):
    page = sign_in("reception").get(HOME)
    (row,) = page.context["page"].rows
    said = page.content.decode()
    assert row.id == submitted
    assert reverse("desk:dossier", args=[submitted]) in said
    assert "Thời hạn tính từ khi hồ sơ được tiếp nhận" in said
    assert "Kiểm tra và tiếp nhận hồ sơ" in said


def test_another_role_has_an_empty_queue_that_says_so(sign_in, submitted):
    page = sign_in("leader").get(HOME)
    assert page.context["page"].rows == ()
    assert "Ông/bà đã làm xong mọi việc" in page.content.decode()


def test_a_received_dossier_says_why_it_is_due_when(sign_in, received):
    said = sign_in("handler").get(HOME).content.decode()
    assert "07/10, 17 giờ" in said
    assert "Vì sao?" in said


@pytest.mark.parametrize("typed", ["tran vo an nhien", "Trần Võ", "Hạ Lam"])
def test_a_search_finds_with_or_without_marks(sign_in, submitted, typed):
    page = sign_in("reception").get(HOME, {"q": typed})
    assert [row.id for row in page.context["page"].rows] == [submitted]


def test_a_search_without_finds_offers_a_way_on(sign_in, submitted):
    said = sign_in("reception").get(HOME, {"q": "zzqqxx"}).content.decode()
    assert "Không có hồ sơ nào khớp" in said
    assert "Tìm trong mọi hồ sơ" in said


def test_the_filter_by_procedure_leaves_others_out(sign_in, submitted):
    page = sign_in("reception").get(HOME, {"tt": "2.000815"})
    assert page.context["page"].rows == ()


def test_paging_shows_every_dossier_once(sign_in, citizen, working_morning):
    made = {submit_birth(citizen(), key=f"k{n}").dossier_id for n in range(27)}
    client = sign_in("reception")
    first = client.get(HOME)
    second = client.get(HOME + first.context["next"])
    seen = [row.id for page in (first, second) for row in page.context["page"].rows]
    assert len(seen) == 27
    assert set(seen) == made
    assert second.context["next"] == ""
    assert "Về đầu danh sách" in second.content.decode()


def test_a_broken_cursor_is_answered_with_a_sentence(sign_in):
    page = sign_in("reception").get(HOME, {"sau": "%%%"})
    assert page.status_code == 422
    assert "Đường dẫn của trang này không đúng." in page.content.decode()


def test_an_unknown_view_shows_my_work(sign_in, submitted):
    page = sign_in("reception").get(HOME, {"xem": "gì đó"})
    assert page.context["view"] == "mine"


def test_an_officer_claims_several_at_once(sign_in, official, submitted, citizen):
    other = submit_birth(citizen(), key="k2").dossier_id
    client = sign_in("reception")
    client.post(reverse("desk:claim_many"), {"ids": [str(submitted), str(other), "rác"]})
    rows = procedures.queue(actor=official("reception")).rows
    assert [row.mine for row in rows] == [True, True]
    assert "Đã nhận 2 việc." in client.get(HOME).content.decode()


def test_claiming_what_is_not_mine_changes_nothing_and_says_why(sign_in, official, submitted):
    client = sign_in("leader")
    client.post(reverse("desk:claim_many"), {"ids": [str(submitted)]})
    said = client.get(HOME).content.decode()
    assert "Đã nhận" not in said
    assert "notice late" in said
    assert [row.mine for row in procedures.queue(actor=official("reception")).rows] == [False]


def test_a_guest_is_led_to_the_officials_door(client, db):
    assert client.get(HOME)["Location"].startswith(reverse("sign-in-official"))


def test_the_rail_shows_only_places_that_the_role_opens(sign_in):
    reception, leader = sign_in("reception").get(HOME), sign_in("leader").get(HOME)
    assert reverse("desk:counter") in reception.content.decode()
    assert reverse("desk:sign") not in reception.content.decode()
    assert reverse("desk:sign") in leader.content.decode()
    assert reverse("desk:admin") not in leader.content.decode()
