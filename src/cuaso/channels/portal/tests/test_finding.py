import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db
BIRTH = reverse("portal:procedure", args=["1.001193"])


def test_a_guest_opens_the_front_page_and_sees_events_and_procedures(client):
    page = client.get("/")
    said = page.content.decode()
    assert page.status_code == 200
    assert "Bạn cần làm gì?" in said
    assert "Hồ sơ của bạn đến đâu rồi?" in said
    assert "Sinh con" in said
    assert BIRTH in said


def test_a_citizen_sees_their_own_affairs_on_the_front_page(sign_in, citizen):
    procedures.start_draft(code="1.001193", actor=citizen())
    said = sign_in().get("/").content.decode()
    assert "Việc của bạn" in said
    assert "Điền tiếp:" in said


@pytest.mark.parametrize(
    "typed", ["khai sinh", "khai sinh cho con", "dang ky khai sinh", "1.001193"]
)
def test_a_guest_finds_birth_registration_by_what_they_type(client, typed):
    said = client.get(reverse("portal:find"), {"q": typed}).content.decode()
    assert BIRTH in said


def test_a_guest_who_finds_nothing_learns_what_to_try(client):
    page = client.get(reverse("portal:find"), {"q": "zzqqxx"})
    assert page.status_code == 200
    assert "Chưa tìm thấy thủ tục nào như vậy" in page.content.decode()


def test_typing_on_fetches_the_results_only(client):
    page = client.get(reverse("portal:find"), {"q": "khai sinh"}, headers={"HX-Request": "true"})
    said = page.content.decode()
    assert BIRTH in said
    assert "<html" not in said
    assert "HX-Request" in page["Vary"]


def test_a_guest_chooses_a_life_event(client):
    page = client.get(reverse("portal:find"), {"viec": "having_a_child"})
    assert "<h1>Sinh con</h1>" in page.content.decode()
    assert BIRTH in page.content.decode()


def test_a_guest_reads_a_procedure_with_its_limits_fees_papers_and_sources(client):
    said = client.get(BIRTH).content.decode()
    assert "Trong ngày; nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo" in said
    assert "Miễn phí" in said
    assert "Giấy chứng sinh" in said
    assert "chưa đối chiếu văn bản gốc" in said
    assert "Chỉ xuất trình" in said


def test_a_guest_with_a_wrong_code_learns_what_why_and_mend(client):
    page = client.get(reverse("portal:procedure", args=["9.999999"]))
    assert page.status_code == 404
    assert "Chưa có gì bị thay đổi." in page.content.decode()


def test_a_guest_at_a_wrong_address_stays_in_the_house(client):
    page = client.get("/khong-co-trang-nay/")
    assert page.status_code == 404
    assert "Không có trang này." in page.content.decode()


def test_a_guest_reads_english_after_choosing_it(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert answer.status_code == 302
    said = client.get("/").content.decode()
    assert '<html lang="en">' in said
    assert "What do you need to do?" in said


def test_a_guest_opens_help(client):
    assert client.get(reverse("portal:help")).status_code == 200


def test_pages_forbid_inline_script_and_foreign_sources(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy
