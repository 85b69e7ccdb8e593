"""DX-10 at the house's doors: an association from its founding to its end, by procedures."""

import pytest

from tests.support.answers import MOTHER
from tests.support.apparatus import HOUSE, key
from tests.support.doors import Desk, answered, applies, decided, open_data
from tests.support.dossiers import let_the_house_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

ASSOCIATION, CONGRESS, REPORT = (
    key(name) for name in ("association", "association_congress", "association_report")
)
CHESS = "Hội Cờ tướng (minh hoạ)"
FOUNDING, CHARTER, DISSOLUTION = "1.012929", "1.012931", "1.012933"
MEETING, YEARLY = "1.012935", "9.000021"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


def a_congress_agreed(handler, mother, named):
    meeting = {"congress__kind": "regular", "congress__ordinal": "2"}
    meeting |= {"congress__planned_on": "15/12/2026", "congress__charter_new": "no"}
    answered(applies(mother, MEETING, **named, **meeting, congress__delegates="60"), HOUSE)
    ((_one, kind, planned, state, number),) = handler.lists(CONGRESS)
    assert (kind, planned, state) == ("Đại hội nhiệm kỳ", "15/12/2026", "Đã có ý kiến đồng ý")
    assert number == "01/SNV-TCBC"
    assert handler.calendar(CONGRESS, "planned", "2026-12")[0][0] == "2026-12-15"


def a_yearly_report_accepted(handler, leader, mother, named):
    report = handler.enters(
        REPORT, code="BCH-000001", association="HOI-00001", year="2025", due_on="31/01/2026"
    )
    assert handler.is_told(report) == ["Báo cáo quá hạn"]
    year = {"report__code": "BCH-000001", "report__year": "2025", "report__due_on": "31/01/2026"}
    year |= {"report__members": "64", "report__joined": "12"}
    money = {"opening_vnd": "0 đồng", "fees_vnd": "12.000.000 đồng", "aid_vnd": "0 đồng"}
    money |= {"budget_vnd": "0 đồng", "spent_vnd": "9.000.000 đồng"}
    told = {f"money__{name}": amount for name, amount in money.items()}
    answered(applies(mother, YEARLY, **named, **year, **told), HOUSE)
    assert handler.is_told(report) == []
    leader.moves(report, "accept")
    assert handler.reads(report)["Số dư cuối năm"] == "3.000.000 đồng"
    assert handler.lists(REPORT, "awaited") == []
    assert handler.lists(ASSOCIATION, "silent") == []


def a_public_line(client):
    head_, row = open_data(client, ASSOCIATION)
    assert row[head_.index("name")] == CHESS
    assert "leader" not in ",".join(head_)


@pytest.mark.usefixtures("outside")
def test_DX_10_an_association_is_founded_meets_reports_and_ends_by_procedures_on_a_public_list(
    handler, leader, mother, client
):
    head = {
        "head__leader__full_name": "Võ Thị Hạ Lam",
        "head__leader__personal_number": MOTHER,
        "head__leader__birth_date": "14/02/1966",
        "head__leader__sex": "female",
    }
    asked = {
        "association__name": CHESS,
        "association__foreign_name": "",
        "association__field": "sport",
        "association__scope": "province",
        "association__members": "52",
    }
    decided(applies(mother, FOUNDING, **asked, **head), HOUSE)
    let_the_house_work()
    ((code, *_rest),) = handler.lists(ASSOCIATION)
    assert code == "HOI-00001"
    term = {
        "request__kind": "first",
        "request__congress_on": "15/09/2026",
        "request__term_years": "5",
        "request__term_ends_on": "15/09/2031",
        "request__members": "64",
        "leaders__0__full_name": "Võ Thị Hạ Lam",
        "leaders__0__role": "chair",
        "leaders__0__official": "no",
        "leaders__0__agreed_by": "",
    }
    named = {"association__code": code, "association__name": CHESS}
    decided(applies(mother, CHARTER, **named, **term, **head), HOUSE)
    ((*_start, status),) = handler.lists(ASSOCIATION)
    assert status == "Đang hoạt động"
    (shown,) = handler.lists(ASSOCIATION, "public")
    assert shown[:3] == ("HOI-00001", CHESS, "Thể dục, thể thao")
    (told,) = handler.lists(ASSOCIATION, "silent")
    assert told[0] == "HOI-00001"

    a_congress_agreed(handler, mother, named)
    a_yearly_report_accepted(handler, leader, mother, named)
    a_public_line(client)
    over = {
        **named,
        "dissolution__reason": "Mục đích của hội đã hoàn thành.",
        "dissolution__resolved_on": "01/10/2026",
        "dissolution__assets": "0 đồng",
        "dissolution__debts_paid": "yes",
    }
    decided(applies(mother, DISSOLUTION, **over), HOUSE)
    assert handler.lists(ASSOCIATION, "public") == []
    assert handler.lists(ASSOCIATION, "ended") == [
        ("HOI-00001", CHESS, "Đã giải thể", "07/10/2026")
    ]
    assert CHESS in handler.prints(ASSOCIATION, "register")
