"""KT-d5: the papers that the desk owes by law, as they were on the day of their act."""

from datetime import timedelta

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.logic.sheets import sheets
from cuaso.services.procedures.models import Dossier
from tests.support.answers import BIRTH, MOTHER
from tests.support.dossiers import submit_marital, upload
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
FORM = "Phụ lục I ban hành kèm theo Thông tư 03/2025/TT-VPCP"


def printed(dossier_id, form, actor, **given):
    content = procedures.form_content(dossier_id=dossier_id, form=form, actor=actor, **given)
    assert content.media_type == "application/pdf"
    return text_of(b"".join(content.chunks))


def test_receiving_gives_a_receipt_with_code_due_time_and_form_number(mother, official, submitted):
    received = procedures.receive(id=submitted, actor=official("reception"))
    text = printed(submitted, "receipt", mother)
    assert received.dossier_code in text
    assert f"Mẫu số 01, {FORM}" in text
    assert "17 giờ 00" in text
    assert official("reception").name in text


def at_the_counter(official, *files):
    walk_in = WalkIn(
        procedure_code="1.001193",
        applicant_personal_number=MOTHER,
        applicant_name="Võ Thị Hạ Lam",
        values=BIRTH,
        files=files,
    )
    return procedures.receive_walk_in(walk_in=walk_in, actor=official("reception"), key="quay-1").id


def test_a_receipt_of_the_counter_lists_what_was_scanned_and_what_stays_on_paper_KT_d5(official):
    desk = official("reception")
    id = at_the_counter(official, ("birth_notice", upload(desk)))
    text = printed(id, "receipt", desk)
    for said in (
        "Thành phần hồ sơ nộp gồm:",
        "1. Tờ khai đăng ký khai sinh theo mẫu (bản giấy: 1 bản chính).",
        "2. Giấy chứng sinh (bản điện tử).",
        "Số lượng hồ sơ: 01 bộ",
    ):
        assert said in text


def test_a_receipt_lists_no_paper_that_was_not_handed_in_KT_d5(mother, official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    text = printed(submitted, "receipt", mother)
    assert "1. Giấy chứng sinh (bản điện tử)." in text
    assert "2. " not in text.split("nộp gồm:")[1].split("Số lượng hồ sơ")[0]


def test_a_paper_that_came_later_is_no_part_of_the_receipt_KT_d5(mother, official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    before = printed(submitted, "receipt", mother)
    with clock.at(clock.now() + timedelta(hours=1)):
        procedures.ask_supplement(
            id=submitted, items=["Bản rõ"], reason="Bản mờ.", actor=official("handler")
        )
        files = [("birth_notice", upload(mother, "ban-ro.pdf"))]
        procedures.supplement(id=submitted, note="", files=files, values={}, actor=mother)
    assert printed(submitted, "receipt", mother) == before


def test_a_receipt_without_papers_says_so_KT_d5(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    said = "Thành phần hồ sơ nộp: không có giấy tờ kèm theo."
    assert said in printed(id, "receipt", mother)


def test_a_slip_for_a_business_names_it_and_who_came_for_it_KT_d5(citizen, official):
    person = citizen("052083000125")
    business = directory.businesses_of(person.person_id)[0]
    actor = Actor(kind="business", name=person.name, person_id=person.person_id, for_id=business.id)
    id = submit_marital(actor).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    text = printed(id, "receipt", actor)
    assert business.name in text
    assert f"(người nộp: {person.name})" in text


def test_a_supplement_slip_lists_what_is_missing(mother, official, submitted):
    procedures.ask_supplement(
        id=submitted,
        items=["Giấy chứng sinh bản rõ hơn", "Văn bản ủy quyền"],
        reason="Bản chụp bị mờ.",
        actor=official("reception"),
    )
    text = printed(submitted, "supplement", mother)
    for said in ("Giấy chứng sinh bản rõ hơn", "Văn bản ủy quyền", "Bản chụp bị mờ."):
        assert said in text
    assert f"Mẫu số 02, {FORM}" in text


def test_a_refusal_slip_gives_the_reason_of_the_refusal_not_of_an_earlier_supplement(
    mother, official, submitted
):
    procedures.receive(id=submitted, actor=official("reception"))
    procedures.ask_supplement(
        id=submitted, items=["Bản rõ"], reason="Bản chụp bị mờ.", actor=official("handler")
    )
    procedures.supplement(id=submitted, note="Đây ạ.", files=[], values={}, actor=mother)
    procedures.refuse(
        id=submitted, reason="Trẻ đã được đăng ký ở nơi khác.", actor=official("handler")
    )
    text = printed(submitted, "refusal", mother)
    assert "Trẻ đã được đăng ký ở nơi khác." in text
    assert "Bản chụp bị mờ." not in text
    assert f"Mẫu số 03, {FORM}" in text


def test_a_slip_printed_later_bears_the_day_of_its_act(mother, official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    with clock.at(clock.now().replace(year=2027)):
        assert "ngày 07 tháng 10 năm 2026" in printed(submitted, "receipt", mother)


@pytest.mark.parametrize("form", sorted(sheets.FORMS))
def test_a_slip_of_an_act_that_was_not_done_does_not_exist(official, submitted, form):
    with pytest.raises(Conflict) as refused:
        procedures.form_content(dossier_id=submitted, form=form, actor=official("reception"))
    assert refused.value.code == "procedures.form_not_made"


def test_a_strange_form_is_not_found(mother, submitted):
    with pytest.raises(NotFound):
        procedures.form_content(dossier_id=submitted, form="passport", actor=mother)


def test_an_official_without_a_task_prints_only_with_a_purpose(mother, official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    with pytest.raises(NotAllowed):
        procedures.form_content(dossier_id=submitted, form="receipt", actor=official("leader"))
    assert printed(submitted, "receipt", official("leader"), purpose="Trả lời khiếu nại")
    assert Dossier.objects.get(id=submitted).version == 3
