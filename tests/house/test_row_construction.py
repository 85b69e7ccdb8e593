"""TT-IV.15 and DX-43 at the pages of the construction registers."""

import pytest

from tests.support.answers import QUY_NHON
from tests.support.doors import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, PLACE = "so-xay-dung-gia-lai", "Phường Quy Nhơn"
TOWN = {
    "code": "DT-00001",
    "name": "Đô thị Minh Hoạ",
    "commune": QUY_NHON,
    "area": "5000",
    "inner_area": "3000",
    "people": "120000",
    "inner_people": "80000",
    "target": "I",
    "target_year": "2030",
    "class": "II",
}


def key(name):
    return f"construction/{name}"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


def test_TT_IV_15_permits_projects_certificates_housing_market_materials_and_acceptance_are_kept(
    handler, leader
):
    permit = handler.enters(
        key("building_permit"),
        number="00012/GPXD-2026",
        kind="new",
        authority="commune",
        building="Nhà ở riêng lẻ minh hoạ",
        commune=QUY_NHON,
        plot_area="120",
        footprint="80",
        floor_area="240",
        floors="3",
        issued="01/02/2026",
        start_by="31/01/2027",
        started="",
        extended="0",
        position="13,776; 109,223",
    )
    assert len(handler.may_not_move(permit, "build")) >= 1
    handler.moves(permit, "build", started="01/03/2026")
    handler.moves(permit, "finish", finished="01/10/2026")
    ((about, shape),) = handler.on_map(key("building_permit"), "permits").values()
    assert (about, shape) == ("Đã hoàn thành", "Point")
    handler.enters(
        key("construction_project"),
        code="DA-000001",
        group="C",
        kind="civil",
        fund="public",
        cost="50.000.000.000 đồng",
        commune=QUY_NHON,
        approved="01/03/2025",
        appraised="01/04/2025",
        started="01/06/2025",
        due="31/12/2026",
        progress="80",
        disbursed="30.000.000.000 đồng",
        site="",
        rows={
            "contractors": ({"role": "build", "name": "Công ty Minh Hoạ", "value": "40000000000"},)
        },
    )
    assert handler.counts(key("construction_project"), "paid") == {
        "Vốn đầu tư công": ("30.000.000.000",)
    }
    check = handler.enters(
        key("quality_acceptance"),
        code="NT-00001",
        project="DA-000001",
        kind="civil",
        commune=QUY_NHON,
        stage="end",
        reported="01/09/2026",
        checked="10/09/2026",
        result="mend",
        faults="Lan can thấp",
        mend_by="30/09/2026",
    )
    handler.moves(check, "mend")
    assert handler.lists(key("quality_acceptance"), "mending")[0][-1] == "30/09/2026"
    leader.moves(check, "close", closed="05/10/2026")
    assert handler.counts(key("quality_acceptance"), "by_state") == {"Đã chấp thuận": ("1",)}
    handler.enters(
        key("practice_certificate"),
        number="GLA-00000123",
        kind="supervision",
        birth_date="01/02/1985",
        issued="01/02/2022",
        expires="31/01/2027",
        **{"class": "II"},
    )
    assert handler.lists(key("practice_certificate"), "expiring")[0][0] == "GLA-00000123"
    home = {
        "code": "NO-00001",
        "kind": "social",
        "commune": QUY_NHON,
        "dwellings": "300",
        "offered": "120",
        "handed": "40",
        "consented": "01/02/2025",
        "finish_by": "31/12/2027",
        "position": "",
    }
    dwellings = handler.enters(key("housing_project"), **home, sold="121")
    assert handler.is_told(dwellings) == ["Bán khi chưa đủ điều kiện"]
    handler.changes(dwellings, why="Ghi nhầm", sold="90")
    assert (handler.is_told(dwellings), handler.counts(key("housing_project"), "sold")) == (
        [],
        {PLACE: ("90",)},
    )
    market = handler.enters(
        key("market_report"),
        code="BD-000001",
        year="2026",
        quarter="3",
        commune=QUY_NHON,
        kind="plot",
        deals="210",
        mortgaged="80",
        value="400.000.000.000 đồng",
        price="25.000.000 đồng",
    )
    handler.moves(market, "check")
    leader.moves(market, "publish", published="07/10/2026")
    assert handler.counts(key("market_report"), "deals") == {"Đất nền": ("210",)}
    price = handler.enters(
        key("material_price"),
        code="VL-000001",
        year="2026",
        month="9",
        material="sand",
        measure="m3",
        commune=QUY_NHON,
        price="320.000 đồng",
        before="300.000 đồng",
    )
    handler.moves(price, "check")
    leader.moves(price, "publish", notice="0123/CBGVL-SXD")
    assert handler.lists(key("material_price"), "published")[0][-1] == "0123/CBGVL-SXD"
    plant = handler.enters(
        key("water_plant"),
        code="CN-00001",
        kind="urban",
        commune=QUY_NHON,
        rated="20000",
        produced="18000",
        sold="15300",
        households="21000",
        position="",
    )
    assert handler.reads(plant)["Tỷ lệ thất thoát"] == "15 %"


