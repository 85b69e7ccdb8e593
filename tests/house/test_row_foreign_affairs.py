"""DX-20 to DX-26 at the house's doors: papers, fishermen, people abroad, guests and partners."""

import pytest

from tests.support.answers import MOTHER, QUY_NHON
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


def test_DX_20_papers_are_received_sent_returned_and_counted_by_type_and_country(handler):
    files = key("consular_file")

    def paper(number, kind, country):
        dates = {"received": "01/10/2026", "due": "12/10/2026", "sheets": "2"}
        return handler.enters(files, code=f"LS-{number:06}", kind=kind, country=country, **dates)

    one = paper(1, "certification", "KR")
    paper(2, "certification", "KR")
    paper(3, "legalisation", "JP")
    handler.moves(one, "send", sent="02/10/2026")
    assert first(handler.lists(files, "away")) == ["LS-000001"]
    handler.moves(one, "back", back="06/10/2026")
    assert first(handler.lists(files, "to_deliver")) == ["LS-000001"]
    handler.moves(one, "deliver", delivered="07/10/2026")
    assert handler.lists(files, "to_deliver") == []
    assert handler.counts(files, "by_country") == {
        "Chứng nhận lãnh sự": ("0", "2"),
        "Hợp pháp hóa lãnh sự": ("1", "0"),
    }


def test_DX_21_a_case_names_vessel_and_crew_of_their_registers_and_follows_a_fisherman_home(
    handler, leader
):
    fisheries = Desk(FISHERIES, "handler")
    vessel = fisheries.enters(
        "agriculture/fishing_vessel",
        number="BĐ-90210-TS",
        owner_name="Trần Văn Minh Hoạ",
        length="17,5",
        width="5,0",
        gear="seine",
        second_gear="",
        zone="offshore",
        tracker="on",
        tracker_code="VMS00000210",
        built="2012",
        registered="02/03/2020",
    )
    crew = fisheries.enters(
        "agriculture/crew_member",
        code="TV-000001",
        full_name="Lê Văn Bạn Thuyền",
        personal_number="052090000301",
        birth_date="01/02/1990",
        commune=QUY_NHON,
        post="hand",
        certificate="",
        certificate_to="",
    )
    fisheries.moves(crew, "board", vessel="BĐ-90210-TS", boarded="01/09/2026")
    people = ({"member": "TV-000001", "post": "hand", "held": "yes"},)
    case = handler.enters(
        key("vessel_violation"),
        code="VP-000001",
        vessel="BĐ-90210-TS",
        vessel_number="BĐ-90210-TS",
        length="17,5",
        crew="9",
        commune=QUY_NHON,
        left_port="01/09/2026",
        happened="20/09/2026 03:00",
        informed="22/09/2026",
        country="ID",
        act="fishing",
        informed_by="vms",
        abroad="detained",
        latitude="6,25",
        longitude="108,5",
        where="6,25; 108,5",
        signal_lost="no",
        rows={"people": people},
    )
    assert handler.rows_of(case, "people") == [
        ("TV-000001 – Lê Văn Bạn Thuyền", "Thuyền viên", "Có")
    ]
    assert "Thuyền viên" in " ".join(fisheries.is_told(vessel))
    assert handler.on_map(key("vessel_violation"), "where") == {
        "VP-000001 – BĐ-90210-TS": ("In-đô-nê-xi-a", "Point")
    }
    rows = {
        "visits": ({"on_day": "28/09/2026", "by_whom": "Đại sứ quán", "found": "Khỏe"},),
        "help": ({"on_day": "30/09/2026", "from_whom": "Quỹ bảo hộ", "amount": "5000000"},),
    }
    fisher = handler.enters(
        key("detained_fisher"),
        code="ND-000001",
        case="VP-000001",
        member="TV-000001",
        full_name="Lê Văn Bạn Thuyền",
        personal_number="052090000301",
        birth_date="01/02/1990",
        commune=QUY_NHON,
        country="ID",
        held="20/09/2026",
        rows=rows,
    )
    assert handler.rows_of(fisher, "help")[0][1:] == ("Quỹ bảo hộ", "5.000.000 đồng")
    handler.moves(fisher, "release", released="02/10/2026")
    handler.moves(fisher, "home", home="06/10/2026")
    assert handler.lists(key("detained_fisher"), "still") == []
    handler.moves(case, "verify")
    leader.moves(case, "handle")
    leader.moves(case, "close", closed="05/10/2026", fine_home="900.000.000 đồng")
    assert handler.lists(key("vessel_violation"), "open") == []


