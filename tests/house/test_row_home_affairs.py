"""DX-12 and DX-14 at the house's doors: religion, local government, youth."""

import pytest

from tests.support.answers import MOTHER, QUY_NHON
from tests.support.apparatus import HERE, HOUSE, key
from tests.support.apparatus_desk import LAM, official, organisation
from tests.support.doors import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

FAITH, TUY_PHUOC = "so-dan-toc-va-ton-giao-gia-lai", "21952"
SQUARE = "13,70; 109,20\n13,70; 109,25\n13,75; 109,25\n13,75; 109,20"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


def test_DX_12_places_of_worship_are_on_the_map_festivals_in_the_calendar_and_people_closed(
    client,
):
    office, chief = Desk(FAITH, "handler"), Desk(FAITH, "leader")
    ward, other = Desk(f"ubnd-{QUY_NHON}", "handler"), Desk(f"ubnd-{TUY_PHUOC}", "handler")
    group = office.enters(
        key("religious_organisation"),
        code="TG-00260",
        religion="phat_giao",
        kind="subordinate",
        parent="",
        commune=QUY_NHON,
        followers="950",
        minority="40",
        applied_on="01/01/2020",
        recognised_on="01/06/2020",
        note="Cần hướng dẫn thủ tục",
        phone="0905123456",
        legal_person="yes",
        representative__birth_date="14/02/1966",
    )
    office.enters(
        key("worship_place"),
        code="CS-00514",
        kind="pagoda",
        religion="phat_giao",
        owner="TG-00260",
        relic_rank="none",
        commune=QUY_NHON,
        position="13,776; 109,223",
        permit="",
        photo="",
        built_year="1898",
        repaired="2013",
        land="820",
        built_area="120",
        **HERE,
    )
    ((about, shape),) = ward.on_map(key("worship_place"), "places").values()
    assert (about, shape) == ("Chùa, tịnh xá", "Point")
    festival = office.enters(
        key("religious_activity"),
        code="HĐ-000913",
        name="Lễ cầu ngư làng biển (minh hoạ)",
        kind="festival",
        religion="",
        organisation="",
        place="CS-00514",
        commune=QUY_NHON,
        received_on="01/10/2026",
        begins_on="20/10/2026",
        ends_on="22/10/2026",
        people="400",
        foreigners="",
    )
    assert [
        day for day, _name in office.calendar(key("religious_activity"), "begins", "2026-10")
    ] == ["2026-10-20"]
    chief.moves(festival, "agree", answer="0412/SDTTG")
    (line,) = office.lists(key("religious_activity"), "festivals")
    assert line[1:] == ("Phường Quy Nhơn", "20/10/2026", "400 người", "Được chấp thuận")
    assert office.reads(group)["Số tín đồ"] == "950 người"
    assert other.sees(group) == 404
    priest = office.enters(
        key("dignitary"),
        code="CSAC-00077",
        organisation="TG-00260",
        place="CS-00514",
        commune=QUY_NHON,
        religion="phat_giao",
        since="08/04/2020",
        until="",
        kind="dignitary",
        notified_on="01/04/2020",
        phone="0905123456",
        **LAM,
    )
    chief.says_why(priest, "Chuẩn bị thăm hỏi")
    said = chief.reads(priest)
    assert any(MOTHER in text for text in said.values())
    assert said["Điện thoại"].endswith("đã che")
    for name in ("dignitary", "religious_organisation"):
        assert client.get(f"/du-lieu-mo/{key(name)}/").status_code == 404


def test_DX_14_communes_councils_elections_commune_officials_and_youth_are_kept_and_added_up(
    handler, leader
):
    ward = Desk(f"ubnd-{QUY_NHON}", "handler")
    handler.enters(
        key("admin_unit"),
        code="DVHC-21583",
        unit=QUY_NHON,
        kind="ward",
        boundary=SQUARE,
        position="13,72; 109,22",
        people="71200",
        area="35,86",
        coastal="yes",
        border="no",
        since="01/07/2025",
        seat__commune=QUY_NHON,
        seat__street="1 Trần Phú",
    )
    ((_about, shape),) = handler.on_map(key("admin_unit"), "areas").values()
    assert shape == "Polygon"
    handler.enters(
        key("boundary_marker"),
        code="MOC-00342",
        kind="commune",
        commune=QUY_NHON,
        other_side=TUY_PHUOC,
        other_place="",
        position="13,70; 109,20",
        placed_on="01/07/2025",
        handed_on="02/07/2025",
        inspected_on="01/10/2026",
        inspect_next="01/10/2027",
    )
    persons = tuple(
        {"full_name": f"Ứng cử viên {letter}", "birth": "1985", "sex": "female", "minority": "no"}
        for letter in "ABC"
    )
    area = handler.enters(
        key("election_area"),
        code="BCU-00107",
        council="commune",
        commune=QUY_NHON,
        term="2026-2031",
        seats="2",
        voters="1800",
        held_on="15/03/2026",
        again_on="",
        rows={"candidates": persons},
    )
    handler.moves(area, "vote", voted="1750", papers="1740", valid="1735")
    results = (("1490", "elected"), ("1350", "elected"), ("820", "not_elected"))
    counted = tuple(
        {**one, "votes": votes, "result": result}
        for one, (votes, result) in zip(persons, results, strict=True)
    )
    handler.changes(area, why="Kết quả kiểm phiếu", rows={"candidates": counted})
    leader.moves(area, "confirm")
    assert handler.counts(key("election_area"), "turnout")["2026-2031"] == ("97,2",)
    handler.enters(
        key("council_delegate"),
        code="ĐB-000451",
        council="commune",
        commune=QUY_NHON,
        term="2026-2031",
        elected_at="BCU-00107",
        official="",
        since="15/03/2026",
        committee="none",
        **LAM,
    )
    assert len(handler.lists(key("council_delegate"))) == 1
    organisation(
        handler,
        "H21.91",
        name="Ủy ban nhân dân phường Quy Nhơn (minh hoạ)",
        kind="committee",
        commune=QUY_NHON,
    )
    official(ward, 41, organisation="H21.91", commune=QUY_NHON, rank="01.003")
    (line,) = handler.lists(key("official"), "commune")
    assert line[:2] == ("Phường Quy Nhơn", "Võ Thị Hạ Lam")
    programme = handler.enters(
        key("youth_programme"),
        code="CTTN-00063",
        field="job",
        unit="H21.91",
        commune=QUY_NHON,
        begins_on="01/03/2026",
        ends_on="30/11/2026",
        target="600",
        budget_vnd="300.000.000 đồng",
    )
    over = {"reached": "40", "spent_vnd": "300.000.001 đồng"}
    assert len(handler.may_not_move(programme, "begin", **over)) == 1
    handler.moves(programme, "begin", reached="520", spent_vnd="250.000.000 đồng")
    ward.enters(
        key("youth_indicator"),
        code="TN-000135",
        commune=QUY_NHON,
        year="2025",
        people="18600",
        youth="4100",
        female="1850",
        minority="120",
        employed="2100",
        unemployed="80",
    )
    assert handler.counts(key("youth_indicator"), "youth") == {"Phường Quy Nhơn": ("4.100",)}
    ((_about, shape),) = handler.on_map(key("youth_indicator"), "communes").values()
    assert shape == "Polygon"
