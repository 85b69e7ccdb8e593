"""TT-IV.5, DX-38 and DX-39 at the pages of the transport registers."""

import pytest

from tests.support.answers import QUY_NHON
from tests.support.doors import Desk, answered, applies
from tests.support.dossiers import let_the_house_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, PLACE, ROAD = "so-xay-dung-gia-lai", "Phường Quy Nhơn", "DB-00638"
BADGE = "2.002288"
COOPERATIVE = "Hợp tác xã Minh Hoạ (52-000123)"


def key(name):
    return f"transport/{name}"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


@pytest.fixture
def road(handler):
    """Keep a road of 20 km, drawn as 0.2 degrees of longitude on one parallel."""
    return handler.enters(
        key("road"),
        code=ROAD,
        number="ĐT.638",
        name="Đường tỉnh minh hoạ",
        manager="department",
        start_km="Km5+000",
        end_km="Km25+000",
        in_province="20",
        opened="2004",
        track="13,8; 108,9\n13,8; 109,1",
        rows={"passes": ({"commune": QUY_NHON, "from_km": "Km5+000", "to_km": "Km9+400"},)},
        **{"class": "provincial"},
    )


def test_DX_39_a_road_has_bridges_culverts_signs_condition_and_plan_by_chainage_on_the_map(
    handler, leader, road
):
    at = {"road": ROAD, "commune": QUY_NHON}
    bridge = {
        "code": "CA-00001",
        "name": "Cầu Minh Hoạ",
        "width": "12,0",
        "roadway": "11,0",
        "built": "2010",
        "load_limit": "30",
        "clearance": "4",
        "last_checked": "15/01/2026",
        "next_check": "15/01/2027",
        "waterway": "no",
        "grade": "good",
        "at": "",
    }
    handler.enters(key("bridge"), km="Km12+350", **bridge, **at)
    beyond = {**bridge, "code": "CA-00002"}
    assert handler.is_refused(key("bridge"), km="25+001", **beyond, **at) == [
        "Lý trình nằm ngoài tuyến đường; hãy xem lý trình đầu, cuối của tuyến."
    ]
    (place,) = handler.places_on_map(key("bridge"), "bridges")
    assert (round(place[0], 6), place[1]) == (108.9735, 13.8)
    handler.enters(
        key("culvert"),
        code="CG-000001",
        km="13,2",
        kind="box",
        height="1,5",
        built="2010",
        blocked="60",
        grade="poor",
        **at,
    )
    handler.enters(
        key("road_sign"),
        code="BH-000001",
        km="Km12+900",
        side="right",
        kind="danger",
        number="W.201",
        readable="no",
        grade="bad",
        put_up="01/02/2020",
        last_checked="01/09/2026",
        **at,
    )
    between = f"?loc=road:is:{ROAD}&loc=km:from:Km12%2B000&loc=km:to:Km13%2B500"
    assert [
        len(handler.rows_at(key(kind), between)) for kind in ("bridge", "culvert", "road_sign")
    ] == [1, 1, 1]
    narrow = f"?loc=road:is:{ROAD}&loc=km:from:Km12%2B500&loc=km:to:Km13%2B000"
    assert [
        len(handler.rows_at(key(kind), narrow)) for kind in ("bridge", "culvert", "road_sign")
    ] == [0, 0, 1]
    along = {**at, "from_km": "Km10+000", "to_km": "Km15+000"}
    section = handler.enters(
        key("road_section"),
        code="DD-000001",
        lanes="2",
        carriageway="7,0",
        roadbed="9,0",
        surface="asphalt_concrete",
        thickness="7",
        axle_load="10",
        grade="poor",
        track="",
        **along,
    )
    assert handler.reads(section)["Chiều dài"] == "5 km"
    handler.enters(
        key("road_survey"),
        code="KS-000001",
        day="01/10/2026",
        iri="8,4",
        damage=["pothole"],
        area="60",
        grade="bad",
        advice="Vá ổ gà",
        **along,
    )
    ((about, shape),) = handler.on_map(key("road_survey"), "condition").values()
    assert (about, shape) == ("Rất xấu", "LineString")
    work = handler.enters(
        key("maintenance_work"),
        code="BT-000001",
        title="Sửa mặt đường",
        kind="periodic",
        year="2026",
        budget="2.000.000.000 đồng",
        start="01/09/2026",
        due="30/11/2026",
        survey="KS-000001",
        contractor="Công ty Minh Hoạ",
        **along,
    )
    leader.moves(work, "approve")
    assert [row[3] for row in handler.lists(key("maintenance_work"), "plan")] == ["Sửa mặt đường"]
    begun = {"contractor": "Công ty Minh Hoạ", "start": "01/10/2026", "progress": "10"}
    handler.moves(work, "begin", **begun)
    dear = {"accepted": "06/10/2026", "spent": "2.000.000.001 đồng"}
    assert len(leader.may_not_move(work, "accept", **dear)) == 1
    leader.moves(work, "accept", **{**dear, "spent": "1.900.000.000 đồng"})
    assert handler.counts(key("maintenance_work"), "km_mended") == {"2026": ("5",)}


