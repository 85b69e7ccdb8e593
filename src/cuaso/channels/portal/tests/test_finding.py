import re

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


def options(page, name: str) -> dict[str, int]:
    """Return the choices of a filter with how many finds each leaves."""
    (inside,) = re.findall(rf'<select id="{name}".*?</select>', page.content.decode(), re.DOTALL)
    return {
        value: int(n) for value, n in re.findall(r'value="([^"]+)"[^>]*>[^<]*\((\d+)\)', inside)
    }


def test_a_guest_narrows_by_level_and_field_and_reads_what_each_choice_leaves(client):
    everything = client.get(reverse("portal:find"))
    levels, fields = options(everything, "cap"), options(everything, "linh-vuc")
    assert levels["xa"] + levels["tinh"] == sum(fields.values()) == 41
    narrowed = client.get(reverse("portal:find"), {"cap": "tinh", "linh-vuc": "Thủy sản"})
    said = narrowed.content.decode()
    assert f'<h2 id="tim-thay">{fields["Thủy sản"]} thủ tục</h2>' in said
    assert BIRTH not in said
    assert '<option value="tinh" selected>' in said
    assert '<option value="Thủy sản" selected>' in said
    assert options(narrowed, "cap") == {"tinh": fields["Thủy sản"]}
    assert sum(options(narrowed, "linh-vuc").values()) == levels["tinh"]


@pytest.mark.parametrize("field", ["Hộ tịch", "ho tich"])
def test_a_guest_types_without_marks_and_narrows(client, field):
    found = client.get(reverse("portal:find"), {"q": "dang ky", "linh-vuc": field, "cap": "xa"})
    said = found.content.decode()
    assert BIRTH in said
    assert "hộ kinh doanh" not in said.split('id="tim-thay"')[1].lower()
    assert '<option value="Hộ tịch" selected>' in said
    assert '<form class="search big" id="tim" role="search" action="/thu-tuc/">' in said


def test_a_guest_narrows_to_nothing_and_is_led_out(client):
    page = client.get(reverse("portal:find"), {"q": "khai sinh", "cap": "tinh"})
    said = page.content.decode()
    assert "Không có thủ tục nào ở cấp, lĩnh vực đã chọn" in said
    assert 'href="/thu-tuc/?q=khai%20sinh"' in said


def test_a_guest_narrows_a_life_event_and_stays_in_it(client):
    page = client.get(reverse("portal:find"), {"viec": "running_a_business", "cap": "xa"})
    said = page.content.decode()
    assert '<input type="hidden" name="viec" value="running_a_business" form="tim">' in said
    assert "thuốc bảo vệ thực vật" not in said.split('id="tim-thay"')[1].split("</section>")[0]


def test_an_address_with_a_strange_level_narrows_nothing(client):
    page = client.get(reverse("portal:find"), {"q": "khai sinh", "cap": "sao hoả"})
    assert BIRTH in page.content.decode()
