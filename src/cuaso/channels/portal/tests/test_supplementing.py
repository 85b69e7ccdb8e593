"""KT-b3: a citizen answers a request: papers asked by name or not, answers put right, a note."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.answers import MARITAL, PDF
from tests.support.dossiers import rows_of, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
PAPER = "Giấy xác nhận tình trạng hôn nhân đã được cấp trước đó"
# What the page shows and posts back; the deciding office is not among it.
SHOWN = {path: value for path, value in MARITAL.items() if path != "request.office"}


@pytest.fixture
def asked(mother, official):
    """Return a dossier of which the desk asks a listed paper, another one and a correction."""
    submitted = submit_marital(mother)
    procedures.ask_supplement(
        id=submitted.dossier_id,
        items=[PAPER, "Sổ hộ khẩu cũ", "Ngày sinh theo căn cước"],
        reason="Ngày sinh đã khai khác căn cước.",
        actor=official("reception"),
    )
    return submitted


@pytest.fixture
def mother(citizen):
    return citizen()


def page_of(asked):
    return reverse("portal:supplement", args=[asked.tracking_code])


def view(asked, mother):
    return procedures.dossier(id=asked.dossier_id, actor=mother)


def pdf(name):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_kt_b3_a_citizen_puts_a_declared_answer_right_and_the_desk_reads_before_and_after(
    sign_in, asked, mother, official
):
    said = sign_in().get(page_of(asked)).content.decode()
    assert 'name="subject.birth_date"' in said
    assert 'value="04/05/1996"' in said
    assert 'name="request.office"' not in said
    answer = sign_in().post(page_of(asked), {**SHOWN, "subject.birth_date": "14/05/1996"})
    assert answer["Location"] == reverse("portal:dossier", args=[asked.tracking_code])
    at_desk = procedures.dossier(id=asked.dossier_id, actor=official("reception"))
    assert at_desk.editable["subject.birth_date"] == "14/05/1996"
    last = at_desk.log[-1]
    assert last.say == "bổ sung hồ sơ"
    assert last.detail == "Sửa Ngày sinh: 04/05/1996 → 14/05/1996"


def test_kt_b3_a_wrong_correction_is_shown_open_beside_its_input_and_changes_nothing(
    sign_in, asked
):
    before = rows_of(asked.dossier_id)
    page = sign_in().post(
        page_of(asked), {**SHOWN, "subject.birth_date": "31/11/1996", "note": "Tôi sửa ngày sinh."}
    )
    said = page.content.decode()
    assert page.status_code == 422
    assert 'value="31/11/1996"' in said
    assert "Tôi sửa ngày sinh." in said
    assert '<details id="f-subject" open>' in said
    assert '<details id="f-requester">' in said
    assert 'href="#f-subject-birth-date"' in said
    assert rows_of(asked.dossier_id) == before


def test_kt_b3_a_page_sent_back_untouched_is_no_answer(sign_in, asked):
    before = rows_of(asked.dossier_id)
    page = sign_in().post(page_of(asked), SHOWN)
    assert page.status_code == 422
    assert "Hãy thêm giấy tờ, sửa nội dung đã khai hoặc ghi lời nhắn." in page.content.decode()
    assert rows_of(asked.dossier_id) == before


def test_kt_b3_a_paper_that_the_procedure_does_not_list_has_a_place_of_its_own(
    sign_in, asked, mother
):
    said = sign_in().get(page_of(asked)).content.decode()
    listed, folded = said.split("Giấy tờ khác của thủ tục này")
    assert f">{PAPER} <" in listed
    assert 'name="file:other"' in listed
    assert "Văn bản ủy quyền theo quy định của pháp luật" in folded
    answer = sign_in().post(page_of(asked), {"file:other": pdf("so-ho-khau.pdf")})
    assert answer.status_code == 302
    (paper,) = view(asked, mother).papers
    assert (paper.component, paper.title, paper.name) == (
        "other",
        "Giấy tờ khác theo yêu cầu",
        "so-ho-khau.pdf",
    )


def test_kt_b3_a_paper_under_a_name_that_nobody_knows_is_refused(sign_in, asked):
    before = rows_of(asked.dossier_id)
    page = sign_in().post(page_of(asked), {"file:la": pdf("la.pdf")})
    assert page.status_code == 404
    assert rows_of(asked.dossier_id) == before


def test_kt_b3_files_that_went_with_a_wrong_correction_are_named_to_be_chosen_again(sign_in, asked):
    before = rows_of(asked.dossier_id)
    wrong = {**SHOWN, "subject.birth_date": "mai", "file:other": pdf("so-ho-khau.pdf")}
    page = sign_in().post(page_of(asked), wrong)
    assert page.status_code == 422
    said = page.content.decode()
    assert "Chưa gửi: so-ho-khau.pdf. Hãy chọn lại tệp trước khi gửi." in said
    assert rows_of(asked.dossier_id) == before


def test_kt_b3_an_answer_that_calls_for_others_is_drawn_again_without_a_complaint(sign_in, asked):
    before = rows_of(asked.dossier_id)
    client = sign_in()
    assert 'name="subject.decision_number"' not in client.get(page_of(asked)).content.decode()
    page = client.post(page_of(asked), {**SHOWN, "subject.status": "divorced", "act": "redraw"})
    said = page.content.decode()
    assert page.status_code == 200
    assert 'role="alert"' not in said
    assert 'name="subject.decision_number"' in said
    assert '<details id="f-subject" open>' in said
    assert rows_of(asked.dossier_id) == before
