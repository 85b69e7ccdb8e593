"""KT-b3: who chose English reads statuses, due steps and refusals in English."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import translation

from cuaso.channels.design.sentences import SENTENCES, sentence
from cuaso.kernel import clock
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.matter import status
from cuaso.services.procedures.logic.seeing import words
from tests.rest.conftest import signed_in
from tests.support.answers import MOTHER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def reader(mother):
    cache.clear()
    client = signed_in(mother).client
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def code(mother, submitted):
    return procedures.dossier(id=submitted, actor=mother).tracking_code


def english(said):
    with translation.override("en"):
        return sentence(said)


def test_kt_b3_a_citizen_reads_status_due_day_and_its_reckoning_in_english(
    reader, code, submitted, official
):
    procedures.receive(id=submitted, actor=official("reception"))
    page = reader.get(f"/ho-so/{code}/").content.decode()
    for told in (
        "The agency is working on your application.",
        "The limit is within the day.",
        "The result is due at 17:00 on Wednesday, 07/10/2026.",
        "It begins at 09:00 on Wednesday, 07/10/2026.",
        "Application received, receipt with due date sent",
        "The reader&#x27;s own application, or of whom they represent.",
    ):
        assert told in page
    for vietnamese in ("Cơ quan đang giải quyết hồ sơ của bạn.", "Thời hạn là", "Bắt đầu lúc"):
        assert vietnamese not in page


def test_kt_b3_a_guest_who_looks_up_wrongly_reads_why_in_english(client, code):
    cache.clear()
    client.cookies["django_language"] = "en"
    wrong = client.post("/tra-cuu/", {"code": code, "second": "0001"})
    assert "The code or the last four digits are wrong." in wrong.content.decode()
    right = client.post("/tra-cuu/", {"code": code, "second": MOTHER[-4:]}).content.decode()
    assert "Your application has arrived and waits for the one-stop desk to check it." in right


def test_kt_b3_a_citizen_who_may_not_withdraw_reads_why_in_english(
    reader, code, submitted, official
):
    procedures.refuse(id=submitted, reason="Thiếu chữ ký.", actor=official("reception"))
    page = reader.post(f"/ho-so/{code}/rut/", {"reason": "Tôi đổi ý."}, follow=True)
    assert "This application can no longer be withdrawn." in page.content.decode()
    assert "It has ended, or its result is signed." in page.content.decode()
    stranger = reader.get("/ho-so/AAAA-BBBB-CCCC/")
    assert "This application was not found." in stranger.content.decode()
    assert "Please check the code, or change your capacity" in stranger.content.decode()


def test_a_citizen_who_leaves_fields_empty_reads_each_gap_in_english(reader, mother):
    draft = procedures.start_draft(code="1.004873", actor=mother)
    page = reader.post(f"/ban-nhap/{draft.id}/xem-lai/", {}, follow=True).content.decode()
    assert "You have not filled in" in page or "You have not chosen" in page
    assert "Bạn chưa nhập" not in page


def test_kt_b3_a_guest_reads_fees_papers_and_limits_of_a_procedure_in_english(client):
    client.cookies["django_language"] = "en"
    page = client.get("/thu-tuc/1.000894/").content.decode()
    for told in ("Marriage registration fee: Free", "8,000 đồng for each further copy"):
        assert told in page
    for vietnamese in ("kết hôn: Miễn lệ phí", "8.000 đồng mỗi bản sao"):
        assert vietnamese not in page
    card = client.get("/thu-tuc/?q=1.000894").content.decode()
    assert "Marriage registration fee: Free; Fee for copies" in card
    client.cookies["django_language"] = "vi"
    assert "Miễn lệ phí" in client.get("/thu-tuc/1.000894/").content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Còn 2 ngày 3 giờ làm việc", "2 days 3 hours of working time left"),
        ("Quá hạn 1 giờ làm việc", "Late by 1 working hour"),
        (
            "14.000 đồng, đã nộp, biên lai số 0000001/2026",
            "14.000 đồng, paid, receipt 0000001/2026",
        ),
        (
            "Hạn mới là 09 giờ 00 ngày 09/10/2026, giữ nguyên thời gian làm việc còn lại.",
            "The new due moment is 09:00 on 09/10/2026; the working time that was left is kept.",
        ),
        ("Một câu mà không danh mục nào biết.", "Một câu mà không danh mục nào biết."),
        ("", ""),
    ],
)
def test_a_sentence_with_days_and_amounts_is_said_in_english(said, told):
    assert english(said) == told
    assert sentence(said) == said


def test_every_status_and_every_act_that_a_citizen_reads_of_has_english_words():
    said = [*status.NAMES.values(), *status.PLAIN.values(), *status.PUBLIC.values()]
    said += [one for act, one in words.SAID.items() if act not in words.INSIDE]
    assert [one for one in said if english(one) == one] == []


def test_every_sentence_with_blanks_has_its_english_with_the_same_blanks():
    with translation.override("en"):
        pairs = [(message, translation.gettext(message)) for message in SENTENCES]
    assert [message for message, told in pairs if message == told and "đồng" not in message] == []


def test_time_goes_on_and_the_page_says_in_english_that_it_is_late(
    reader, code, submitted, official
):
    procedures.receive(id=submitted, actor=official("reception"))
    with clock.at(clock.now() + timedelta(days=2)):
        assert "Late by" in reader.get(f"/ho-so/{code}/").content.decode()