@pytest.mark.usefixtures("outside")
def test_DX_38_operators_routes_vehicles_drivers_badges_by_procedure_and_violations_are_kept(
    handler, leader, mother
):
    handler.enters(
        key("transport_operator"),
        licence="52-000123",
        name="Hợp tác xã Minh Hoạ",
        kind="company",
        tax_code="4199990019",
        kinds=["fixed", "bus"],
        safety_unit="yes",
        commune=QUY_NHON,
        issued="02/03/2025",
        state="active",
    )
    handler.enters(
        key("transport_vehicle"),
        plate="77B-012.34",
        operator="52-000123",
        kind="fixed",
        made="2020",
        seats="45",
        far="yes",
        tracker="yes",
        camera="yes",
        tracker_maker="Thiết bị Minh Hoạ",
        in_use="yes",
        inspected_to="31/12/2026",
        insured_to="31/12/2026",
    )
    route = handler.enters(
        key("transport_route"),
        code="5250.1211.A",
        kind="inter_province",
        name="Quy Nhơn – Đà Nẵng",
        from_station="Bến xe Quy Nhơn",
        to_station="Bến xe Đà Nẵng",
        to_province="48",
        length="320",
        trips="60",
        rows={"operators": ({"operator": "52-000123", "trips": "60", "since": "01/01/2026"},)},
    )
    driver = handler.enters(
        key("transport_driver"),
        code="LX-000001",
        operator="52-000123",
        birth_date="01/02/1985",
        licence_class="D",
        contract="01/02/2024",
        left="",
    )
    assert handler.rows_of(route, "operators")[0][:2] == (COOPERATIVE, "60")
    assert COOPERATIVE in handler.reads(driver).values()
    asked = {
        "business__licence": "52-000123",
        "vehicle__plate": "77B-012.34",
        "vehicle__kind": "fixed",
        "vehicle__route": "5250.1211.A",
        "vehicle__ground": "first",
        "vehicle__tracker": "yes",
    }
    answered(applies(mother, BADGE, **asked), HOUSE)
    let_the_house_work()
    (given,) = handler.lists(key("badge"))
    assert given[:1] + given[2:6] == (
        "01/2026/PH", "77B-012.34", COOPERATIVE, "07/10/2026", "07/10/2033"
    )  # fmt: skip
    (address,) = handler.addresses(key("badge"))
    told = {
        "plate": "77B-012.34",
        "vehicle": "77B-012.34",
        "operator": "52-000123",
        "driver": "LX-000001",
        "day": "05/10/2026",
        "times": "3",
        "distance": "320",
        "km": "",
    }
    violations = key("transport_violation")
    slow = {**told, "code": "VP-0000001", "kind": "speed", "allowed": "80"}
    assert len(handler.is_refused(violations, speed="70", **slow)) == 1
    fast = handler.enters(violations, speed="95", **slow)
    handler.enters(violations, hours="5,5", **{**told, "code": "VP-0000002", "kind": "continuous"})
    assert handler.counts(violations, "vehicles") == {
        "Chạy quá tốc độ": ("1",),
        "Lái xe liên tục quá thời gian quy định": ("1",),
    }
    handler.moves(fast, "confirm")
    leader.moves(fast, "sanction", decision="QĐ-00123/2026")
    assert len(handler.lists(violations, "open")) == 1
    leader.moves(address, "withdraw", ended="07/10/2026", reason="Vi phạm tốc độ")
    assert handler.lists(key("badge"), "withdrawn")[0][0] == "01/2026/PH"


