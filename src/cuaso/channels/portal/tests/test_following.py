import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.dossiers import issue, let_the_house_work, submit_birth, upload

pytestmark = pytest.mark.django_db
MOTHER, FATHER = "052196000122", "052094000123"
MOTHER_NAME = "Võ Thị Hạ Lam"


@pytest.fixture
def code(citizen, working_morning) -> str:
    return submit_birth(citizen()).tracking_code


def supplement(code: str, citizen) -> procedures.SupplementView:
    asked = procedures.dossier(id=code, actor=citizen()).supplement
    assert asked is not None
    return asked


def address(name: str, code: str) -> str:
    return reverse(f"portal:{name}", args=[code])


def test_a_citizen_follows_a_dossier_in_plain_words(sign_in, code):
    said = sign_in().get(address("dossier", code)).content.decode()
    assert "Mới đăng ký" in said
    assert "Hồ sơ đã đi qua" in said
    assert code in said
    assert "Rút hồ sơ" in said


def test_a_received_dossier_shows_when_it_is_due_and_why(sign_in, code, official, citizen):
    dossier = procedures.dossier(id=code, actor=citizen())
    procedures.receive(id=dossier.id, actor=official("reception"))
    said = sign_in().get(address("dossier", code)).content.decode()
    assert "Thứ Tư, 07/10/2026" in said
    assert "Vì sao là ngày này?" in said
    assert "Giấy tiếp nhận và hẹn trả kết quả" in said


@pytest.mark.parametrize("name", ["dossier", "supplement", "confirm", "withdraw"])
def test_another_citizen_finds_no_such_dossier(sign_in, code, name):
    page = sign_in(FATHER).get(address(name, code))
    assert page.status_code == 404
    assert "Không tìm thấy hồ sơ này." in page.content.decode()


@pytest.mark.parametrize("name", ["dossier", "supplement", "confirm", "withdraw"])
def test_a_guest_is_led_to_sign_in(client, code, name):
    assert client.get(address(name, code))["Location"].startswith(reverse("sign-in"))


