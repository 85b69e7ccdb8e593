"""TT-IV.15 and DX-43: permits, projects, housing, materials; towns by criteria and utilities."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict, Invalid
from tests.support.registers import counted, entered, holder, listed, moved, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, QUY_NHON, PLACE = "so-xay-dung-gia-lai", "21583", "Phường Quy Nhơn"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


def test_TT_IV_15_an_officer_follows_a_permit_until_the_house_stands(handler):
    said = {
        "number": "00012/GPXD-2026",
        "kind": "new",
        "authority": "commune",
        "building": "Nhà ở riêng lẻ minh hoạ",
        "commune": QUY_NHON,
        "plot_area": "120",
        "footprint": "80",
        "floor_area": "240",
        "floors": "3",
        "issued": "01/02/2026",
        "start_by": "31/01/2027",
        "extended": "0",
        "position": "13,776; 109,223",
    }
    with pytest.raises(Invalid) as wide:
        entered("construction/building_permit", handler, **{**said, "footprint": "121"})
    assert "footprint" in [one.field for one in wide.value.problems]
    waiting = entered("construction/building_permit", handler, **said, started="")
    with pytest.raises(Invalid) as unsaid:
        moved(waiting, "build", handler)
    assert [one.field for one in unsaid.value.problems] == ["started"]
    started = moved(waiting, "build", handler, started="01/03/2026")
    assert (started.text("density"), started.text("started")) == ("66,7 %", "01/03/2026")
    built = moved(started, "finish", handler, finished="01/10/2026")
    assert built.text("state") == "Đã hoàn thành"
    (spot,) = registries.map_of(
        registry="construction/building_permit", name="permits", query=ListQuery(), actor=handler
    ).features
    assert spot.label == "Đã hoàn thành"
    assert counted("construction/building_permit", handler, "floor_area") == {PLACE: ("240",)}


def test_TT_IV_15_an_officer_follows_a_project_to_its_acceptance(handler, leader):
    entered(
        "construction/construction_project",
        handler,
        code="DA-000001",
        name="Trường Minh Hoạ",
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
    assert counted("construction/construction_project", handler, "paid") == {
        "Vốn đầu tư công": ("30.000.000.000",)
    }
    check = entered(
        "construction/quality_acceptance",
        handler,
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
    mending = moved(check, "mend", handler)
    assert listed("construction/quality_acceptance", handler, "mending")[0][-1] == "30/09/2026"
    closed = moved(mending, "close", leader, closed="05/10/2026")
    assert closed.text("state") == "Đã chấp thuận"
    assert counted("construction/quality_acceptance", handler, "by_state") == {
        "Đã chấp thuận": ("1",)
    }


def test_TT_IV_15_an_officer_keeps_certificates_dwellings_market_and_materials(handler, leader):
    certificate = entered(
        "construction/practice_certificate",
        handler,
        number="GLA-00000123",
        kind="supervision",
        **{"class": "II"},
        birth_date="01/02/1985",
        issued="01/02/2022",
        expires="31/01/2027",
    )
    with pytest.raises(Conflict):
        moved(certificate, "expire", handler)
    assert listed("construction/practice_certificate", handler, "expiring")[0][0] == (
        "GLA-00000123"
    )
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
    sold = entered("construction/housing_project", handler, **home, sold="121")
    assert told(sold, handler) == ["oversold"]
    registries.amend(registry=sold.registry, id=sold.id, actor=handler, values={"sold": "90"})
    assert told(sold, handler) == []
    assert counted("construction/housing_project", handler, "sold") == {PLACE: ("90",)}
    report = entered(
        "construction/market_report",
        handler,
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
    published = moved(moved(report, "check", handler), "publish", leader, published="07/10/2026")
    assert published.text("state") == "Đã công bố"
    assert counted("construction/market_report", handler, "deals") == {"Đất nền": ("210",)}
    price = entered(
        "construction/material_price",
        handler,
        code="VL-000001",
        year="2026",
        month="9",
        material="sand",
        measure="m3",
        commune=QUY_NHON,
        price="320.000 đồng",
        before="300.000 đồng",
    )
    dear = entered(
        "construction/material_price",
        handler,
        code="VL-000002",
        year="2026",
        month="8",
        material="sand",
        measure="m3",
        commune=QUY_NHON,
        price="700.000 đồng",
        before="300.000 đồng",
    )
    assert (told(dear, handler), told(price, handler)) == (["jump"], [])
    public = moved(moved(price, "check", handler), "publish", leader, notice="0123/CBGVL-SXD")
    assert public.text("notice") == "0123/CBGVL-SXD"
    assert listed("construction/material_price", handler, "published")[0][-1] == "0123/CBGVL-SXD"


TOWN = {
    "code": "DT-00001",
    "name": "Đô thị Minh Hoạ",
    "commune": QUY_NHON,
    "area": "5000",
    "inner_area": "3000",
    "people": "120000",
    "inner_people": "80000",
}


@pytest.fixture
def town(handler):
    return entered(
        "construction/urban_area",
        handler,
        **TOWN,
        **{"class": "II"},
        points="81,5",
        target="I",
        target_year="2030",
        border="13,7; 109,2\n13,7; 109,3\n13,8; 109,3\n13,8; 109,2",
        rows={
            "criteria": (
                {"criterion": "role", "least": "13,5", "most": "18", "points": "16"},
                {"criterion": "density", "least": "6", "most": "8", "points": "5,5"},
            )
        },
    )


def test_DX_43_an_officer_weighs_a_town_by_the_criteria_of_its_class_on_the_map(handler, town):
    met = {row[0].text: row[-1].text for row in town.groups["criteria"]}
    assert met == {
        "Vị trí, chức năng, vai trò và phát triển kinh tế - xã hội": "Có",
        "Mật độ dân số": "Không",
    }
    assert town.value("density") == 2400
    low = entered(
        "construction/urban_area",
        handler,
        **{**TOWN, "code": "DT-00002"},
        **{"class": "II"},
        points="74,5",
        target="I",
        target_year="2030",
        border="",
    )
    assert (told(low, handler), told(town, handler)) == (["low"], [])
    (shape,) = registries.map_of(
        registry="construction/urban_area", name="borders", query=ListQuery(), actor=handler
    ).features
    assert (shape.geometry["type"], shape.label) == ("Polygon", "Loại II")
    assert listed("construction/urban_area", handler, "rising")[0][2:4] == ("Loại I", "2030")


def test_DX_43_an_officer_measures_a_town_each_year_by_its_indicators(handler, leader, town):
    said = {"urban_area": "DT-00001", "year": "2026", "reported": "01/09/2026"}
    with pytest.raises(Invalid) as more:
        entered(
            "construction/urban_indicator",
            handler,
            code="CT-000001",
            indicator="water",
            value="100,5",
            **said,
        )
    assert [one.field for one in more.value.problems] == ["value"]
    water = entered(
        "construction/urban_indicator",
        handler,
        code="CT-000001",
        indicator="water",
        value="97,5",
        level_asked="95",
        **said,
    )
    green = entered(
        "construction/urban_indicator",
        handler,
        code="CT-000002",
        indicator="public_green",
        value="4,2",
        level_asked="5",
        **said,
    )
    assert (water.text("met"), green.text("met")) == ("Có", "Không")
    moved(moved(water, "check", handler), "publish", leader)
    assert [row[3] for row in listed("construction/urban_indicator", handler, "latest")] == ["97,5"]
    figure = registries.figure(registry="construction/urban_indicator", name="met", actor=handler)
    assert figure.total.value == 2


def test_DX_43_an_officer_keeps_water_drains_lamps_and_trees_of_a_town(handler, leader, town):
    plant = entered(
        "construction/water_plant",
        handler,
        code="CN-00001",
        kind="urban",
        commune=QUY_NHON,
        rated="20000",
        produced="18000",
        sold="15300",
        households="21000",
        position="",
    )
    assert plant.text("losses") == "15 %"
    drain = entered(
        "construction/drainage_line",
        handler,
        code="TN-00001",
        kind="drain",
        system="combined",
        urban_area="DT-00001",
        commune=QUY_NHON,
        route="13,77; 109,22\n13,78; 109,22",
        length="1100",
        size="D800",
        dredged="01/03/2026",
        next_dredge="01/03/2027",
        grade="fair",
        built="2008",
    )
    assert counted("construction/drainage_line", handler, "length") == {"Cống": ("1.100",)}
    (line,) = registries.map_of(
        registry="construction/drainage_line", name="lines", query=ListQuery(), actor=handler
    ).features
    assert line.geometry["type"] == "LineString"
    spot = entered(
        "construction/flood_spot",
        handler,
        code="NG-00001",
        street="Đường Minh Hoạ",
        urban_area="DT-00001",
        commune=QUY_NHON,
        drain="TN-00001",
        cause="small",
        households="60",
        position="13,775; 109,22",
        rows={"floods": ({"day": "20/09/2026", "rain": "110", "depth": "40", "hours": "3"},)},
    )
    assert spot.text("drain") == drain.name
    solved = moved(spot, "solve", handler, solved="05/10/2026", reason="Đã thay cống")
    assert listed("construction/flood_spot", handler, "open") == []
    assert solved.value("solved") == "2026-10-05"
    lamps = entered(
        "construction/lighting_line",
        handler,
        code="CH-00001",
        street="Đường Minh Hoạ",
        urban_area="DT-00001",
        commune=QUY_NHON,
        poles="40",
        lamps="80",
        lamp_kind="sodium",
        watts="150",
        broken="3",
        length="1200",
        route="",
    )
    assert lamps.value("power") == 12
    assert listed("construction/lighting_line", handler, "replace")[0][1] == "Sodium cao áp"
    with pytest.raises(Invalid) as more:
        entered(
            "construction/green_space",
            handler,
            code="CX-00001",
            kind="park",
            commune=QUY_NHON,
            urban_area="DT-00001",
            area="12000",
            trees="10",
            danger="8",
            protected="3",
            checked="01/05/2026",
            next_check="01/05/2027",
            border="",
        )
    assert len(more.value.problems) == 1
    entered(
        "construction/green_space",
        handler,
        code="CX-00001",
        kind="park",
        commune=QUY_NHON,
        urban_area="DT-00001",
        area="12000",
        trees="300",
        danger="8",
        protected="3",
        checked="01/05/2026",
        next_check="01/05/2027",
        border="",
    )
    assert counted("construction/green_space", handler, "trees") == {PLACE: ("300",)}
