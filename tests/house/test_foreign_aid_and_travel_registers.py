"""DX-15 to DX-19: foreign organisations and aid, trips, passports and business travel cards."""

import io
import re
from datetime import datetime

import pytest

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView
from cuaso.capabilities.registries.jobs import remind_due
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid
from cuaso.kernel.subjects import Subject
from tests.support.answers import FATHER, MOTHER
from tests.support.registers import counted, entered, holder, listed, moved
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

DEPARTMENT = "so-ngoai-vu-gia-lai"
NGO, TRIP, PRIVATE = "foreign-affairs/foreign_ngo", "foreign-affairs/outbound_trip", "private_trip"
PASSPORT, LOAN = "foreign-affairs/official_passport", "foreign-affairs/passport_loan"
SO = "/ban-lam-viec/so/"
SHEET = (
    "Mã lần mượn;Hộ chiếu;Văn bản cử đi;Người nhận;Ngày giao;Ngày về theo quyết định;Hạn trả;"
    "Số lần đã nhắc;Công chức giao nhận"
)


@pytest.fixture
def handler():
    return holder(DEPARTMENT, "handler")


@pytest.fixture
def leader():
    return holder(DEPARTMENT, "leader")


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return " ".join(text.split())


def page_of(record: RecordView, actor) -> str:
    return words(browser_of(actor).get(f"{SO}{record.registry}/{record.id}/"))


def told(record: RecordView, actor) -> list[str]:
    """Return the names of the notices that hold for a record."""
    found = registries.notices_of(registry=record.registry, ids=[record.id], actor=actor)
    return [one.name for one in found.get(record.id, ())]


def organisation(code: str, actor, *, until: str, **said: str) -> RecordView:
    fixed = {"permit_kind": "activity", "permit_number": f"{code[-3:]}/CNV-HĐ", "status": "active"}
    dates = {"permit_from": "01/12/2022", "permit_to": until}
    return entered(NGO, actor, code=code, **{**fixed, **dates, **said})


def test_DX_15_an_officer_reads_which_permits_run_out_and_what_each_may_do(handler, leader):
    office = {"permit_kind": "office", "office_commune": "21583"}
    soon = organisation("PCP-00101", handler, until="20/11/2026", **office)
    gone = organisation("PCP-00102", handler, until="06/10/2026")
    far = organisation("PCP-00103", handler, until="06/01/2027", sectors="health")
    assert [told(one, handler) for one in (soon, gone, far)] == [["expiring"], ["expired"], []]
    assert "Giấy đăng ký hết hạn ngày 20/11/2026, còn không quá 90 ngày." in page_of(soon, handler)
    assert [row[0] for row in listed(NGO, handler, "expiring")] == ["PCP-00101"]
    assert [row[0] for row in listed(NGO, handler, "expired")] == ["PCP-00102"]
    shelf = words(browser_of(handler).get(f"{SO}{NGO}/?ds=running_out"))
    assert shelf.count("Giấy đăng ký sắp hết hạn") == 1
    assert told(soon, holder("ubnd-21583", "handler")) == ["expiring"]
    assert far.text("sectors") == "Y tế"
    with pytest.raises(Invalid) as owed:
        organisation(
            "PCP-00104", handler, until="20/11/2027", permit_kind="office", office_commune=""
        )
    assert [one.field for one in owed.value.problems] == ["office_commune"]
    renewing = moved(gone, "renew", handler)
    permit = {"permit_number": "202/CNV-HĐ", "permit_from": "06/10/2026"}
    renewed = moved(renewing, "renewed", handler, **permit, permit_to="05/10/2027")
    assert renewed.text("permit_to") == "05/10/2027"
    assert told(gone, handler) == []
    assert (
        moved(soon, "end", leader, reason="Hết dự án", ended="06/10/2026").text("status")
        == "Chấm dứt hoạt động"
    )


def trip(number: int, actor, *, who: str, leaves: str, returns: str, **said: str) -> RecordView:
    member = {"full_name": "Võ Thị Hạ Lam", "personal_number": who, "post": "Chuyên viên"}
    fixed = {"requested": "01/09/2026", "report_due": "", "invited": ""}
    dates = {"leaves": leaves, "returns": returns, "report_due": "30/12/2026"}
    rows = {"members": ({**member, "head": "yes"},), "stops": ()}
    return entered(TRIP, actor, code=f"DR-{number:06}", rows=rows, **{**fixed, **dates, **said})


