"""DX-15 to DX-19 at the house's doors: aid, trips, passports and business travel cards."""

from datetime import datetime

import pytest

from cuaso.capabilities.registries.jobs import remind_due
from cuaso.kernel import clock
from tests.support.answers import FATHER, MOTHER, QUY_NHON
from tests.support.doors import Desk, applies, decided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


DEPARTMENT, FISHERIES = "so-ngoai-vu-gia-lai", "chi-cuc-thuy-san-gia-lai"
ABTC, CONFERENCE = "9.000019", "2.002313"
WOOD = "Công ty Cổ phần Gỗ Biển Xanh (minh hoạ)"


def key(name):
    return f"foreign-affairs/{name}"


@pytest.fixture
def handler():
    return Desk(DEPARTMENT, "handler")


@pytest.fixture
def leader():
    return Desk(DEPARTMENT, "leader")


def first(rows):
    """Return the first cell of each row."""
    return [row[0] for row in rows]


def test_DX_15_a_permit_has_its_scope_and_warns_before_it_ends(handler, leader):
    def organisation(code, *, until, **said):
        fixed = {"permit_kind": "activity", "permit_number": f"{code[-3:]}/CNV-HĐ"}
        fixed |= {"status": "active", "permit_from": "01/12/2022", "permit_to": until}
        return handler.enters(key("foreign_ngo"), code=code, **{**fixed, **said})

    office = {"permit_kind": "office", "office_commune": QUY_NHON}
    soon = organisation("PCP-00101", until="20/11/2026", **office)
    gone = organisation("PCP-00102", until="06/10/2026")
    far = organisation("PCP-00103", until="06/01/2027", sectors="health")
    assert [handler.is_told(one) for one in (soon, gone, far)] == [
        ["Giấy đăng ký sắp hết hạn"],
        ["Giấy đăng ký đã hết hạn"],
        [],
    ]
    assert first(handler.lists(key("foreign_ngo"), "expiring")) == ["PCP-00101"]
    assert first(handler.lists(key("foreign_ngo"), "expired")) == ["PCP-00102"]
    assert "Y tế" in handler.reads(far).values()
    assert Desk(f"ubnd-{QUY_NHON}", "handler").is_told(soon) == ["Giấy đăng ký sắp hết hạn"]
    handler.moves(gone, "renew")
    permit = {"permit_number": "202/CNV-HĐ", "permit_from": "06/10/2026"}
    handler.moves(gone, "renewed", **permit, permit_to="05/10/2027")
    assert handler.is_told(gone) == []
    leader.moves(soon, "end", why="Hết dự án", ended="06/10/2026")
    assert handler.lists(key("foreign_ngo"), "expiring") == []


def test_DX_16_a_project_has_donor_capital_places_and_results(handler, leader):
    project, report = key("aid_project"), key("aid_report")
    handler.enters(key("aid_donor"), code="NTT-00017", name="Quỹ Hy vọng Xanh (minh hoạ)", ngo="")
    aid = handler.enters(
        project,
        code="VT-000215",
        donor="NTT-00017",
        form="project",
        sector="health",
        currency="USD",
        committed="420000",
        committed_usd="420000",
        starts="01/01/2026",
        ends="31/12/2026",
        rows={
            "places": ({"commune": QUY_NHON, "share": "60"}, {"commune": "21952", "share": "40"})
        },
    )
    assert first(handler.rows_of(aid, "places")) == ["Phường Quy Nhơn", "Xã Tuy Phước"]
    leader.moves(aid, "approve", decision="0412/QĐ-UBND", approved="15/12/2025")
    handler.moves(aid, "start", reached="0")
    assert len(handler.is_told(aid)) == 1
    half = {"year": "2026", "half": "h1", "reported": "05/07/2026", "reporter": "Võ Thị Hạ Lam"}
    spent = {"received_usd": "210000", "spent_usd": "150000"}
    total = {"received_total": "210000", "spent_total": "150000"}
    handler.enters(report, code="BCV-000001", project="VT-000215", **half, **spent, **total)
    assert handler.is_told(aid) == []
    second = {**half, "half": "h2"}
    over = {**total, "spent_total": "210001"}
    assert (
        len(
            handler.is_refused(
                report, code="BCV-000002", project="VT-000215", **second, **spent, **over
            )
        )
        == 1
    )
    assert handler.counts(project, "committed")["Y tế"] == ("420.000",)
    assert handler.counts(report, "spent")["6 tháng đầu năm"] == ("150.000",)
    handler.moves(aid, "finish", reached="1500", result="Bàn giao hai công trình")
    assert "Bàn giao hai công trình" in handler.reads(aid).values()


def trip(desk, number, *, who, leaves, returns, **said):
    member = {"full_name": "Võ Thị Hạ Lam", "personal_number": who, "post": "Chuyên viên"}
    fixed = {"requested": "01/09/2026", "report_due": "30/12/2026", "invited": ""}
    rows = {"members": ({**member, "head": "yes"},), "stops": ()}
    dates = {"leaves": leaves, "returns": returns}
    return desk.enters(
        key("outbound_trip"), code=f"DR-{number:06}", rows=rows, **{**fixed, **dates, **said}
    )


