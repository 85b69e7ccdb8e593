"""DX-13 at the house's doors: a reward from its campaign to the sealed certificate."""

import pytest

from tests.support.apparatus import HOUSE, key
from tests.support.apparatus_desk import apparatus_at, official
from tests.support.doors import Desk, errors
from tests.support.pdf import text_of
from tests.support.permissions import COMMITTEE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


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


def a_campaign(handler, leader):
    campaign = handler.enters(
        key("campaign"),
        code="PT-00019",
        level="province",
        launched_by="",
        commune="",
        begins_on="01/01/2026",
        ends_on="31/12/2026",
    )
    leader.moves(campaign, "launch", reached="12")
    assert len(handler.lists(key("campaign"), "running")) == 1


def the_council_votes(handler):
    vote = {"proposal": "ĐN-000001", "agree": "11", "disagree": "2", "passed": "yes"}
    meeting = {"code": "HĐTĐ-00061", "members": "13", "attending": "13", "least": "90"}
    council = key("council_meeting")
    assert handler.is_refused(council, rows={"votes": (vote,)}, **meeting) == [
        "Đề nghị chưa đạt tỷ lệ đồng ý thì chưa được thông qua."
    ]
    passed = {**vote, "agree": "12", "disagree": "1"}
    held = handler.enters(council, rows={"votes": (passed,)}, **meeting)
    assert handler.rows_of(held, "votes")[0][1:] == ("12 phiếu", "1 phiếu", "Có")


def the_certificate_is_signed_and_sealed(handler, merit):
    drawn = handler.client.post(f"{merit}lap-giay/merit/", {"revision": handler.revision(merit)})
    assert drawn.status_code == 302, errors(drawn)
    paper = handler.paper(merit)
    chairman, clerk = Desk(COMMITTEE, "leader"), Desk(COMMITTEE, "clerk")
    assert chairman.client.post(f"{paper}ky/").status_code == 302
    assert clerk.client.post(f"{paper}dong-dau/").status_code == 302
    award = text_of(b"".join(handler.client.get(paper).streaming_content))
    assert "BẰNG KHEN" in award
    assert "Võ Thị Hạ Lam" in award


@pytest.mark.usefixtures("outside")
def test_DX_13_a_reward_is_proposed_checked_against_the_past_voted_decided_printed_and_kept(
    apparatus, handler, leader
):
    a_campaign(handler, leader)
    official(handler, 4, organisation="H21.90.01")
    past = tuple(
        {"form": "cstd_co_so", "year": year, "decision": "0412/QĐ-UBND"}
        for year in ("2023", "2024")
    )
    proposal = handler.enters(
        key("reward_proposal"),
        code="ĐN-000001",
        subject="person",
        name="Võ Thị Hạ Lam",
        official="CB-000004",
        organisation=apparatus,
        campaign="PT-00019",
        reason="theme",
        years="",
        form="cstd_tinh",
        level="province",
        initiative="Sáng kiến số 12/2024",
        received_on="01/09/2026",
        due_on="01/11/2026",
        disciplined="no",
        late_taxes="no",
        checked_by="",
        refused_why="",
        rows={"past": past, "votes": ()},
    )

    def rewarded(number, **said):
        fixed = {"subject": "person", "name": "Võ Thị Hạ Lam", "official": "CB-000004"}
        fixed |= {"organisation": "", "proposal": "", "reason": "work", "given_on": ""}
        fixed |= {"form": "cstd_co_so", "level": "department", "decided_on": "15/01/2025"}
        return handler.enters(key("reward"), certificate=f"KT-{number:06}", **{**fixed, **said})

    checked = {"checked_by": "Đủ điều kiện và tiêu chuẩn."}
    rewarded(1, year="2023")
    assert handler.may_not_move(proposal, "check", **checked) == [
        "Sổ khen thưởng ghi người này chưa đủ hai lần Chiến sĩ thi đua cơ sở."
    ]
    rewarded(2, year="2024")
    handler.moves(proposal, "check", **checked)
    the_council_votes(handler)
    votes = ({"council": "province", "day": "20/09/2026", "members": "13", "agree": "12"},)
    handler.changes(proposal, why="Ghi phiếu", rows={"votes": votes})
    handler.moves(proposal, "vote")
    leader.moves(proposal, "submit")
    merit = rewarded(
        3,
        form="bang_khen_tinh",
        level="province",
        year="2025",
        decided_on="01/10/2026",
        decision="1188/QĐ-CTUBND",
        proposal="ĐN-000001",
    )
    handler.moves(proposal, "reward")
    the_certificate_is_signed_and_sealed(handler, merit)
    handler.moves(merit, "give", given_on="07/10/2026")
    printed = handler.prints(key("reward"), "register")
    assert [f"KT-{number:06}" in printed for number in (1, 2, 3)] == [True] * 3
    assert "1188/QĐ" in printed