PERMIT = {
    "permitted_by": "Chủ tịch Ủy ban nhân dân tỉnh",
    "decision": "1187/QĐ-UBND",
    "permitted": "20/09/2026",
}


def test_DX_17_an_officer_sees_that_a_member_is_on_two_trips_at_once(handler, leader):
    first = trip(1, handler, who=MOTHER, leaves="10/10/2026", returns="16/10/2026")
    second = trip(2, handler, who=MOTHER, leaves="16/10/2026", returns="20/10/2026")
    other = trip(3, handler, who=FATHER, leaves="10/10/2026", returns="16/10/2026")
    later = trip(4, handler, who=MOTHER, leaves="21/10/2026", returns="25/10/2026")
    assert [told(one, handler) for one in (first, second, other, later)] == [
        ["crossing"],
        ["crossing"],
        [],
        [],
    ]
    assert [row[0] for row in listed(TRIP, handler, "crossing")] == ["DR-000001", "DR-000002"]
    page = page_of(first, handler)
    assert "cũng đi đoàn khác trong thời gian từ 10/10/2026 đến 16/10/2026." in page
    assert "DR-000002 –" in page
    assert "DR-000003 –" not in page
    moved(second, "refuse", leader, reason="Trùng thời gian")
    assert told(first, handler) == []
    entered(
        f"foreign-affairs/{PRIVATE}",
        handler,
        code="VR-000009",
        personal_number=FATHER,
        requested="01/09/2026",
        leaves="12/10/2026",
        returns="13/10/2026",
        funding="self",
    )
    assert told(other, handler) == ["private"]


def test_DX_17_a_trip_goes_from_request_to_report_and_a_late_report_is_shown(handler, leader):
    asked = trip(
        5,
        handler,
        who=MOTHER,
        leaves="21/09/2026",
        returns="25/09/2026",
        report_due="05/10/2026",
    )
    assert (asked.value("days"), asked.text("status")) == (5, "Đang xin phép")
    allowed = moved(asked, "permit", leader, **PERMIT)
    assert allowed.value("decision") == "1187/QĐ-UBND"
    back = moved(moved(allowed, "depart", handler), "back", handler)
    assert told(back, handler) == ["late"]
    assert [row[0] for row in listed(TRIP, handler, "late")] == ["DR-000005"]
    assert "Đoàn đã về mà chưa báo cáo; hạn báo cáo là ngày 05/10/2026." in page_of(back, handler)
    with pytest.raises(Invalid) as owed:
        moved(back, "close", handler)
    assert {one.field for one in owed.value.problems} == {"reported", "result"}
    done = moved(back, "close", handler, reported="07/10/2026", result="Ký bản ghi nhớ")
    assert (done.text("status"), told(done, handler)) == ("Đã báo cáo", [])
    assert listed(TRIP, handler, "late") == []


def passport(number: str, actor, *, who: str = MOTHER, **said: str) -> RecordView:
    dates = {"issued": "01/03/2024", "expires": "28/02/2029", "received": "02/03/2024"}
    fixed = {"extended": "", "leaves_office": "", "status": "kept", "keeper": "Sở Ngoại vụ, tủ 2"}
    return entered(
        PASSPORT, actor, number=number, personal_number=who, **{**dates, **fixed, **said}
    )


def loan(number: int, actor, of: RecordView, *, due: str = "25/10/2026") -> RecordView:
    return entered(
        LOAN,
        actor,
        code=f"MHC-{number:06}",
        passport=of.text("number"),
        out="20/09/2026",
        returns="28/09/2026",
        due=due,
        entered="",
        reminders="0",
        reminded="",
    )


def state(of: RecordView, actor) -> str:
    return registries.record(registry=of.registry, id=of.id, actor=actor).text("status")


