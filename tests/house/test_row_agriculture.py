"""TT-IV.9 at the pages of a commune, the department and its branches of fisheries and rangers."""

import pytest

from tests.support.answers import QUY_NHON
from tests.support.doors import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, FISHERIES, FORESTS = (
    "so-nong-nghiep-va-moi-truong-gia-lai",
    "chi-cuc-thuy-san-gia-lai",
    "chi-cuc-kiem-lam-gia-lai",
)
PLACE = "Phường Quy Nhơn"
HERD = "Dịch tả lợn châu Phi"


def key(name):
    return f"agriculture/{name}"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


@pytest.fixture
def ward():
    return Desk(f"ubnd-{QUY_NHON}", "handler")


def test_TT_IV_9_a_commune_sends_crops_herds_and_epidemics_and_the_department_settles_them(
    handler, leader, ward
):
    rice = {
        "commune": QUY_NHON,
        "year": "2026",
        "season": "summer_autumn",
        "crop": "rice",
        "planned": "120",
        "sown": "118,5",
        "harvested": "118,5",
        "lost": "0",
        "yield": "62,5",
        "output": "740,6",
        "watered": "118",
    }
    sent = ward.enters(key("crop_area"), code="TR-000001", **rice)
    assert len(ward.is_refused(key("crop_area"), code="TR-000002", **rice)) >= 1
    Desk(f"ubnd-{QUY_NHON}", "leader").moves(sent, "send")
    handler.moves(sent, "agree")
    assert handler.counts(key("crop_area"), "output") == {"Lúa": ("740,6",)}
    ward.enters(
        key("crop_pest_report"),
        code="SV-000001",
        commune=QUY_NHON,
        day="05/10/2026",
        next_day="12/10/2026",
        crop="rice",
        pest="planthopper",
        planted="118,5",
        infested="12",
        heavy="2",
        treated="10",
        grade="heavy",
        warning="yes",
    )
    assert handler.lists(key("crop_pest_report"), "heavy")[0][1] == PLACE
    herd = {"kind": "pig", "heads": "40", "breeding": "6", "vaccinated": "30"}
    ward.enters(
        key("livestock_farm"),
        code="CN-000001",
        main="pig",
        scale="small",
        units="12",
        commune=QUY_NHON,
        rows={"herd": (herd,)},
    )
    outbreak = ward.enters(
        key("animal_outbreak"),
        code="OD-000001",
        disease="asf",
        animal="pig",
        commune=QUY_NHON,
        farm="CN-000001",
        found="01/09/2026",
        herd="40",
        sick="12",
        dead="5",
        culled="20",
        weight="1200",
        sampled="02/09/2026",
        positive="yes",
        last_case="",
    )
    handler.moves(outbreak, "confirm")
    handler.moves(outbreak, "control")
    early = {"last_case": "20/09/2026", "ended": "07/10/2026"}
    assert len(leader.may_not_move(outbreak, "finish", **early)) >= 1
    leader.moves(outbreak, "finish", **{**early, "last_case": "10/09/2026"})
    assert handler.counts(key("animal_outbreak"), "culled") == {HERD: ("20",)}


def test_TT_IV_9_fisheries_and_rangers_keep_farms_a_fleet_with_trackers_and_forests_on_maps():
    fisheries, ranger = Desk(FISHERIES, "handler"), Desk(FORESTS, "handler")
    fisheries.enters(
        key("aquaculture_farm"),
        code="TS-000001",
        form="cage",
        species="lobster",
        commune=QUY_NHON,
        cages="24",
        volume="600",
        registered="GXN-001/2026",
        sea_permit="yes",
        stocked="01/03/2026",
        harvest="01/12/2026",
    )
    assert fisheries.counts(key("aquaculture_farm"), "cages")[PLACE] == ("24",)
    vessel = {
        "number": "BĐ-90001-TS",
        "length": "16,2",
        "width": "4,8",
        "gear": "seine",
        "second_gear": "",
        "zone": "offshore",
        "built": "2012",
        "registered": "02/03/2020",
        "commune": QUY_NHON,
        "owner_name": "Trần Văn Minh Hoạ",
    }
    bare = fisheries.is_refused(key("fishing_vessel"), tracker="none", **vessel)
    assert [say for say in bare if "Tàu cá từ 15 mét trở lên" in say] == bare
    lost = {"tracker": "lost", "tracker_code": "VMS00000001", "last_seen": "05/10/2026 04:00"}
    fisheries.enters(key("fishing_vessel"), **lost, **vessel)
    assert [row[0] for row in fisheries.lists(key("fishing_vessel"), "lost")] == ["BĐ-90001-TS"]
    plot = {
        "code": "LR-000001",
        "commune": QUY_NHON,
        "compartment": "012A",
        "use": "production",
        "source": "planted",
        "species": "Keo lai",
        "planted": "2018",
        "stock": "medium",
        "volume": "120",
        "area": "4,5",
        "canopy": "0,6",
        "owner_kind": "household",
        "change": "fire",
        "change_date": "01/08/2026",
        "border": "13,77; 109,22\n13,77; 109,23\n13,78; 109,23\n13,78; 109,22",
    }
    assert len(ranger.is_refused(key("forest_plot"), changed="4,6", **plot)) == 1
    ranger.enters(key("forest_plot"), changed="1,2", **plot)
    assert ranger.counts(key("forest_plot"), "changed") == {"Cháy rừng": ("1,2",)}
    assert [shape for _about, shape in ranger.on_map(key("forest_plot"), "forest").values()] == [
        "Polygon"
    ]


