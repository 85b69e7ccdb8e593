"""DX-20, 23, 24, 25: papers, delegations, conferences and partners abroad."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Invalid, NotAllowed
from tests.support.dossiers import upload
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE = "so-ngoai-vu-gia-lai"
CONSULAR = "foreign-affairs/consular_file"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


def paper(handler, number, kind, country):
    return entered(
        CONSULAR,
        handler,
        code=f"LS-{number:06}",
        kind=kind,
        country=country,
        received="01/10/2026",
        due="12/10/2026",
        sheets="2",
    )


def test_DX_20_a_clerk_sends_papers_to_the_consular_office_and_gives_them_back_counted(
    handler,
):
    first = paper(handler, 1, "certification", "KR")
    paper(handler, 2, "certification", "KR")
    paper(handler, 3, "legalisation", "JP")
    assert first.text("status") == "Đã tiếp nhận"
    with pytest.raises(Invalid) as owed:
        moved(first, "send", handler)
    assert [one.field for one in owed.value.problems] == ["sent"]
    sent = moved(first, "send", handler, sent="02/10/2026")
    assert [row[0] for row in listed(CONSULAR, handler, "away")] == ["LS-000001"]
    back = moved(sent, "back", handler, back="06/10/2026")
    assert listed(CONSULAR, handler, "away") == []
    assert [row[0] for row in listed(CONSULAR, handler, "to_deliver")] == ["LS-000001"]
    done = moved(back, "deliver", handler, delivered="07/10/2026")
    days = {path: done.value(path) for path in ("received", "sent", "back", "delivered")}
    assert days == {
        "received": "2026-10-01",
        "sent": "2026-10-02",
        "back": "2026-10-06",
        "delivered": "2026-10-07",
    }
    figure = registries.figure(registry=CONSULAR, name="by_country", actor=handler)
    assert figure.columns == ("Nhật Bản", "Hàn Quốc")
    assert counted(CONSULAR, handler, "by_country") == {
        "Chứng nhận lãnh sự": ("", "2"),
        "Hợp pháp hóa lãnh sự": ("1", ""),
    }
    assert figure.total.value == 3


def test_DX_20_a_clerk_gives_back_what_was_refused_without_sending_it(handler):
    record = paper(handler, 9, "legalisation", "JP")
    refused = moved(record, "refuse", handler, refusal="Con dấu không có mẫu lưu")
    assert refused.value("sent") is None
    given = moved(refused, "deliver", handler, delivered="07/10/2026")
    assert given.value("refusal") == "Con dấu không có mẫu lưu"
    assert given.text("status") == "Đã trả người đề nghị"


VISITS, WORKERS = "foreign-affairs/inbound_visit", "foreign-affairs/foreign_worker_visit"
EVENTS = "foreign-affairs/external_event"


def test_DX_23_an_officer_receives_a_delegation_by_its_programme_with_permits(handler, leader):
    visit = entered(
        VISITS,
        handler,
        code="DV-000001",
        country="JP",
        level="business",
        purpose="investment",
        host="Ban Quản lý Khu kinh tế",
        requested="20/09/2026",
        arrives="12/10/2026",
        leaves="14/10/2026",
        people="8",
        border="yes",
        border_permit="014/GP-CA",
        rows={
            "programme": (
                {"at": "12/10/2026 08:30", "what": "Chào xã giao", "commune": "21583"},
                {"at": "13/10/2026 09:00", "what": "Thăm cảng", "commune": "21583"},
            )
        },
    )
    assert visit.value("days") == 3
    assert visit.text("host") == "Ban Quản lý Khu kinh tế"
    assert [row[1].text for row in visit.groups["programme"]] == ["Chào xã giao", "Thăm cảng"]
    assert [row[0] for row in listed(VISITS, handler, "coming")] == ["DV-000001"]
    guest = entered(
        WORKERS,
        handler,
        code="NNN-000001",
        visit="DV-000001",
        nationality="JP",
        birth_date="01/02/1980",
        starts="12/10/2026",
        ends="14/10/2026",
        permit_needed="yes",
        permit="00123/GPLĐ",
        permit_to="31/12/2026",
        events=["trade", "science"],
    )
    assert guest.text("visit").startswith("DV-000001")
    assert guest.text("permit") == "00123/GPLĐ"
    assert guest.value("events") == ["trade", "science"]
    with pytest.raises(NotAllowed):
        moved(visit, "approve", handler, decision="Công văn 12/UBND-NC")
    approved = moved(visit, "approve", leader, decision="Công văn 12/UBND-NC")
    assert [row[0] for row in listed(VISITS, handler, "restricted")] == ["DV-000001"]
    done = moved(approved, "receive", handler, result="Ký biên bản ghi nhớ")
    assert (done.text("status"), done.text("result")) == ("Đã tiếp", "Ký biên bản ghi nhớ")
    assert counted(VISITS, handler, "people") == {"Nhật Bản": ("8",)}


CONFERENCES = "foreign-affairs/conference"


def conference(handler, **said):
    return entered(
        CONFERENCES,
        handler,
        **{
            "code": "HN-000001",
            "mode": "mixed",
            "organiser": "Trung tâm Minh Hoạ",
            "sensitive": "no",
            "high_guest": "no",
            "authority": "province",
            "requested": "01/09/2026",
            "starts": "01/10/2026",
            "report_due": "06/10/2026",
            "foreign_guests": "45",
            "commune": "21583",
            **said,
        },
        rows={
            "speakers": (
                {"full_name": "Anna Muster", "nationality": "DE", "agency": "Viện", "topic": "AI"},
                {
                    "full_name": "John Sample",
                    "nationality": "US",
                    "agency": "Viện",
                    "topic": "Nano",
                },
            )
        },
    )


def test_DX_24_an_officer_has_a_conference_permitted_held_and_reported_and_reads_its_figures(
    handler, leader
):
    with pytest.raises(Invalid) as above:
        conference(handler, sensitive="yes")
    assert [one.field for one in above.value.problems] == ["authority"]
    asked = conference(handler)
    assert [row[0].text for row in asked.groups["speakers"]] == ["Anna Muster", "John Sample"]
    with pytest.raises(Invalid) as owed:
        moved(asked, "permit", leader)
    assert [one.field for one in owed.value.problems] == ["decision", "permitted"]
    permitted = moved(asked, "permit", leader, decision="0412/UBND-NC", permitted="15/09/2026")
    assert permitted.text("decision") == "0412/UBND-NC"
    held = moved(permitted, "hold", handler)
    assert [row[0] for row in listed(CONFERENCES, handler, "late")] == ["HN-000001"]
    told = "45 đại biểu nước ngoài, hai báo cáo chính"
    reported = moved(held, "report", handler, reported="07/10/2026", result=told)
    assert (reported.text("status"), reported.text("result")) == ("Đã báo cáo", told)
    assert listed(CONFERENCES, handler, "late") == []
    assert counted(CONFERENCES, handler, "guests") == {"Trực tiếp kết hợp trực tuyến": ("45",)}
    assert counted(CONFERENCES, handler, "by_status") == {"Đã báo cáo": ("1",)}


PARTNERS, AGREEMENTS = "foreign-affairs/foreign_partner", "foreign-affairs/agreement"
COMMITMENTS = "foreign-affairs/agreement_commitment"


def test_DX_25_an_officer_keeps_an_agreement_with_its_text_and_follows_what_was_promised(
    handler, leader
):
    partner = entered(
        PARTNERS,
        handler,
        code="DT-00001",
        name="Thành phố Minh Hoạ (Nhật Bản)",
        kind="sister",
        country="JP",
        where="34,574; 135,483",
        since="01/06/2010",
        last_contact="01/09/2026",
        visits_in="3",
        visits_out="2",
    )
    (spot,) = registries.map_of(
        registry=PARTNERS, name="where", query=ListQuery(list="sisters"), actor=handler
    ).features
    assert (spot.id, spot.label) == (partner.id, "Địa phương kết nghĩa")
    assert spot.geometry == {"type": "Point", "coordinates": [135.483, 34.574]}
    text = upload(handler, name="ban-ghi-nho.pdf")
    draft = entered(
        AGREEMENTS,
        handler,
        code="TTQT-00001",
        title="Bản ghi nhớ hợp tác minh hoạ",
        kind="memorandum",
        partner="DT-00001",
        party="Ủy ban nhân dân tỉnh",
        text=str(text),
    )
    assert draft.value("text") == [str(text)]
    assert draft.text("partner") == "Thành phố Minh Hoạ (Nhật Bản)"
    signed = moved(
        draft,
        "sign",
        leader,
        signer="Chủ tịch Ủy ban nhân dân tỉnh",
        signer_foreign="Mr. Taro Mihon",
        approval="Công văn 90/TTg",
        signed="10/09/2026",
    )
    with pytest.raises(Invalid) as early:
        moved(signed, "begin", handler, starts="09/09/2026")
    assert "Ngày có hiệu lực không được trước ngày ký." in str(early.value.problems)
    begun = moved(signed, "begin", handler, starts="01/10/2026")
    assert (begun.text("status"), begun.value("starts")) == ("Đang có hiệu lực", "2026-10-01")
    promise = entered(
        COMMITMENTS,
        handler,
        code="CK-000001",
        agreement="TTQT-00001",
        what="Cử mười học viên tiếng Nhật",
        starts="01/10/2026",
        due="31/12/2026",
        progress="20",
    )
    assert [row[0] for row in listed(COMMITMENTS, handler, "open")] == ["CK-000001"]
    doing = moved(promise, "start", handler)
    with pytest.raises(Invalid):
        moved(doing, "finish", handler, progress="90", done="07/10/2026", result="Chín học viên")
    finished = moved(
        doing, "finish", handler, progress="100", done="07/10/2026", result="Mười học viên"
    )
    assert finished.text("status") == "Đã hoàn thành"
    assert listed(COMMITMENTS, handler, "open") == []