def test_DX_22_people_abroad_register_themselves_and_are_counted_by_country_with_associations(
    handler, sign_in
):
    people, clubs = key("person_abroad"), key("abroad_association")
    said = {
        "full_name": "Võ Thị Hạ Lam",
        "birth_year": "1996",
        "sex": "female",
        "nationality": "VN",
        "commune": QUY_NHON,
        "country": "JP",
        "reason": "work",
        "since": "2020",
        "expert": "no",
        "consent": "yes",
    }
    typed = {f"record.{name}": value for name, value in said.items()}
    done = sign_in(MOTHER).post(f"/du-lieu-ve-toi/{people}/dang-ky/", typed)
    assert done.status_code == 302
    fixed = {"source": "commune", "expert": "no", "birth_year": "1990", "since": "2016"}
    handler.enters(people, seed=2, code="NN-000041", country="US", reason="settled", **fixed)
    handler.enters(clubs, code="HD-00001", kind="students", country="JP", members="40")
    assert handler.counts(people, "by_country") == {
        "Nhật Bản": ("0", "1"),
        "Hoa Kỳ": ("1", "0"),
    }
    assert handler.counts(people, "by_source")["Tự đăng ký"] == ("1",)
    assert handler.counts(clubs, "by_country") == {"Nhật Bản": ("1",)}
    assert first(handler.lists(people, country="JP")) == ["NN-000001"]