def test_DX_18_a_passport_is_lent_once_comes_back_or_is_lost(handler):
    kept = passport("D0000001", handler)
    out = loan(1, handler, kept)
    assert (out.text("status"), state(kept, handler)) == ("Chưa trả", "Đang cho mượn")
    with pytest.raises(Invalid) as twice:
        loan(2, handler, kept)
    assert [(one.field, one.say) for one in twice.value.problems] == [
        ("passport", "Hộ chiếu này đang cho mượn ở một lần khác mà chưa trả.")
    ]
    assert [row[0] for row in listed(LOAN, handler)] == ["MHC-000001"]
    moved(out, "take_back", handler, returned="07/10/2026", condition="Nguyên vẹn")
    assert state(kept, handler) == "Đang lưu giữ"
    again = loan(3, handler, kept)
    moved(again, "lose", handler, reason="Mất tại sân bay", lost="06/10/2026")
    assert state(kept, handler) == "Bị mất"
    (line, *_) = registries.history(registry=PASSPORT, id=kept.id, actor=handler)
    assert (line.origin, line.reason) == ("record", "Mất tại sân bay")
    with pytest.raises(Invalid, match="Bản ghi còn"):
        loan(4, handler, kept)


def test_DX_18_a_sheet_of_loans_lends_each_passport_once_and_tells_of_the_second(handler):
    kept = passport("D0000011", handler)
    other = passport("D0000012", handler, who=FATHER)
    same = "Quyết định 1187/QĐ-UBND;Võ Thị Hạ Lam;20/09/2026;28/09/2026;25/10/2026;0;Lê Quỳnh Chi"
    lent = (("MHC-000011", "D0000011"), ("MHC-000012", "D0000011"), ("MHC-000013", "D0000012"))
    sheet = "\r\n".join([SHEET, *(f"{code};{number};{same}" for code, number in lent)])
    report = registries.read_sheet(
        registry=LOAN, file=io.BytesIO(sheet.encode()), file_name="muon.csv", actor=handler
    )
    assert (report.rows, report.added, report.bad) == (3, 2, 1)
    assert [(one.line, one.say) for one in report.faults] == [
        (3, "Hộ chiếu này đang cho mượn ở một lần khác mà chưa trả.")
    ]
    with pytest.raises(Conflict) as bad:
        registries.apply_sheet(batch_id=report.id, actor=handler)
    assert bad.value.code == "registries.sheet_has_bad_rows"
    assert (listed(LOAN, handler), state(kept, handler)) == ([], "Đang lưu giữ")
    done = registries.apply_sheet(batch_id=report.id, actor=handler, partly=True)
    assert (done.added, done.bad) == (2, 1)
    assert sorted(row[0] for row in listed(LOAN, handler)) == ["MHC-000011", "MHC-000013"]
    assert [state(one, handler) for one in (kept, other)] == ["Đang cho mượn", "Đang cho mượn"]


def test_DX_18_whoever_keeps_a_passport_too_long_is_reminded_each_week(handler):
    late = loan(5, handler, passport("D0000005", handler), due="06/10/2026")
    loan(6, handler, passport("D0000006", handler, who=FATHER), due="07/10/2026")
    assert [row[0] for row in listed(LOAN, handler, "overdue")] == ["MHC-000005"]
    assert remind_due() == 1
    assert remind_due() == 0
    sent = messages.messages_about(Subject(kind="registries.record", id=late.id))
    assert sorted({one.channel for one in sent}) == ["email", "sms"]
    (mail, *_) = (one for one in sent if one.channel == "email")
    assert mail.headline.startswith("Sổ cho mượn hộ chiếu: MHC-000005")
    assert "Hộ chiếu chưa được trả; hạn trả là ngày 06/10/2026." in mail.body
    now = registries.record(registry=LOAN, id=late.id, actor=handler)
    assert (now.value("reminders"), now.text("reminded")) == (1, "07/10/2026")
    with clock.at(datetime(2026, 10, 14, 9, tzinfo=clock.VIETNAM)):
        assert remind_due() == 2
        now = registries.record(registry=LOAN, id=late.id, actor=handler)
    assert (now.value("reminders"), now.text("reminded")) == (2, "14/10/2026")
    moved(now, "take_back", handler, returned="07/10/2026", condition="Nguyên vẹn")
    with clock.at(datetime(2026, 10, 21, 9, tzinfo=clock.VIETNAM)):
        assert remind_due() == 1


