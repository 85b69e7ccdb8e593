"""KT-d5: the papers that the desk owes by law, as they were on the day of their act."""

import pytest

from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.sheets import sheets
from cuaso.services.procedures.models import Dossier
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