def test_DX_23_a_visit_has_purpose_host_programme_events_and_permits(handler, leader):
    visits, workers = key("inbound_visit"), key("foreign_worker_visit")
    visit = handler.enters(
        visits,
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
                {"at": "12/10/2026 08:30", "what": "Chào xã giao", "commune": QUY_NHON},
                {"at": "13/10/2026 09:00", "what": "Thăm cảng", "commune": QUY_NHON},
            )
        },
    )
    assert [row[1] for row in handler.rows_of(visit, "programme")] == ["Chào xã giao", "Thăm cảng"]
    event = handler.enters(
        key("external_event"), code="SK-000118", starts="12/10/2026", ends="13/10/2026"
    )
    assert handler.sees(event) == 200
    guest = handler.enters(
        workers,
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
    said = handler.reads(guest)
    assert "00123/GPLĐ" in said.values()
    assert said["Sự kiện, hoạt động đã dự"] == "Xúc tiến đầu tư, thương mại, Khoa học"
    assert first(handler.lists(visits, "coming")) == ["DV-000001"]
    leader.moves(visit, "approve", decision="Công văn 12/UBND-NC")
    assert first(handler.lists(visits, "restricted")) == ["DV-000001"]
    handler.moves(visit, "receive", result="Ký biên bản ghi nhớ")
    assert handler.counts(visits, "people") == {"Nhật Bản": ("8",)}


@pytest.mark.usefixtures("outside")
def test_DX_24_a_conference_is_permitted_by_procedure_held_reported_and_counted(
    mother, handler, leader
):
    conferences = key("conference")
    asked = {
        "conference__title": "Hội thảo quốc tế về vật lý hạt (minh hoạ)",
        "conference__mode": "in_person",
        "conference__organiser": "Trung tâm Khoa học Minh Hoạ",
        "conference__partner": "",
        "conference__sensitive": "no",
        "conference__high_guest": "no",
        "conference__starts": "20/12/2026",
        "conference__days": "3",
        "conference__commune": QUY_NHON,
        "conference__foreign_guests": "60",
        "conference__local_guests": "80",
        "conference__report_due": "10/01/2027",
        "speakers__0__full_name": "Dr. Anna Muster",
        "speakers__0__nationality": "DE",
    }
    decided(applies(mother, CONFERENCE, **asked), DEPARTMENT)
    assert first(handler.lists(conferences, "coming")) == ["HN-000001"]
    (address,) = handler.addresses(conferences)
    assert handler.rows_of(address, "speakers")[0][:2] == ("Dr. Anna Muster", "Đức")
    held = handler.enters(
        conferences,
        code="HN-000009",
        mode="mixed",
        organiser="Trung tâm Minh Hoạ",
        sensitive="no",
        high_guest="no",
        authority="province",
        requested="01/09/2026",
        starts="01/10/2026",
        report_due="06/10/2026",
        foreign_guests="45",
        commune=QUY_NHON,
    )
    leader.moves(held, "permit", decision="0412/UBND-NC", permitted="15/09/2026")
    handler.moves(held, "hold")
    assert first(handler.lists(conferences, "late")) == ["HN-000009"]
    handler.moves(held, "report", reported="07/10/2026", result="45 đại biểu nước ngoài")
    assert handler.lists(conferences, "late") == []
    assert handler.counts(conferences, "by_status") == {
        "Đã báo cáo": ("1",),
        "Đã cho phép": ("1",),
    }


def test_DX_25_an_agreement_has_text_parties_validity_and_promises_and_sisters_are_on_a_map(
    handler, leader
):
    partners, promises = key("foreign_partner"), key("agreement_commitment")
    handler.enters(
        partners,
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
    assert handler.on_map(partners, "where") == {
        "Thành phố Minh Hoạ (Nhật Bản)": ("Địa phương kết nghĩa", "Point")
    }
    agreement = handler.enters(
        key("agreement"),
        files={"record.text": "ban-ghi-nho.pdf"},
        code="TTQT-00001",
        title="Bản ghi nhớ hợp tác minh hoạ",
        kind="memorandum",
        partner="DT-00001",
        party="Ủy ban nhân dân tỉnh",
    )
    leader.moves(
        agreement,
        "sign",
        signer="Chủ tịch Ủy ban nhân dân tỉnh",
        signer_foreign="Mr. Taro Mihon",
        approval="Công văn 90/TTg",
        signed="10/09/2026",
    )
    handler.moves(agreement, "begin", starts="01/10/2026")
    said = handler.reads(agreement)
    assert said["Tình trạng"] == "Đang có hiệu lực"
    assert "ban-ghi-nho.pdf" in said["Bản văn"]
    promise = handler.enters(
        promises,
        code="CK-000001",
        agreement="TTQT-00001",
        what="Cử mười học viên tiếng Nhật",
        starts="01/10/2026",
        due="31/12/2026",
        progress="20",
    )
    assert first(handler.lists(promises, "open")) == ["CK-000001"]
    handler.moves(promise, "start")
    short = {"progress": "90", "done": "07/10/2026", "result": "Chín học viên"}
    assert len(handler.may_not_move(promise, "finish", **short)) == 1
    handler.moves(promise, "finish", **{**short, "progress": "100"})
    assert handler.lists(promises, "open") == []


def test_DX_26_foreign_press_is_accredited_escorted_by_its_programme_and_its_articles_kept(
    handler, leader
):
    press, articles = key("press_visit"), key("press_article")
    member = {"full_name": "Taro Mihon", "nationality": "JP", "passport": "T1234567"}
    rows = {
        "members": ({**member, "work": "Quay phim"},),
        "programme": ({"on_day": "07/10/2026", "commune": QUY_NHON, "what": "Làng chài"},),
    }
    visit = handler.enters(
        press,
        code="BC-000001",
        outlet="Sample News",
        country="JP",
        kind="film",
        permit="214/BC-BNG",
        permit_from="01/10/2026",
        permit_to="12/10/2026",
        requested="20/09/2026",
        arrives="06/10/2026",
        leaves="10/10/2026",
        drone="no",
        rows=rows,
    )
    leader.moves(visit, "agree", agreed="Công văn 88/UBND-NC", escort="Phạm Thị Minh Hoạ")
    assert handler.lists(press, "working")[0][-1] == "Phạm Thị Minh Hoạ"
    assert handler.rows_of(visit, "programme")[0][2] == "Làng chài"
    handler.moves(visit, "start")
    handler.enters(
        articles,
        code="TB-000001",
        visit="BC-000001",
        outlet="Sample News",
        country="JP",
        published="07/10/2026",
        tone="positive",
    )
    assert handler.counts(articles, "by_tone") == {"Nhật Bản": ("1",)}
    leader.moves(visit, "stop", breach="Bay thiết bị bay chưa được phép")
    assert handler.lists(press, "breaches")[0][-1] == "Bay thiết bị bay chưa được phép"
