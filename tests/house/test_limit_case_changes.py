"""KT-d5: a received dossier moves to another case of its time limit; both dates are kept."""

from datetime import datetime, timedelta

import pytest

from cuaso.capabilities.messages.models import Notice
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Work
from tests.house.test_limit_cases import received
from tests.rest.conftest import signed_in
from tests.support.dossiers import let_the_house_work, rows_of, see, submit_birth
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
REASON = "Phải xác minh nguồn gốc gỗ tại nơi khai thác."
VERIFY = "Phải xác minh nguồn gốc lâm sản"
USUAL, COMPLEX, VERIFIED = "0", "1", "2"


def at(day: int, hour: int = 17) -> datetime:
    return datetime(2026, 10, day, hour, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def listed(mother):
    """Return a list of forest products received on Wednesday, due in two working days."""
    return received(mother, "none")


@pytest.fixture
def forester():
    agency = directory.agency_by_key("chi-cuc-kiem-lam-gia-lai")

    def holder(role):
        return directory.actor_for_post(directory.holders(agency.id, role)[0].post.id)

    return holder


def change(dossier, actor, case=VERIFIED, reason=REASON):
    return procedures.change_case(id=dossier.id, case=case, reason=reason, actor=actor)


def paper(dossier, form, actor):
    content = procedures.form_content(dossier_id=dossier.id, form=form, actor=actor)
    return text_of(b"".join(content.chunks))


def test_kt_d5_a_handler_moves_a_dossier_to_another_case_and_both_dates_are_kept(
    listed, forester, mother
):
    assert listed.due.due_at == at(9)
    moved = change(listed, forester("handler"))
    assert moved.due.due_at == at(12)
    (kept,) = moved.case_changes
    assert (kept.was_case, kept.to_case, kept.limit_say) == ("", VERIFY, "3 ngày làm việc")
    assert (kept.was_due_at, kept.due_at, kept.reason) == (at(9), at(12), REASON)
    assert (
        f"Đổi trường hợp: {VERIFY}; thời hạn 3 ngày làm việc. "
        "Hạn trước đó là 17 giờ 00 ngày 09/10/2026." in moved.due.steps
    )
    assert set(
        Work.objects.filter(dossier=listed.id, done_at=None).values_list("due_at", flat=True)
    ) == {at(12)}
    assert moved.log[-1].say == "đổi trường hợp thời hạn giải quyết"
    assert moved.log[-1].detail == f"{VERIFY}: hẹn 17 giờ 00 ngày 12/10/2026. {REASON}"
    assert see(listed.id, mother).case_changes == moved.case_changes
    assert Notice.objects.filter(subject_id=listed.id, template="case_changed").count() == 1


def test_kt_d5_the_applicant_reads_a_notice_of_the_new_date_and_the_receipt_stays_as_given(
    listed, forester, mother
):
    change(listed, forester("handler"))
    said = paper(listed, "case_notice", mother)
    for told in (
        "THÔNG BÁO THAY ĐỔI THỜI HẠN GIẢI QUYẾT HỒ SƠ",
        "17 giờ 00 ngày 09/10/2026",
        "17 giờ 00 ngày 12/10/2026",
        f"Trường hợp: {VERIFY}. Thời hạn giải quyết: 3 ngày làm việc",
        REASON,
    ):
        assert told in said
    assert "Mẫu số" not in said
    receipt = paper(listed, "receipt", mother)
    assert "09/10/2026" in receipt
    assert "12/10/2026" not in receipt
    page = signed_in(mother).client.get(f"/ho-so/{listed.tracking_code}/").content.decode()
    assert "Thông báo thay đổi thời hạn giải quyết hồ sơ (PDF)" in page


def test_a_paper_for_a_case_that_never_changed_is_not_made(listed, mother):
    with pytest.raises(Conflict) as refused:
        procedures.form_content(dossier_id=listed.id, form="case_notice", actor=mother)
    assert refused.value.code == "procedures.form_not_made"


def test_what_the_clock_stood_before_the_change_is_kept(listed, forester):
    handler = forester("handler")
    with clock.at(at(8, 9)):
        procedures.pause(
            id=listed.id, ground="expert_assessment", document="Công văn 12", actor=handler
        )
    with clock.at(at(9, 9)):
        resumed = procedures.resume(id=listed.id, actor=handler)
        assert resumed.due.due_at == at(12)
        moved = change(listed, handler)
    assert moved.due.due_at == at(13)
    assert moved.due.steps[-1] == (
        "Cộng thời gian làm việc mà hồ sơ đã tạm dừng hoặc được gia hạn; "
        "hạn mới là 17 giờ 00 ngày 13/10/2026."
    )


def test_a_case_is_changed_back_while_its_day_lies_ahead(listed, forester):
    change(listed, forester("handler"), COMPLEX)
    back = change(listed, forester("leader"), USUAL, "Không phải xác minh nữa.")
    assert back.due.due_at == at(9)
    assert [(one.was_due_at, one.due_at) for one in back.case_changes] == [
        (at(9), at(13)),
        (at(13), at(9)),
    ]
    change(listed, forester("handler"), COMPLEX)
    with clock.at(at(10, 9)):
        before = rows_of(listed.id)
        with pytest.raises(Conflict) as refused:
            change(listed, forester("handler"), USUAL)
        assert refused.value.code == "procedures.case_late"
        assert rows_of(listed.id) == before


@pytest.mark.parametrize(
    ("case", "reason", "field"),
    [
        (USUAL, REASON, "case"),
        ("3", REASON, "case"),
        ("-1", REASON, "case"),
        ("", REASON, "case"),
        (VERIFIED, " ", "reason"),
    ],
)
def test_a_case_that_is_none_and_no_reason_change_nothing(listed, forester, case, reason, field):
    before = rows_of(listed.id)
    with pytest.raises(Invalid) as refused:
        change(listed, forester("handler"), case, reason)
    assert [one.field for one in refused.value.problems] == [field]
    assert rows_of(listed.id) == before


def test_kt_d5_a_late_dossier_keeps_its_case(listed, forester):
    before = rows_of(listed.id)
    with clock.at(at(9) + timedelta(minutes=1)):
        with pytest.raises(Conflict) as refused:
            change(listed, forester("handler"))
        offered = {one.act for one in see(listed.id, forester("handler")).acts}
    assert refused.value.code == "procedures.late_already"
    assert "change_case" not in offered
    assert rows_of(listed.id) == before


def test_kt_d5_a_decided_dossier_keeps_its_case(listed, forester):
    procedures.propose(id=listed.id, values={}, note="", actor=forester("handler"))
    offered = {one.act for one in see(listed.id, forester("leader")).acts}
    assert "change_case" in offered
    procedures.approve(id=listed.id, actor=forester("leader"))
    let_the_house_work()
    before = rows_of(listed.id)
    with pytest.raises(Conflict) as refused:
        change(listed, forester("handler"))
    assert refused.value.code == "procedures.result_signed"
    assert rows_of(listed.id) == before


def test_others_and_procedures_of_one_case_know_no_such_act(listed, forester, mother, official):
    desk = directory.agency_by_key("ttpvhcc-tinh-gia-lai")
    receptionist = directory.actor_for_post(directory.holders(desk.id, "reception")[0].post.id)
    before = rows_of(listed.id)
    for actor in (receptionist, mother):
        with pytest.raises(NotAllowed):
            change(listed, actor)
    assert rows_of(listed.id) == before
    birth = submit_birth(mother).dossier_id
    procedures.receive(id=birth, actor=official("reception"))
    handler = official("handler")
    assert "change_case" not in {one.act for one in see(birth, handler).acts}


def test_an_official_chooses_the_case_on_the_page_and_a_program_by_http(listed, forester):
    handler = signed_in(forester("handler"))
    at_page = f"/ban-lam-viec/ho-so/{listed.id}/viec/doi-truong-hop/"
    page = handler.client.get(at_page).content.decode()
    assert "Trường hợp thông thường: 2 ngày làm việc" in page
    assert f"{VERIFY}: 3 ngày làm việc" in page
    cases = handler.get(f"/dossiers/{listed.id}/limit-cases").json()
    assert [(one["code"], one["limit_say"], one["current"]) for one in cases] == [
        ("0", "2 ngày làm việc", True),
        ("1", "4 ngày làm việc", False),
        ("2", "3 ngày làm việc", False),
    ]
    answer = handler.post(
        f"/dossiers/{listed.id}/change-case", {"case": "1", "reason": REASON}, If_Match="*"
    )
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["case_changes"][0]["due_at"].startswith("2026-10-13")
    dossier = handler.client.get(f"/ban-lam-viec/ho-so/{listed.id}/").content.decode()
    assert "Thông báo thay đổi thời hạn" in dossier