def test_TT_IV_5_schools_licences_inspections_black_spots_ports_and_waterways_are_kept(
    handler, leader, road
):
    course = {"number": "K01", "class": "C", "opened": "01/03/2026"}
    school = handler.enters(
        key("driving_school"),
        licence="ĐTLX-00001",
        classes=["B1", "C"],
        places="600",
        cars="20",
        teachers="25",
        commune=QUY_NHON,
        issued="01/02/2024",
        expires="01/02/2029",
        rows={"courses": ({**course, "students": "40", "passed": "36"},)},
    )
    assert handler.rows_of(school, "courses")[0][3:] == ("40", "36")
    leader.enters(
        key("driving_licence"),
        number="520123456789",
        birth_date="01/02/1985",
        passed="01/03/2015",
        issued="10/03/2015",
        expires="10/03/2030",
        personal_number="052085000011",
        school="ĐTLX-00001",
        **{"class": "C"},
    )
    leader.says_why(f"/ban-lam-viec/so/{key('driving_licence')}/", "Lập báo cáo quý")
    assert leader.counts(key("driving_licence"), "by_class") == {"C": ("1",)}
    handler.enters(
        key("inspection_station"),
        code="7701D",
        small_lines="1",
        large_lines="2",
        inspectors="6",
        throughput="120",
        commune=QUY_NHON,
    )
    slip = {
        "station": "7701D",
        "plate": "77B-012.34",
        "kind": "coach",
        "made": "2020",
        "odometer": "120000",
        "day": "05/10/2026",
        "brake": "40",
    }
    inspections = key("vehicle_inspection")
    leader.enters(inspections, slip="7701D-000001/26", result="failed", defects=["brake"], **slip)
    passed = {"result": "passed", "valid_to": "05/04/2027", "stamp": "KC-1234567"}
    assert len(leader.is_refused(inspections, slip="7701D-000002/26", **passed, **slip)) == 1
    assert [row[1] for row in handler.lists(inspections, "failed")] == ["77B-012.34"]
    spot = handler.enters(
        key("danger_spot"),
        code="TN-00001",
        name="Ngã ba Minh Hoạ",
        road=ROAD,
        km="Km8+000",
        commune=QUY_NHON,
        kind="black",
        found="01/03/2026",
        due="31/12/2026",
        causes=["curve"],
        at="",
        fatal="2",
        injury="1",
        dead="3",
    )
    (place,) = handler.places_on_map(key("danger_spot"), "spots")
    assert round(place[0], 6) == 108.93
    assert handler.counts(key("danger_spot"), "dead") == {PLACE: ("3",)}
    handler.moves(spot, "examine")
    handler.moves(spot, "treat")
    leader.moves(spot, "finish", treated="06/10/2026")
    assert handler.lists(key("danger_spot"), "open") == []
    handler.enters(
        key("waterway"),
        code="DT-00001",
        name="Đầm Thị Nại",
        start_km="0",
        end_km="Km11+500",
        grade="iv",
        depth="2,5",
        track="13,8; 109,2\n13,9; 109,2",
    )
    ferry = {
        "code": "CB-00001",
        "kind": "ferry",
        "commune": QUY_NHON,
        "waterway": "DT-00001",
        "km": "Km3+000",
        "seats": "40",
        "opened": "01/02/2024",
        "expires": "01/12/2026",
        "at": "",
    }
    ports = key("inland_port")
    port = handler.enters(ports, lifejackets="no", state="open", **ferry)
    assert handler.is_told(port) == ["Thiếu áo phao cho khách"]
    handler.changes(port, why="Đã trang bị", lifejackets="yes")
    assert handler.is_told(port) == []
    assert len(handler.lists(ports, "ferries")) == 1
    assert handler.counts(key("waterway"), "length") == {"Cấp IV": ("11,5",)}