def test_DX_16_a_project_is_followed_from_its_donor_to_what_it_reached(handler, leader):
    donor, project, report = (
        f"foreign-affairs/aid_{one}" for one in ("donor", "project", "report")
    )
    entered(donor, handler, code="NTT-00017", name="Quỹ Hy vọng Xanh (minh hoạ)", ngo="")
    aid = entered(
        project,
        handler,
        donor="NTT-00017",
        form="project",
        sector="health",
        currency="USD",
        committed="420000",
        committed_usd="420000",
        starts="01/01/2026",
        ends="31/12/2026",
        rows={"places": ({"commune": "21583", "share": "60"}, {"commune": "21952", "share": "40"})},
    )
    assert aid.text("donor") == "Quỹ Hy vọng Xanh (minh hoạ)"
    assert [row[0].text for row in aid.groups["places"]] == ["Phường Quy Nhơn", "Xã Tuy Phước"]
    agreed = moved(aid, "approve", leader, decision="0412/QĐ-UBND", approved="15/12/2025")
    running = moved(agreed, "start", handler, reached="0")
    assert told(running, handler) == ["silent"]
    code = aid.text("code")
    half = {"year": "2026", "half": "h1", "reported": "05/07/2026", "reporter": "Võ Thị Hạ Lam"}
    spent = {"received_usd": "210000", "spent_usd": "150000"}
    total = {"received_total": "210000", "spent_total": "150000"}
    said = entered(report, handler, project=code, **half, **spent, **total)
    assert (said.value("left"), told(running, handler)) == (60000, [])
    with pytest.raises(Invalid) as over:
        entered(
            report,
            handler,
            project=code,
            **{**half, "half": "h2"},
            **spent,
            **{**total, "spent_total": "210001"},
        )
    assert [one.field for one in over.value.problems] == ["spent_total"]
    assert counted(report, handler, "spent")["6 tháng đầu năm"] == ("150.000",)
    assert counted(project, handler, "committed")["Y tế"] == ("420.000",)
    done = moved(running, "finish", handler, reached="1500", result="Bàn giao hai công trình")
    assert (done.text("status"), done.value("reached")) == ("Đã kết thúc", 1500)
    assert [row[0] for row in listed(project, handler, "unsettled")] == [code]


CARD, COMPANY = "foreign-affairs/abtc_card", "foreign-affairs/abtc_company"


def test_DX_19_a_card_is_asked_for_cleared_by_economies_used_and_runs_out(handler, leader):
    entered(COMPANY, handler, code="DN-00088", good="yes", tax_debt="0", insurance_debt="0")
    asked = entered(
        CARD,
        handler,
        code="ABTC-000305",
        company="DN-00088",
        personal_number=MOTHER,
        birth_date="10/02/1992",
        insured_months="11",
        requested="01/10/2021",
        rows={"uses": ()},
    )
    with pytest.raises(Invalid) as short:
        moved(asked, "permit", leader, decision="0421/UBND-NC", permitted="15/10/2021")
    assert "ít nhất 12 tháng" in short.value.problems[0].say
    registries.amend(
        registry=CARD, id=asked.id, values={"insured_months": "14"}, actor=handler, reason="Bổ sung"
    )
    moved(asked, "permit", leader, decision="0421/UBND-NC", permitted="15/10/2021")
    given = registries.move(
        registry=CARD,
        id=asked.id,
        to="issue",
        values={
            "card_number": "VNM0012345",
            "issued": "10/12/2021",
            "expires": "09/12/2026",
            "cleared": ["JP", "KR"],
        },
        actor=handler,
    )
    assert told(given, handler) == ["expiring"]
    assert [row[0] for row in listed(CARD, handler, "expiring")] == ["ABTC-000305"]
    assert counted(CARD, handler, "cleared") == {"Hàn Quốc": ("1",), "Nhật Bản": ("1",)}
    use = {"year": "2025", "entries": "3", "economies": ["JP"], "result": "Ký hai hợp đồng"}
    used = registries.amend(
        registry=CARD, id=given.id, values={"uses": [use]}, actor=handler, reason="Báo cáo năm"
    )
    assert [one.text for one in used.groups["uses"][0]] == [
        "2025",
        "3 lần",
        "Nhật Bản",
        "Ký hai hợp đồng",
    ]
    again = entered(
        CARD,
        handler,
        code="ABTC-000306",
        company="DN-00088",
        personal_number=MOTHER,
        birth_date="10/02/1992",
        requested="01/10/2026",
        rows={"uses": ()},
    )
    assert told(again, handler) == ["twice"]
