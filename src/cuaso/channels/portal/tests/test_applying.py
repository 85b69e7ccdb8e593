import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DraftView
from tests.support.answers import BIRTH, PDF

pytestmark = pytest.mark.django_db
FATHER = "052094000123"


@pytest.fixture
def draft(citizen, working_morning) -> DraftView:
    return procedures.start_draft(code="1.001193", actor=citizen())


def address(name: str, draft: DraftView) -> str:
    return reverse(f"portal:{name}", args=[draft.id])


def pdf(name: str = "chung-sinh.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def photo(name: str = "anh.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/jpeg")


def test_a_citizen_begins_a_procedure(sign_in, citizen, working_morning):
    answer = sign_in().post(reverse("portal:start", args=["1.001193"]))
    (begun,) = procedures.drafts(actor=citizen())
    assert answer.status_code == 302
    assert answer["Location"] == address("draft", begun)


def test_a_guest_who_begins_is_asked_to_sign_in_and_comes_back(client):
    answer = client.post(reverse("portal:start", args=["1.001193"]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign-in") + "?next=")
    back = answer["Location"].split("next=")[1].replace("%2F", "/")
    assert back == reverse("portal:start", args=["1.001193"])


def test_a_citizen_who_signed_in_on_the_way_reads_how_to_go_on(sign_in):
    answer = sign_in().get(reverse("portal:start", args=["1.001193"]), follow=True)
    assert "Bạn đã đăng nhập. Bấm “Bắt đầu làm” để mở tờ khai." in answer.content.decode()


def test_gaps_of_one_name_in_several_parts_say_of_which_part(sign_in, draft):
    typed = {"act": "next", "parents.known": "both"}
    page = sign_in().post(address("draft", draft), typed).content.decode()
    for part in ("Người yêu cầu", "Người mẹ", "Người cha"):
        assert f"{part}: Chưa chọn “Xã, phường”." in page
    assert ": Chưa nhập “Nơi sinh”." not in page


@pytest.mark.parametrize(("name", "times"), [("tran vo an nhien", 1), ("Trần Võ An Nhiên", 0)])
def test_a_name_typed_without_marks_is_shown_before_a_paper_says_it(sign_in, draft, name, times):
    mother = sign_in()
    mother.post(address("draft", draft), {**BIRTH, "act": "next", "child.full_name": name})
    page = mother.get(address("review", draft)).content.decode()
    assert page.count(f"Tên “{name}” không có dấu.") == times


def test_a_citizen_saves_half_a_form_and_finds_it_again(sign_in, draft):
    mother = sign_in()
    answer = mother.post(
        address("draft", draft), {"act": "keep", "child.full_name": "Trần Võ An Nhiên"}
    )
    assert answer["Location"] == reverse("portal:my_dossiers")
    assert 'value="Trần Võ An Nhiên"' in mother.get(address("draft", draft)).content.decode()
    assert address("draft", draft) in mother.get(reverse("portal:my_dossiers")).content.decode()


def test_a_wrong_day_comes_back_as_typed_with_a_link_to_its_field(sign_in, draft):
    page = sign_in().post(
        address("draft", draft), {**BIRTH, "act": "next", "child.birth_date": "31/11/2025"}
    )
    said = page.content.decode()
    assert page.status_code == 422
    assert 'href="#f-child-birth-date"' in said
    assert 'id="f-child-birth-date" name="child.birth_date" type="text" value="31/11/2025"' in said
    assert said.count("tháng 11 chỉ có 30 ngày") == 2


def test_a_right_form_leads_to_the_papers(sign_in, draft):
    answer = sign_in().post(address("draft", draft), {**BIRTH, "act": "next"})
    assert answer.status_code == 302, [
        line for line in answer.content.decode().split("<li>") if "f-" in line
    ][:9]
    assert answer["Location"] == address("papers", draft)


def test_a_changed_choice_is_kept_and_redraws_the_form(sign_in, draft, citizen):
    page = sign_in().post(address("draft", draft), {"act": "redraw", "parents.known": "mother"})
    assert page.status_code == 200
    assert procedures.draft(id=draft.id, actor=citizen()).values["parents.known"] == "mother"


def test_a_citizen_throws_a_draft_away(sign_in, draft, citizen):
    sign_in().post(address("draft", draft), {"act": "drop"})
    assert procedures.drafts(actor=citizen()) == ()


@pytest.mark.parametrize("name", ["draft", "papers", "review"])
def test_another_citizen_finds_no_such_draft(sign_in, draft, name):
    page = sign_in(FATHER).get(address(name, draft))
    assert page.status_code == 404
    assert "Không tìm thấy bản nháp này." in page.content.decode()


@pytest.mark.parametrize("name", ["draft", "papers", "review"])
def test_a_guest_is_led_to_sign_in(client, draft, name):
    assert client.get(address(name, draft))["Location"].startswith(reverse("sign-in"))


def test_a_citizen_adds_a_paper_and_takes_it_off(sign_in, draft, citizen):
    mother = sign_in()
    mother.post(address("draft", draft), {**BIRTH, "act": "keep"})
    mother.post(address("papers", draft), {"act": "attach:birth_notice", "files": pdf()})
    (paper,) = procedures.draft(id=draft.id, actor=citizen()).papers
    assert (paper.component, paper.name) == ("birth_notice", "chung-sinh.pdf")
    assert "chung-sinh.pdf" in mother.get(address("papers", draft)).content.decode()
    mother.post(address("papers", draft), {"act": f"detach:{paper.id}"})
    assert procedures.draft(id=draft.id, actor=citizen()).papers == ()


def test_two_photos_of_one_paper_become_one_pdf(sign_in, draft, citizen):
    sign_in().post(
        address("papers", draft),
        {"act": "attach:birth_notice", "files": [photo("trang 1.jpg"), photo("trang 2.jpg")]},
    )
    papers = procedures.draft(id=draft.id, actor=citizen()).papers
    assert [(paper.name, paper.media_type) for paper in papers] == [
        ("trang 1.pdf", "application/pdf")
    ]


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (SimpleUploadedFile("a.exe", b"MZ\x90\x00" * 9, content_type="application/pdf"), ""),
        (SimpleUploadedFile("a.pdf", b"", content_type="application/pdf"), ""),
        (
            SimpleUploadedFile("a.pdf", PDF + b"0" * 11_000_000, content_type="application/pdf"),
            "10",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_shelf(sign_in, draft, citizen, upload, says):
    page = sign_in().post(address("papers", draft), {"act": "attach:birth_notice", "files": upload})
    said = page.content.decode()
    assert page.status_code == 422
    assert 'class="file wide bad" id="f-papers-birth-notice"' in said
    assert says in said
    assert procedures.draft(id=draft.id, actor=citizen()).papers == ()


def test_pressing_upload_without_a_file_says_so(sign_in, draft):
    page = sign_in().post(address("papers", draft), {"act": "attach:birth_notice"})
    assert page.status_code == 422
    assert "Hãy chọn tệp hoặc chụp ảnh trước khi bấm tải lên." in page.content.decode()


def test_an_unfinished_dossier_is_not_submitted_and_each_gap_links_to_its_page(
    sign_in, draft, citizen
):
    page = sign_in().post(address("review", draft))
    said = page.content.decode()
    assert page.status_code == 422
    assert f'href="{address("draft", draft)}#f-child-full-name"' in said
    assert procedures.my_dossiers(actor=citizen()).rows == ()


def test_a_missing_paper_links_to_its_shelf(sign_in, draft):
    mother = sign_in()
    mother.post(address("draft", draft), {**BIRTH, "act": "keep"})
    page = mother.post(address("review", draft))
    assert page.status_code == 422
    assert f'href="{address("papers", draft)}#f-papers-birth-notice"' in page.content.decode()


def test_submitting_twice_gives_one_dossier_and_the_same_code(sign_in, draft, citizen):
    mother = sign_in()
    mother.post(address("draft", draft), {**BIRTH, "act": "next"})
    mother.post(address("papers", draft), {"act": "attach:birth_notice", "files": pdf()})
    review = mother.get(address("review", draft)).content.decode()
    assert "Trần Võ An Nhiên" in review
    first = mother.post(address("review", draft), {"key": f"draft:{draft.id}"})
    second = mother.post(address("review", draft), {"key": f"draft:{draft.id}"})
    (row,) = procedures.my_dossiers(actor=citizen()).rows
    assert first["Location"] == second["Location"]
    assert first["Location"] == reverse("portal:dossier", args=[row.tracking_code])
    assert row.tracking_code in mother.get(first["Location"]).content.decode()


def test_prefilling_asks_the_register_only_when_the_button_is_pressed(sign_in, draft, citizen):
    page = sign_in().get(address("draft", draft)).content.decode()
    assert "Đồng ý và điền sẵn" in page
    assert procedures.draft(id=draft.id, actor=citizen()).prefilled_at is None


def test_when_the_register_is_silent_the_form_stays_and_says_so(sign_in, draft, settings, citizen):
    page = sign_in().post(address("draft", draft), {"act": "prefill"})
    assert page.status_code == 503
    assert procedures.draft(id=draft.id, actor=citizen()).prefilled_at is None