def test_DX_43_a_town_is_weighed_by_its_class_measured_each_year_and_its_networks_are_on_a_map(
    handler, leader
):
    border = "13,7; 109,2\n13,7; 109,3\n13,8; 109,3\n13,8; 109,2"
    rows = {
        "criteria": (
            {"criterion": "role", "least": "13,5", "most": "18", "points": "16"},
            {"criterion": "density", "least": "6", "most": "8", "points": "5,5"},
        )
    }
    town = handler.enters(key("urban_area"), points="81,5", border=border, rows=rows, **TOWN)
    assert [row[-1] for row in handler.rows_of(town, "criteria")] == ["Có", "Không"]
    low = {**TOWN, "code": "DT-00002"}
    below = handler.enters(key("urban_area"), points="74,5", border="", **low)
    assert (handler.is_told(below), handler.is_told(town)) == (["Tổng điểm dưới 75"], [])
    assert handler.on_map(key("urban_area"), "borders") == {
        "Đô thị Minh Hoạ – Loại II": ("Loại II", "Polygon")
    }
    yearly = {"urban_area": "DT-00001", "year": "2026", "reported": "01/09/2026"}
    indicators = key("urban_indicator")
    water = handler.enters(
        indicators, code="CT-000001", indicator="water", value="97,5", level_asked="95", **yearly
    )
    handler.enters(
        indicators,
        code="CT-000002",
        indicator="public_green",
        value="4,2",
        level_asked="5",
        **yearly,
    )
    handler.moves(water, "check")
    leader.moves(water, "publish")
    assert [row[3] for row in handler.lists(indicators, "latest")] == ["97,5"]
    near = {"urban_area": "DT-00001", "commune": QUY_NHON}
    handler.enters(
        key("drainage_line"),
        code="TN-00001",
        kind="drain",
        system="combined",
        route="13,77; 109,22\n13,78; 109,22",
        length="1100",
        size="D800",
        dredged="01/03/2026",
        next_dredge="01/03/2027",
        grade="fair",
        built="2008",
        **near,
    )
    ((_about, shape),) = handler.on_map(key("drainage_line"), "lines").values()
    assert shape == "LineString"
    spot = handler.enters(
        key("flood_spot"),
        code="NG-00001",
        street="Đường Minh Hoạ",
        drain="TN-00001",
        cause="small",
        households="60",
        position="13,775; 109,22",
        rows={"floods": ({"day": "20/09/2026", "rain": "110", "depth": "40", "hours": "3"},)},
        **near,
    )
    handler.moves(spot, "solve", solved="05/10/2026", why="Đã thay cống")
    assert handler.lists(key("flood_spot"), "open") == []
    lamps = handler.enters(
        key("lighting_line"),
        code="CH-00001",
        street="Đường Minh Hoạ",
        poles="40",
        lamps="80",
        lamp_kind="sodium",
        watts="150",
        broken="3",
        length="1200",
        route="13,77; 109,22\n13,78; 109,22",
        **near,
    )
    assert "12 kW" in handler.reads(lamps).values()
    handler.enters(
        key("green_space"),
        code="CX-00001",
        kind="park",
        area="12000",
        trees="300",
        danger="8",
        protected="3",
        checked="01/05/2026",
        next_check="01/05/2027",
        border=border,
        **near,
    )
    assert handler.counts(key("green_space"), "trees") == {PLACE: ("300",)}
    assert handler.sees(f"/ban-lam-viec/so/{key('green_space')}/") == 200
