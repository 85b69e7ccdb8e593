import pytest
from django.utils import translation

from cuaso.channels.design.sentences import sentence
from cuaso.channels.desk.acts import ACTS
from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db


def test_an_officer_who_chose_english_reads_the_desk_in_english(sign_in, submitted):
    client = sign_in("reception")
    client.cookies["django_language"] = "en"
    said = client.get(f"/ban-lam-viec/ho-so/{submitted}/").content.decode()
    assert "Why do I see this dossier?" in said
    assert "Receive the dossier" in said
    assert "Vì sao tôi thấy hồ sơ này?" not in said


def test_an_officer_reads_in_english_what_the_house_compared(sign_in, submitted):
    client = sign_in("reception")
    client.cookies["django_language"] = "en"
    said = client.get(f"/ban-lam-viec/ho-so/{submitted}/").content.decode()
    for english, vietnamese in (
        ("All required papers of the procedure are there", "Đủ giấy tờ bắt buộc"),
        ("This person has no other dossier of the same", "Chưa có hồ sơ nào khác"),
        ("Uploaded by the applicant", "Người nộp tải lên"),
    ):
        assert (english in said, vietnamese in said) == (True, False)


def test_a_leader_reads_in_english_why_roles_are_not_held_together(sign_in):
    client = sign_in("leader")
    client.cookies["django_language"] = "en"
    said = client.get("/ban-lam-viec/quyen/").content.decode()
    assert "Who signs does not inspect what they signed." in said
    assert "Người ký không tự kiểm tra" not in said


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Chrome trên máy tính Linux", "Chrome on a Linux computer"),
        ("Cốc Cốc trên điện thoại Android", "Cốc Cốc on an Android phone"),
        ("Có 3 tệp trên máy tính Linux", "Có 3 tệp trên máy tính Linux"),
        ("Ổ đĩa của /srv/cuaso còn 64,6 GB.", "The disk of /srv/cuaso has 64,6 GB left."),
        ("Tin nhắn: 1 chờ gửi, 0 gửi hỏng.", "Text message: 1 waiting to be sent, 0 failed."),
        ("PostgreSQL 15.18 trả lời.", "PostgreSQL 15.18 answers."),
        (
            "Tiến trình worker báo còn sống cách đây 4 giây.",
            "Process worker reported that it is alive 4 seconds ago.",
        ),
    ],
)
def test_sentences_of_devices_and_health_have_their_english(said, english):
    with translation.override("en"):
        assert sentence(said) == english


def _words(language: str) -> list[str]:
    with translation.override(language):
        return [str(said) for one in ACTS for said in (one.title, one.button, one.done)]


def test_every_act_has_english_words():
    pairs = zip(_words("vi"), _words("en"), strict=True)
    assert [told for told, english in pairs if told == english] == []


def test_the_desk_has_an_address_for_every_act_of_the_engine():
    assert sorted(act.name for act in ACTS) == sorted(procedures.ACTS)