def test_DX_17_a_trip_is_asked_for_permitted_made_and_reported_overlaps_and_delays_show(
    handler, leader
):
    trips = key("outbound_trip")
    one = trip(handler, 1, who=MOTHER, leaves="10/10/2026", returns="16/10/2026")
    two = trip(handler, 2, who=MOTHER, leaves="16/10/2026", returns="20/10/2026")
    other = trip(handler, 3, who=FATHER, leaves="10/10/2026", returns="16/10/2026")
    assert [bool(handler.is_told(each)) for each in (one, two, other)] == [True, True, False]
    assert first(handler.lists(trips, "crossing")) == ["DR-000001", "DR-000002"]
    handler.enters(
        key("private_trip"),
        code="VR-000009",
        personal_number=FATHER,
        requested="01/09/2026",
        leaves="12/10/2026",
        returns="13/10/2026",
        funding="self",
    )
    assert len(handler.is_told(other)) == 1
    permit = {"permitted_by": "Chủ tịch Ủy ban nhân dân tỉnh", "decision": "1187/QĐ-UBND"}
    past = trip(
        handler,
        5,
        who="052091000302",
        leaves="21/09/2026",
        returns="25/09/2026",
        report_due="05/10/2026",
    )
    leader.moves(past, "permit", permitted="20/09/2026", **permit)
    handler.moves(past, "depart")
    handler.moves(past, "back")
    assert first(handler.lists(trips, "late")) == ["DR-000005"]
    handler.moves(past, "close", reported="07/10/2026", result="Ký bản ghi nhớ")
    assert handler.lists(trips, "late") == []
    assert handler.reads(past)["Tình trạng"] == "Đã báo cáo"


def test_DX_18_a_passport_is_issued_kept_lent_returned_lost_and_asked_for_when_late(handler):
    loans = key("passport_loan")

    def passport(number, who=MOTHER):
        dates = {"issued": "01/03/2024", "expires": "28/02/2029", "received": "02/03/2024"}
        fixed = {"extended": "", "leaves_office": "", "status": "kept", "keeper": "Tủ số 2"}
        return handler.enters(
            key("official_passport"), number=number, personal_number=who, **dates, **fixed
        )

    def lent(number, passport, due="25/10/2026"):
        fixed = {"out": "20/09/2026", "returns": "28/09/2026", "entered": "", "reminded": ""}
        return {
            "code": f"MHC-{number:06}",
            "passport": passport,
            "due": due,
            "reminders": "0",
            **fixed,
        }

    kept = passport("D0000001")
    loan = handler.enters(loans, **lent(1, "D0000001"))
    assert handler.reads(kept)["Tình trạng"] == "Đang cho mượn"
    assert handler.is_refused(loans, **lent(2, "D0000001")) == [
        "Hộ chiếu này đang cho mượn ở một lần khác mà chưa trả."
    ]
    handler.moves(loan, "take_back", returned="07/10/2026", condition="Nguyên vẹn")
    assert handler.reads(kept)["Tình trạng"] == "Đang lưu giữ"
    lost = handler.enters(loans, **lent(3, "D0000001"))
    handler.moves(lost, "lose", why="Mất tại sân bay", lost="06/10/2026")
    assert handler.reads(kept)["Tình trạng"] == "Bị mất"
    passport("D0000005", who=FATHER)
    late = handler.enters(loans, **lent(5, "D0000005", due="06/10/2026"))
    assert first(handler.lists(loans, "overdue")) == ["MHC-000005"]
    assert remind_due() == 1
    assert handler.reads(late)["Số lần đã nhắc"] == "1 lần"
    with clock.at(datetime(2026, 10, 14, 9, tzinfo=clock.VIETNAM)):
        assert remind_due() == 1
    handler.moves(late, "take_back", returned="07/10/2026", condition="Nguyên vẹn")
    with clock.at(datetime(2026, 10, 21, 9, tzinfo=clock.VIETNAM)):
        assert remind_due() == 0


@pytest.mark.usefixtures("outside")
def test_DX_19_a_card_is_asked_for_by_procedure_cleared_by_economies_used_and_runs_out(
    mother, handler, leader
):
    card = key("abtc_card")
    debts = {"tax_debt": "0 đồng", "insurance_debt": "0 đồng"}
    handler.enters(key("abtc_company"), code="DN-00088", name=WOOD, good="yes", **debts)
    holder = {
        "company__name": WOOD,
        "holder__full_name": "Võ Thị Hạ Lam",
        "holder__personal_number": MOTHER,
        "holder__birth_date": "14/02/1996",
        "holder__passport": "C0123456",
        "holder__post": "Giám đốc",
        "holder__insured_months": "26",
        "holder__economies": ["JP", "KR"],
    }
    decided(applies(mother, ABTC, **holder), DEPARTMENT)
    ((code, *_rest),) = handler.lists(card)
    assert code == "ABTC-000001"
    (address,) = handler.addresses(card)
    handler.moves(
        address,
        "issue",
        card_number="VNM0012345",
        issued="07/10/2026",
        expires="07/10/2031",
        cleared=["JP", "KR"],
    )
    assert handler.counts(card, "cleared") == {"Hàn Quốc": ("1",), "Nhật Bản": ("1",)}
    use = {"year": "2026", "entries": "3", "economies": "JP", "result": "Ký hai hợp đồng"}
    handler.changes(address, why="Báo cáo năm", rows={"uses": (use,)})
    assert handler.rows_of(address, "uses") == [("2026", "3 lần", "Nhật Bản", "Ký hai hợp đồng")]
    assert handler.is_told(address) == []
    old = handler.enters(
        card,
        code="ABTC-000305",
        company="DN-00088",
        personal_number=FATHER,
        birth_date="10/02/1992",
        insured_months="14",
        requested="01/10/2021",
        rows={"uses": ()},
    )
    leader.moves(old, "permit", decision="0421/UBND-NC", permitted="15/10/2021")
    handler.moves(
        old,
        "issue",
        card_number="VNM0012346",
        issued="10/12/2021",
        expires="09/12/2026",
        cleared=["JP"],
    )
    assert len(handler.is_told(old)) == 1
    assert first(handler.lists(card, "expiring")) == ["ABTC-000305"]
