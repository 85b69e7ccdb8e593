"""DX-38, DX-39, TT-IV.5: roads by chainage, transport business, schools, inspection, waterways."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.kernel.errors import Invalid
from tests.support.registers import (
    counted,
    entered,
    holder,
    listed,
    moved,
    road_of_twenty_kilometres,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE = "so-xay-dung-gia-lai"
ROAD = "DB-00638"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


@pytest.fixture
def road(handler):
    return road_of_twenty_kilometres(handler)


def bridge(handler, code="CA-00001", **said):
    return entered(
        "transport/bridge",
        handler,
        **{
            "code": code,
            "name": "Cầu Minh Hoạ",
            "road": ROAD,
            "km": "Km12+350",
            "commune": "21583",
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
            **said,
        },
    )


def places(key, name, actor):
    """Return the drawn places of a map by the key of the record."""
    found = registries.map_of(registry=key, name=name, query=ListQuery(), actor=actor)
    return {one.name: (one.text, one.geometry) for one in found.features}


def test_DX_39_an_officer_gives_a_chainage_and_the_bridge_stands_there_on_the_map(handler, road):
    record = bridge(handler)
    assert record.text("km") == "Km12+350"
    assert record.value("km") == "12.35"
    (place,) = places("transport/bridge", "bridges", handler).values()
    words, geometry = place
    assert (words, geometry["type"]) == ("Km12+350", "Point")
    east, north = geometry["coordinates"]
    # 7.35 of 20 km along 0.2 degrees of a parallel.
    assert (round(east, 6), north) == (108.9735, 13.8)
    with pytest.raises(Invalid) as beyond:
        bridge(handler, code="CA-00002", km="25+001")
    assert [(one.field, one.say) for one in beyond.value.problems] == [
        ("km", "Lý trình nằm ngoài tuyến đường; hãy xem lý trình đầu, cuối của tuyến.")
    ]
    with pytest.raises(Invalid) as unread:
        bridge(handler, code="CA-00002", km="12 km 35")
    assert "viết như Km12+350 hoặc 12,350" in str(unread.value.problems)
    drawn = bridge(handler, code="CA-00003", name="Cầu Đo Vẽ", at="13,81; 109,0")
    (spot,) = [
        one
        for name, one in places("transport/bridge", "bridges", handler).items()
        if "Đo Vẽ" in name
    ]
    assert spot[1]["coordinates"] == [109.0, 13.81]
    assert drawn.text("km") == "Km12+350"


def test_DX_39_an_officer_reads_what_stands_between_two_chainages_of_a_road(handler, road):
    bridge(handler)
    bridge(handler, code="CA-00002", km="Km20+000")
    culvert = entered(
        "transport/culvert",
        handler,
        code="CG-000001",
        road=ROAD,
        km="13,2",
        commune="21583",
        kind="box",
        height="1,5",
        built="2010",
        blocked="60",
        grade="poor",
    )
    sign = entered(
        "transport/road_sign",
        handler,
        code="BH-000001",
        road=ROAD,
        km="Km12+900",
        side="right",
        kind="danger",
        number="W.201",
        readable="no",
        grade="bad",
        put_up="01/02/2020",
        last_checked="01/09/2026",
        commune="21583",
    )
    between = ListQuery(
        filters=(
            Filter(path="road", how="is", values=(ROAD,)),
            Filter(path="km", how="from", values=("Km12+000",)),
            Filter(path="km", how="to", values=("13+500",)),
        )
    )
    found = {
        kind: [
            row.cells[0].text
            for row in registries.list_records(
                registry=f"transport/{kind}", query=between, actor=handler
            ).rows
        ]
        for kind in ("bridge", "culvert", "road_sign")
    }
    assert found["bridge"] == ["CA-00001"]
    assert found["culvert"] == ["CG-000001"]
    assert found["road_sign"] == ["BH-000001"]
    assert listed("transport/culvert", handler, "dredge")[0][:2] == (
        culvert.text("road"),
        "Km13+200",
    )
    assert [row[1] for row in listed("transport/road_sign", handler, "replace")] == ["Km12+900"]
    assert sign.text("grade") == "Rất xấu"


def test_DX_39_an_officer_surveys_plans_and_mends_a_section_drawn_along_the_road(
    handler, leader, road
):
    along = {"road": ROAD, "from_km": "Km10+000", "to_km": "Km15+000", "commune": "21583"}
    section = entered(
        "transport/road_section",
        handler,
        code="DD-000001",
        **along,
        lanes="2",
        carriageway="7,0",
        roadbed="9,0",
        surface="asphalt_concrete",
        thickness="7",
        axle_load="10",
        grade="poor",
        track="",
    )
    assert section.text("length") == "5 km"
    entered(
        "transport/road_survey",
        handler,
        code="KS-000001",
        **along,
        day="01/10/2026",
        iri="8,4",
        damage=["pothole"],
        area="60",
        grade="bad",
        advice="Vá ổ gà",
    )
    (drawn,) = places("transport/road_survey", "condition", handler).values()
    assert drawn[0] == "Km10+000 – Km15+000"
    assert drawn[1]["type"] == "LineString"
    ends = [(round(east, 6), north) for east, north in drawn[1]["coordinates"]]
    assert ends == [(108.95, 13.8), (109.0, 13.8)]
    work = entered(
        "transport/maintenance_work",
        handler,
        code="BT-000001",
        title="Sửa mặt đường",
        **along,
        kind="periodic",
        year="2026",
        budget="2.000.000.000 đồng",
        start="01/09/2026",
        due="30/11/2026",
        survey="KS-000001",
        contractor="Công ty Minh Hoạ",
    )
    planned = moved(work, "approve", leader)
    assert [row[3] for row in listed("transport/maintenance_work", handler, "plan")] == [
        "Sửa mặt đường"
    ]
    begun = {"contractor": "Công ty Minh Hoạ", "start": "01/10/2026", "progress": "10"}
    working = moved(planned, "begin", handler, **begun)
    with pytest.raises(Invalid) as dear:
        moved(working, "accept", leader, accepted="06/10/2026", spent="2.000.000.001 đồng")
    assert [one.field for one in dear.value.problems] == ["spent"]
    moved(working, "accept", leader, accepted="06/10/2026", spent="1.900.000.000 đồng")
    assert counted("transport/maintenance_work", handler, "km_mended") == {"2026": ("5",)}
    assert counted("transport/road_survey", handler, "surveyed") == {"Rất xấu": ("5",)}


def test_TT_IV_5_an_officer_follows_a_driving_school_and_an_inspection_station(handler, leader):
    school = entered(
        "transport/driving_school",
        handler,
        licence="ĐTLX-00001",
        classes=["B1", "C"],
        places="600",
        cars="20",
        teachers="25",
        commune="21583",
        issued="01/02/2024",
        expires="01/02/2029",
        rows={
            "courses": (
                {
                    "number": "K01",
                    "class": "C",
                    "opened": "01/03/2026",
                    "students": "40",
                    "passed": "36",
                },
            )
        },
    )
    assert [cell.text for cell in school.groups["courses"][0]][3:] == ["40", "36"]
    assert counted("transport/driving_school", handler, "places")["Phường Quy Nhơn"] == ("600",)
    licence = entered(
        "transport/driving_licence",
        leader,
        number="520123456789",
        **{"class": "C"},
        birth_date="01/02/1985",
        passed="01/03/2015",
        issued="10/03/2015",
        expires="10/03/2030",
        personal_number="052085000011",
        school="ĐTLX-00001",
    )
    assert licence.text("class") == "C"
    assert counted("transport/driving_licence", leader, "by_class") == {"C": ("1",)}
    station = entered(
        "transport/inspection_station",
        handler,
        code="7701D",
        small_lines="1",
        large_lines="2",
        inspectors="6",
        throughput="120",
        commune="21583",
    )
    assert station.value("lines") == 3
    failed = entered(
        "transport/vehicle_inspection",
        leader,
        slip="7701D-000001/26",
        station="7701D",
        plate="77B-012.34",
        kind="coach",
        made="2020",
        odometer="120000",
        day="05/10/2026",
        result="failed",
        defects=["brake"],
        brake="40",
    )
    assert failed.text("result") == "Không đạt"
    with pytest.raises(Invalid) as weak:
        entered(
            "transport/vehicle_inspection",
            leader,
            slip="7701D-000002/26",
            station="7701D",
            plate="77B-012.34",
            kind="coach",
            made="2020",
            odometer="120000",
            day="05/10/2026",
            result="passed",
            brake="40",
            valid_to="05/04/2027",
            stamp="KC-1234567",
        )
    assert [one.field for one in weak.value.problems] == ["result"]
    assert [row[1] for row in listed("transport/vehicle_inspection", handler, "failed")] == [
        "77B-012.34"
    ]


def test_TT_IV_5_an_officer_names_a_black_spot_and_removes_it_when_it_is_mended(
    handler, leader, road
):
    said = {
        "code": "TN-00001",
        "name": "Ngã ba Minh Hoạ",
        "road": ROAD,
        "km": "Km8+000",
        "commune": "21583",
        "kind": "black",
        "found": "01/03/2026",
        "due": "31/12/2026",
        "causes": ["curve"],
        "at": "",
    }
    with pytest.raises(Invalid) as few:
        entered("transport/danger_spot", handler, **said, fatal="1", injury="1", dead="1")
    assert [one.field for one in few.value.problems] == ["kind"]
    spot = entered("transport/danger_spot", handler, **said, fatal="2", injury="1", dead="3")
    (place,) = places("transport/danger_spot", "spots", handler).values()
    assert round(place[1]["coordinates"][0], 6) == 108.93
    assert counted("transport/danger_spot", handler, "dead") == {"Phường Quy Nhơn": ("3",)}
    treating = moved(moved(spot, "examine", handler), "treat", handler)
    treated = moved(treating, "finish", leader, treated="06/10/2026")
    assert listed("transport/danger_spot", handler, "open") == []
    assert treated.value("treated") == "2026-10-06"


def test_TT_IV_5_an_officer_keeps_a_ferry_on_its_waterway_until_its_term(handler):
    water = entered(
        "transport/waterway",
        handler,
        code="DT-00001",
        name="Đầm Thị Nại",
        start_km="0",
        end_km="Km11+500",
        grade="iv",
        depth="2,5",
        track="13,8; 109,2\n13,9; 109,2",
    )
    assert (water.text("end_km"), water.text("length")) == ("Km11+500", "11,5 km")
    said = {
        "code": "CB-00001",
        "kind": "ferry",
        "commune": "21583",
        "waterway": "DT-00001",
        "seats": "40",
        "opened": "01/02/2024",
        "expires": "01/12/2026",
        "at": "",
    }
    port = entered(
        "transport/inland_port", handler, **said, km="Km3+000", lifejackets="no", state="open"
    )
    assert told(port, handler) == ["lifejackets"]
    mended = {"lifejackets": "yes"}
    registries.amend(registry=port.registry, id=port.id, actor=handler, values=mended)
    assert told(port, handler) == []
    assert port.text("km") == "Km3+000"
    with pytest.raises(Invalid) as beyond:
        entered(
            "transport/inland_port",
            handler,
            **{**said, "code": "CB-00002"},
            km="Km12+000",
            lifejackets="yes",
        )
    assert [one.field for one in beyond.value.problems] == ["km"]
    assert listed("transport/inland_port", handler, "ferries")[0][0] == port.text("name")
    assert counted("transport/waterway", handler, "length") == {"Cấp IV": ("11,5",)}
