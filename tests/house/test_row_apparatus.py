"""DX-11 and TT-IV.13 at the house's doors: organisations, officials, and who follows them."""

from datetime import datetime, timedelta

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from tests.support.answers import FATHER, MOTHER
from tests.support.apparatus import HOUSE, key
from tests.support.apparatus_desk import apparatus_at, official, organisation
from tests.support.doors import Desk
from tests.support.dossiers import let_the_house_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

ELEVEN = datetime(2026, 10, 7, 11, tzinfo=clock.VIETNAM)
MERGER = {
    "code": "DA-00071",
    "kind": "merge",
    "proposed_on": "01/09/2026",
    "posts_before": "36",
    "posts_after": "30",
    "leaders_extra": "1",
    "leaders_by": "31/12/2026",
    "accounts_move": "yes",
    "seal_back": "yes",
}
ENDING = tuple(
    {"role": "ending", "unit": unit, "people": people, "goes_to": "Chi cục mới",
     "goes_code": "H21.90.03"}
    for unit, people in (("H21.90.01", "12"), ("H21.90.02", "9"))
)  # fmt: skip
NEW = {
    "role": "new",
    "new_code": "H21.90.03",
    "new_name": "Chi cục Mới (minh hoạ)",
    "like": "H21.90.01",
    "people": "21",
}


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


@pytest.fixture
def apparatus(handler):
    """Return the code of a department with two branches and a section."""
    return apparatus_at(handler)


def the_apparatus_after(handler, apparatus):
    """See who is left, who ended on which day, and what the register said on earlier days."""
    now = {row[0]: row for row in handler.lists(key("organisation"))}
    assert sorted(now) == sorted([apparatus, "H21.90.011", "H21.90.03"])
    assert now["H21.90.011"][3] == "Chi cục Mới (minh hoạ)"
    assert [row[2] for row in handler.lists(key("organisation"), "dissolved")] == ["07/10/2026"] * 2
    with clock.at(ELEVEN + timedelta(days=1)):
        later = Desk(HOUSE, "handler")
        on_the_day = {row[0] for row in later.lists(key("organisation"), day="07/10/2026")}
        assert on_the_day == set(now)
        assert later.lists(key("organisation"), day="06/10/2026") == []


def test_DX_11_a_merger_is_planned_checked_and_carried_out_at_once_and_the_directory_follows(
    apparatus, handler, leader
):
    file = official(handler, 1, organisation="H21.90.01")
    post = handler.enters(key("job_position"), code="VT-000001", organisation="H21.90.01")
    quota = handler.enters(
        key("staff_quota"),
        code="BC-000001",
        organisation="H21.90.02",
        assigned="12",
        in_post="9",
        retiring="1",
        cut="1",
        over_reason="",
    )
    let_the_house_work()
    (branch,) = (
        one
        for one in handler.addresses(key("organisation"))
        if handler.reads(one)["Mã định danh"] == "H21.90.01"
    )
    assert handler.rows_of(branch, "functions") == [("Tham mưu quản lý biên chế.", "Điều 3")]
    assert handler.reads(quota)["Tổ chức"] == "Chi cục Cũ Hai (minh hoạ)"
    plans, said = key("reorganisation"), {"proposer": apparatus, "archive_to": apparatus, **MERGER}
    assert handler.is_refused(plans, rows={"units": ENDING}, **said) == [
        "Thành lập, hợp nhất, chia tách phải nêu ít nhất một tổ chức được thành lập."
    ]
    plan = handler.enters(plans, rows={"units": (*ENDING, NEW)}, **said)
    assert handler.reads(plan)["Số biên chế giảm"] == "6 người"
    handler.moves(plan, "check")
    with clock.at(ELEVEN):
        leader.moves(plan, "approve", decision="0412/QĐ-UBND", effective="07/10/2026")
        leader.moves(plan, "carry_out")
        let_the_house_work()
    assert handler.reads(file)["Cơ quan, đơn vị"] == "Chi cục Mới (minh hoạ)"
    assert [handler.reads(one)["Tổ chức"] for one in (post, quota)] == [
        "Chi cục Mới (minh hoạ)"
    ] * 2
    the_apparatus_after(handler, apparatus)
    old, merged = directory.agency_by_code("H21.90.01"), directory.agency_by_code("H21.90.03")
    assert [one.id for one in directory.successors_of_agency(old.id)] == [merged.id]
    assert merged.name == "Chi cục Mới (minh hoạ)"


def an_appointment(handler, leader):
    order = handler.enters(
        key("personnel_decision"),
        number="QĐNS-00001/2026",
        official="CB-000003",
        act="appoint",
        to_org="H21.90.05",
        from_org="",
        post="branch_head",
        term_months="60",
        planned="yes",
        signed_on="01/10/2026",
        effective="07/10/2026",
        until="07/10/2031",
    )
    handler.moves(order, "check")
    leader.moves(order, "issue")
    handler.moves(order, "apply")


def test_TT_IV_13_an_officials_file_holds_career_pay_training_appraisal_plan_and_opens_an_account(
    apparatus, handler, leader, sign_in
):
    organisation(
        handler, "H21.90.05", name="Chi cục Năm (minh hoạ)", kind="branch", parent=apparatus
    )
    file = official(handler, 3, organisation="H21.90.05")
    let_the_house_work()
    (post,) = directory.posts_of(directory.find_person(MOTHER).id)
    assert post.title == "Công chức, viên chức không giữ chức vụ"
    handler.enters(
        key("pay_change"),
        official="CB-000003",
        decision="QĐL-00123/2023",
        signed_on="25/10/2023",
        reason="regular",
        coefficient="2,67",
        over_frame="",
        from_day="01/11/2023",
        counted_from="01/11/2023",
        next_raise_on="01/12/2026",
    )
    (raised,) = handler.lists(key("pay_change"), "raises")
    assert raised[-1] == "01/12/2026"
    days = {"decided_on": "20/02/2026", "begins_on": "01/03/2026", "ends_on": "30/09/2026"}
    course = handler.enters(
        key("training"), code="DT-000001", official="CB-000003", kind="degree", **days
    )
    handler.moves(course, "begin")
    handler.moves(course, "finish", grade="good", certificate="CC-000123")
    done = {"worked": "12", "tasks_given": "30", "tasks_done": "30", "disciplined": "no"}
    sheet = handler.enters(
        key("appraisal"),
        official="CB-000003",
        sheet="ĐG-000001",
        year="2025",
        organisation="H21.90.05",
        **done,
    )
    handler.moves(sheet, "discuss")
    by = {"decided_by": "Giám đốc Sở", "decided_on": "05/10/2026"}
    leader.moves(sheet, "decide", grade="excellent", **by)
    assert handler.reads(sheet)["Mức xếp loại"] == "Hoàn thành xuất sắc nhiệm vụ"
    handler.enters(
        key("succession"),
        code="QH-000001",
        official="CB-000003",
        organisation="H21.90.05",
        post="section_head",
        birth_date="14/02/1996",
    )
    an_appointment(handler, leader)
    assert handler.reads(file)["Chức vụ"] == "Chi cục trưởng"
    let_the_house_work()
    tomorrow = clock.today() + timedelta(days=1)
    (post,) = directory.posts_of(directory.find_person(MOTHER).id, tomorrow)
    assert (post.title, post.roles) == ("Chi cục trưởng", frozenset({"handler", "leader"}))
    mine = "/du-lieu-ve-toi/home-affairs/official/"
    assert mine in sign_in(MOTHER).get("/du-lieu-ve-toi/").content.decode()
    assert mine not in sign_in(FATHER).get("/du-lieu-ve-toi/").content.decode()
