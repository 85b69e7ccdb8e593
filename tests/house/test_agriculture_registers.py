"""TT-IV.9: crops, livestock, fisheries, forests, dykes, disasters, OCOP, new rural communes."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from tests.support.registers import counted, entered, holder, listed, moved, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, FISHERIES, FORESTS = (
    "so-nong-nghiep-va-moi-truong-gia-lai",
    "chi-cuc-thuy-san-gia-lai",
    "chi-cuc-kiem-lam-gia-lai",
)
QUY_NHON = "21583"
PLACE = "Phường Quy Nhơn"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


def commune(role):
    return holder(f"ubnd-{QUY_NHON}", role)


def test_TT_IV_9_a_commune_sends_its_crops_and_the_department_settles_them_once(handler):
    said = {
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
    rice = entered("agriculture/crop_area", commune("handler"), code="TR-000001", **said)
    with pytest.raises(Conflict):
        entered("agriculture/crop_area", commune("handler"), code="TR-000002", **said)
    agreed = moved(moved(rice, "send", commune("leader")), "agree", handler)
    assert agreed.text("state") == "Đã chốt"
    assert counted("agriculture/crop_area", handler, "output") == {"Lúa": ("740,6",)}
    assert [row[0] for row in listed("agriculture/crop_area", handler, "rice")] == [PLACE]
    pest = entered(
        "agriculture/crop_pest_report",
        commune("handler"),
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
    assert pest.text("warning") == "Có"
    assert listed("agriculture/crop_pest_report", handler, "heavy")[0][1] == PLACE
    area = entered(
        "agriculture/planting_area",
        handler,
        code="VN-GLOR-00001",
        crop="durian",
        commune=QUY_NHON,
        granted="01/02/2025",
        watched="01/02/2026",
        next_watch="01/02/2027",
        warnings="0",
    )
    assert area.text("crop") == "Sầu riêng"


def outbreak(**said):
    return entered(
        "agriculture/animal_outbreak",
        commune("handler"),
        **{
            "code": "OD-000001",
            "disease": "asf",
            "animal": "pig",
            "commune": QUY_NHON,
            "farm": "CN-000001",
            "found": "01/09/2026",
            "herd": "40",
            "sick": "12",
            "dead": "5",
            "culled": "20",
            "weight": "1200",
            "sampled": "02/09/2026",
            "positive": "yes",
            "last_case": "",
            **said,
        },
    )


def test_TT_IV_9_an_epidemic_is_confirmed_and_ends_no_sooner_than_after_twenty_one_days(
    handler, leader
):
    farm = entered(
        "agriculture/livestock_farm",
        commune("handler"),
        code="CN-000001",
        main="pig",
        scale="small",
        units="12",
        commune=QUY_NHON,
        rows={"herd": ({"kind": "pig", "heads": "40", "breeding": "6", "vaccinated": "30"},)},
    )
    assert farm.text("scale") == "Trang trại quy mô nhỏ"
    with pytest.raises(Invalid) as kind:
        outbreak(animal="duck")
    assert "animal" in [one.field for one in kind.value.problems]
    first = outbreak()
    confirmed = moved(first, "confirm", handler)
    controlled = moved(confirmed, "control", handler)
    with pytest.raises(Conflict) as early:
        moved(controlled, "finish", leader, last_case="20/09/2026", ended="07/10/2026")
    assert early.value.code == "registries.move_not_ready"
    ended = moved(controlled, "finish", leader, last_case="10/09/2026", ended="07/10/2026")
    assert (ended.text("state"), ended.value("last_case")) == ("Đã kết thúc", "2026-09-10")
    assert counted("agriculture/animal_outbreak", handler, "culled") == {
        "Dịch tả lợn châu Phi": ("20",)
    }


def test_TT_IV_9_the_branch_of_fisheries_keeps_farms_and_a_fleet_with_trackers():
    keeper = holder(FISHERIES, "handler")
    with pytest.raises(Invalid):
        entered(
            "agriculture/aquaculture_farm",
            keeper,
            code="TS-000001",
            form="cage",
            species="whiteleg",
            commune=QUY_NHON,
        )
    cage = entered(
        "agriculture/aquaculture_farm",
        keeper,
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
    assert counted("agriculture/aquaculture_farm", keeper, "cages") == {PLACE: ("24",)}
    assert cage.text("species") == "Tôm hùm"
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
    with pytest.raises(Invalid) as bare:
        entered("agriculture/fishing_vessel", keeper, **vessel, tracker="none")
    assert "Tàu cá từ 15 mét trở lên" in str(bare.value.problems)
    entered(
        "agriculture/fishing_vessel",
        keeper,
        **vessel,
        tracker="lost",
        tracker_code="VMS00000001",
        last_seen="05/10/2026 04:00",
    )
    lost = registries.list_records(
        registry="agriculture/fishing_vessel",
        query=ListQuery(list="lost", words="BĐ-90001-TS"),
        actor=keeper,
    ).rows
    assert [row.cells[0].text for row in lost] == ["BĐ-90001-TS"]


def test_TT_IV_9_the_rangers_write_a_fire_into_a_plot_of_forest_and_count_it():
    ranger = holder(FORESTS, "handler")
    said = {
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
        "border": "",
    }
    with pytest.raises(Invalid) as more:
        entered("agriculture/forest_plot", ranger, **said, changed="4,6")
    assert [one.field for one in more.value.problems] == ["changed"]
    entered("agriculture/forest_plot", ranger, **said, changed="1,2")
    assert listed("agriculture/forest_plot", ranger, "losses")[0][-3:] == (
        "Cháy rừng",
        "1,2 ha",
        "01/08/2026",
    )
    assert counted("agriculture/forest_plot", ranger, "changed") == {"Cháy rừng": ("1,2",)}


def test_TT_IV_9_the_department_watches_a_large_dam_and_a_weak_dyke(handler):
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
    }
    work = entered("agriculture/irrigation_work", handler, **dam, procedure="yes", plan="no")
    assert told(work, handler) == ["unready"]
    registries.amend(registry=work.registry, id=work.id, actor=handler, values={"plan": "yes"})
    assert told(work, handler) == []
    assert listed("agriculture/irrigation_work", handler, "dams")[0][0] == "TL-00001"
    assert counted("agriculture/irrigation_work", handler, "volume") == {"Lớn": ("12,5",)}
    dyke = entered(
        "agriculture/dyke",
        handler,
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
    assert (dyke.text("from_km"), dyke.text("length")) == ("Km2+350", "5,85 km")
    assert listed("agriculture/dyke", handler, "weak")[0][:3] == (
        "Đê Minh Hoạ",
        "Km2+350",
        "Km8+200",
    )


def test_TT_IV_9_a_commune_tells_of_a_storm_at_once_and_its_loss_is_settled_later(handler, leader):
    told = entered(
        "agriculture/disaster_damage",
        commune("handler"),
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
        rows={
            "things": (
                {
                    "thing": "house",
                    "amount": "6",
                    "unit": "house",
                    "rate": "100",
                    "loss": "1200000000",
                },
            ),
            "photos": (),
        },
    )
    assert listed("agriculture/disaster_damage", handler, "quick")[0][:2] == ("Bão số 9", PLACE)
    checked = moved(told, "check", commune("leader"))
    with pytest.raises(NotAllowed):
        moved(checked, "agree", commune("handler"), until="06/10/2026")
    agreed = moved(checked, "agree", leader, until="06/10/2026")
    assert agreed.text("state") == "Đã chốt"
    assert counted("agriculture/disaster_damage", handler, "loss") == {"Bão": ("4.200.000.000",)}


def test_TT_IV_9_an_ocop_star_needs_its_points_and_a_rural_commune_each_criterion_once(
    handler,
):
    product = {
        "code": "OC-00001",
        "name": "Nem chua Minh Hoạ",
        "group": "food",
        "commune": QUY_NHON,
        "recognised": "01/07/2026",
        "expires": "30/06/2029",
    }
    with pytest.raises(Invalid) as low:
        entered("agriculture/ocop_product", handler, **product, stars="4", score="69,5")
    assert [one.field for one in low.value.problems] == ["stars"]
    star = entered("agriculture/ocop_product", handler, **product, stars="4", score="74,5")
    assert [row[0] for row in listed("agriculture/ocop_product", handler, "top")] == [
        "Nem chua Minh Hoạ"
    ]
    assert star.text("stars") == "4 sao"
    rural = {
        "code": "NTM-00001",
        "commune": QUY_NHON,
        "year": "2026",
        "grade": "none",
        "income": "55",
        "poor": "2,1",
        "water": "98",
    }
    rows = ({"criterion": "1", "met": "yes"}, {"criterion": "2", "met": "no"})
    with pytest.raises(Invalid):
        entered(
            "agriculture/new_rural_commune",
            commune("handler"),
            **rural,
            rows={"criteria": (*rows, rows[0])},
        )
    kept = entered(
        "agriculture/new_rural_commune", commune("handler"), **rural, rows={"criteria": rows}
    )
    assert kept.value("met") == 1
    assert listed("agriculture/new_rural_commune", handler, "behind")[0][:3] == (
        PLACE,
        "2026",
        "1 tiêu chí",
    )