def test_TT_IV_9_dams_dykes_disasters_ocop_and_new_rural_communes_are_kept(handler, leader, ward):
    dam = {
        "code": "TL-00001",
        "name": "Hồ Minh Hoạ",
        "kind": "reservoir",
        "commune": QUY_NHON,
        "dam_class": "large",
        "dam_height": "24",
        "volume": "12,5",
        "useful": "11",
        "designed": "900",
        "irrigated": "780",
        "safety": "watched",
        "checked": "01/05/2026",
        "next_check": "01/05/2027",
        "below": "1200",
        "built": "1999",
        "procedure": "yes",
    }
    work = handler.enters(key("irrigation_work"), plan="no", **dam)
    assert handler.is_told(work) == ["Thiếu quy trình hoặc phương án"]
    handler.changes(work, why="Đã phê duyệt phương án", plan="yes")
    assert handler.is_told(work) == []
    assert handler.counts(key("irrigation_work"), "volume") == {"Lớn": ("12,5",)}
    dyke = handler.enters(
        key("dyke"),
        code="DE-00001",
        name="Đê Minh Hoạ",
        kind="sea",
        grade="iv",
        from_km="Km2+350",
        to_km="Km8+200",
        commune=QUY_NHON,
        condition="danger",
        key_point="yes",
        plan="Gia cố trước mùa mưa",
        protects="640",
        checked="01/09/2026",
        due="31/10/2026",
        track="",
    )
    assert handler.reads(dyke)["Chiều dài"] == "5,85 km"
    assert len(handler.lists(key("dyke"), "weak")) == 1
    thing = {"thing": "house", "amount": "6", "unit": "house", "rate": "100", "loss": "1200000000"}
    storm = ward.enters(
        key("disaster_damage"),
        code="TH-000001",
        event="Bão số 9",
        kind="storm",
        start="05/10/2026",
        until="",
        commune=QUY_NHON,
        dead="0",
        missing="0",
        injured="2",
        moved="310",
        flooded="140",
        destroyed="6",
        loss="4.200.000.000 đồng",
        reported="05/10/2026 21:00",
        rows={"things": (thing,), "photos": ()},
    )
    assert handler.lists(key("disaster_damage"), "quick")[0][:2] == ("Bão số 9", PLACE)
    Desk(f"ubnd-{QUY_NHON}", "leader").moves(storm, "check")
    leader.moves(storm, "agree", until="06/10/2026")
    assert handler.counts(key("disaster_damage"), "loss") == {"Bão": ("4.200.000.000",)}
    product = {
        "code": "OC-00001",
        "name": "Nem chua Minh Hoạ",
        "group": "food",
        "commune": QUY_NHON,
        "recognised": "01/07/2026",
        "expires": "30/06/2029",
        "stars": "4",
    }
    assert len(handler.is_refused(key("ocop_product"), score="69,5", **product)) == 1
    handler.enters(key("ocop_product"), score="74,5", **product)
    assert [row[0] for row in handler.lists(key("ocop_product"), "top")] == ["Nem chua Minh Hoạ"]
    criteria = ({"criterion": "1", "met": "yes"}, {"criterion": "2", "met": "no"})
    ward.enters(
        key("new_rural_commune"),
        code="NTM-00001",
        commune=QUY_NHON,
        year="2026",
        grade="none",
        income="55",
        poor="2,1",
        water="98",
        rows={"criteria": criteria},
    )
    assert handler.lists(key("new_rural_commune"), "behind")[0][:3] == (PLACE, "2026", "1 tiêu chí")