def test_a_citizen_downloads_a_paper_they_gave(sign_in, code, citizen):
    (paper,) = procedures.dossier(id=code, actor=citizen()).papers
    answer = sign_in().get(reverse("portal:dossier_paper", args=[code, paper.id]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_withdrawing_needs_a_reason_and_then_ends_the_dossier(sign_in, code, citizen):
    mother = sign_in()
    empty = mother.post(address("withdraw", code), {"reason": ""})
    assert empty.status_code == 422
    assert procedures.dossier(id=code, actor=citizen()).status == 1
    given = mother.post(address("withdraw", code), {"reason": "Tôi nộp nhầm nơi đăng ký."})
    assert given["Location"] == address("dossier", code)
    assert procedures.dossier(id=code, actor=citizen()).status == 7
    assert mother.get(address("withdraw", code))["Location"] == address("dossier", code)
    again = mother.post(address("withdraw", code), {"reason": "Tôi rút thêm lần nữa."})
    assert again.status_code == 409
    assert "Không rút được hồ sơ này nữa." in again.content.decode()


def test_a_citizen_answers_what_the_agency_asks(sign_in, code, citizen, official):
    dossier = procedures.dossier(id=code, actor=citizen())
    procedures.ask_supplement(
        id=dossier.id,
        items=["Giấy chứng sinh rõ nét"],
        reason="Ảnh mờ, không đọc được số.",
        actor=official("reception"),
    )
    mother = sign_in()
    asked = mother.get(address("supplement", code)).content.decode()
    assert "Giấy chứng sinh rõ nét" in asked
    empty = mother.post(address("supplement", code), {"note": ""})
    assert empty.status_code == 422
    assert supplement(code, citizen).answered_at is None
    answer = mother.post(address("supplement", code), {"note": "Tôi gửi lại ảnh tại quầy."})
    assert answer["Location"] == address("dossier", code)
    assert supplement(code, citizen).answered_at is not None


def test_nothing_asked_leads_back_to_the_dossier(sign_in, code):
    assert sign_in().get(address("supplement", code))["Location"] == address("dossier", code)


def test_a_citizen_confirms_the_draft_result(sign_in, code, citizen, official):
    dossier = procedures.dossier(id=code, actor=citizen())
    procedures.receive(id=dossier.id, actor=official("reception"))
    procedures.propose(id=dossier.id, values={}, note="", actor=official("handler"))
    mother = sign_in()
    assert "Mời bạn xem bản thảo" in mother.get(address("dossier", code)).content.decode()
    unsaid = mother.post(address("confirm", code), {})
    assert unsaid.status_code == 422
    draft = mother.get(address("draft_result", code))
    assert draft["Content-Disposition"].startswith("inline;")
    agreed = mother.post(address("confirm", code), {"answer": "accept"})
    assert agreed["Location"] == address("dossier", code)
    waiting = procedures.dossier(id=code, actor=citizen()).works
    assert "confirm_draft" not in [work.element for work in waiting if work.done_at is None]


def test_an_empty_list_says_where_to_begin(sign_in):
    said = sign_in(FATHER).get(reverse("portal:my_dossiers")).content.decode()
    assert "Bạn chưa có hồ sơ nào" in said


def test_a_guest_with_code_and_fact_learns_the_status_and_nothing_personal(client, code):
    page = client.post(reverse("portal:look_up"), {"code": code, "second": MOTHER[-4:]})
    said = page.content.decode()
    assert page.status_code == 200
    assert "Mới đăng ký" in said
    assert MOTHER_NAME not in said
    assert "Trần Võ An Nhiên" not in said


def test_a_wrong_code_and_a_wrong_fact_are_answered_alike(client, code):
    wrong_fact = client.post(reverse("portal:look_up"), {"code": code, "second": "9999"})
    wrong_code = client.post(
        reverse("portal:look_up"), {"code": "AAAA-BBBB-CCCC", "second": MOTHER[-4:]}
    )
    assert wrong_fact.status_code == wrong_code.status_code == 404
    sentence = "Không tìm thấy hồ sơ nào khớp."
    assert sentence in wrong_fact.content.decode()
    assert sentence in wrong_code.content.decode()


@pytest.mark.parametrize("second", ["", "12", "mười", "١٢٣٤"])
def test_a_fact_that_is_no_four_digits_is_asked_again(client, second):
    page = client.post(reverse("portal:look_up"), {"code": "AAAA-BBBB-CCCC", "second": second})
    assert page.status_code == 422
    assert 'href="#f-second"' in page.content.decode()


def test_whoever_guesses_at_one_code_is_stopped(client, code):
    answers = [
        client.post(reverse("portal:look_up"), {"code": code, "second": f"{n:04d}"})
        for n in range(8)
    ]
    assert [answer.status_code for answer in answers] == [404] * 6 + [429] * 2
    right = client.post(reverse("portal:look_up"), {"code": code, "second": MOTHER[-4:]})
    assert right.status_code == 429


def test_a_citizen_reads_that_a_result_was_revoked_as_a_warning(
    sign_in, code, citizen, official, outside
):
    id = procedures.dossier(id=code, actor=citizen()).id
    issue(id, citizen(), official)
    granted = sign_in().get(address("dossier", code)).content.decode()
    assert 'class="notice ok"' in granted
    procedures.revoke_result(
        id=id, reason="Cấp trùng với giấy đã cấp.", ground="against_rules", actor=official("leader")
    )
    said = sign_in().get(address("dossier", code)).content.decode()
    assert 'class="notice ok"' not in said
    assert 'class="notice soon"' in said
    assert "Kết quả này đã bị thu hồi, không còn giá trị." in said
    assert "Cấp trùng với giấy đã cấp." in said


def test_a_citizen_s_page_folds_older_steps_letters_and_papers(
    sign_in, code, citizen, official, outside
):
    id = procedures.dossier(id=code, actor=citizen()).id
    short = sign_in().get(address("dossier", code)).content.decode()
    assert "bước trước đó" not in short
    assert "giấy tờ nộp trước" not in short
    for name in ("anh-1.pdf", "anh-2.pdf", "anh-3.pdf", "anh-4.pdf"):
        procedures.ask_supplement(
            id=id, items=["Ảnh rõ"], reason="Ảnh mờ, không đọc được.", actor=official("reception")
        )
        paper = (("birth_notice", upload(citizen(), name=name)),)
        procedures.supplement(id=id, note="", files=paper, values={}, actor=citizen())
    let_the_house_work()
    page = sign_in().get(address("dossier", code))
    said = page.content.decode()
    shown, folded = said.split("giấy tờ nộp trước")
    assert "2 " in shown[-3:]
    assert "anh-4.pdf" in shown
    assert "anh-1.pdf" in folded
    assert "5 bước trước đó" in said
    folded_steps, newest = said.split("5 bước trước đó")[1].split("</details>")[:2]
    assert "Nộp hồ sơ" in folded_steps
    assert newest.count("Bổ sung hồ sơ") == 2
    assert f"{len(page.context['letters']) - 1} thư cũ hơn" in said
