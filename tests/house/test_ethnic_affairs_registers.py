"""DX-09: ethnic communities, zones, programmes, who was helped, whom people trust, indicators."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict, Invalid, NotFound
from tests.support.answers import FATHER, MOTHER
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

DEPARTMENT = "so-dan-toc-va-ton-giao-gia-lai"
ZONE, COMMUNITY, PROJECT, HELPED, TRUSTED, INDICATOR = (
    f"ethnic-affairs/{name}"
    for name in (
        "commune_zone",
        "ethnic_community",
        "programme_project",
        "beneficiary",
        "prestigious_person",
        "ethnic_indicator",
    )
)
QUY_NHON, TUY_PHUOC = "21583", "21952"


@pytest.fixture
def handler():
    return holder(DEPARTMENT, "handler")


@pytest.fixture
def leader():
    return holder(DEPARTMENT, "leader")


@pytest.fixture
def commune():
    return holder(f"ubnd-{QUY_NHON}", "handler")


@pytest.fixture
def drawn():
    """Keep where two communes lie: one within its boundary, one by its seat."""
    officer = holder("so-noi-vu-gia-lai", "handler")
    said = {"coastal": "no", "border": "no", "since": "01/07/2025", "resolution": "Nghị quyết"}
    square = "13,70; 109,20\n13,70; 109,25\n13,75; 109,25\n13,75; 109,20"
    unit = "home-affairs/admin_unit"
    entered(unit, officer, code="DVHC-21583", unit=QUY_NHON, boundary=square, **said)
    entered(unit, officer, code="DVHC-21952", unit=TUY_PHUOC, boundary="", **said)


@pytest.fixture
def community(commune):
    return entered(
        COMMUNITY,
        commune,
        code="CĐ-00212",
        hamlet="Làng Kon Hring",
        commune=QUY_NHON,
        position="13,776; 109,223",
        ethnic_group="10",
        households="92",
        people="410",
        poor="18",
        no_land="12",
        bad_house="7",
        hardship="hard",
        left_on="",
    )


def seen_on(key, name, actor):
    view = registries.map_of(registry=key, name=name, query=ListQuery(), actor=actor)
    return {one.name: (one.label, one.geometry["type"]) for one in view.features}


def test_DX_09_a_commune_writes_its_communities_and_the_province_sees_them_on_a_map(
    community, handler, commune
):
    assert seen_on(COMMUNITY, "hamlets", handler) == {
        community.name: ("Đặc biệt khó khăn", "Point")
    }
    assert [row[0] for row in listed(COMMUNITY, handler)] == ["Làng Kon Hring"]
    (households,) = counted(COMMUNITY, handler, "by_group").values()
    assert households == ("92",)
    with pytest.raises(Invalid) as more:
        entered(COMMUNITY, commune, code="CĐ-00213", commune=QUY_NHON, households="60", poor="61")
    assert "poor" in {one.field for one in more.value.problems}


def zone(number, handler, *, commune, zone, **said):
    counts = {"households": "2100", "minority_hh": "420", "poor_hh": "63"}
    hamlets = {"hamlets": "9", "minority_hamlets": "4", "hard_hamlets": "2"}
    fixed = {"period": "2026-2030", **counts, **hamlets}
    code = f"PD-{number:05}"
    return entered(ZONE, handler, code=code, commune=commune, zone=zone, **{**fixed, **said})


def test_DX_09_zones_are_decided_counted_and_open_to_everybody(handler, drawn, client):
    first = zone(1, handler, commune=QUY_NHON, zone="I")
    third = zone(2, handler, commune=TUY_PHUOC, zone="III", poor_hh="840")
    assert (first.text("minority_share"), first.text("poverty_rate")) == ("20 %", "3 %")
    assert seen_on(ZONE, "zones", handler) == {
        first.name: ("Xã khu vực I", "Polygon"),
        third.name: ("Xã khu vực III", "Point"),
    }
    assert counted(ZONE, handler, "by_zone")["Xã khu vực III"] == ("1",)
    assert counted(ZONE, handler, "poverty")["Xã khu vực III"] == ("40",)
    asked = client.get(f"/du-lieu-mo/{ZONE}/du-lieu.csv")
    assert asked.status_code == 200
    text = b"".join(asked.streaming_content) if asked.streaming else asked.content
    assert "Xã Tuy Phước;III;Xã khu vực III;2026-2030" in text.decode()


def test_DX_09_a_household_is_helped_once_for_one_thing_and_reads_it_itself(
    community, handler, leader, commune, citizen
):
    entered(
        PROJECT,
        handler,
        code="DADT-00031",
        commune=QUY_NHON,
        community="CĐ-00212",
        capital_vnd="900000000",
        central_vnd="600000000",
        begins_on="01/03/2026",
        ends_on="31/12/2026",
        households="24",
    )
    given = {
        "commune": QUY_NHON,
        "community": "CĐ-00212",
        "project": "DADT-00031",
        "kind": "house",
        "poverty": "poor",
        "listed_on": "01/09/2026",
        "votes": "55",
        "attending": "60",
        "head__full_name": "Võ Thị Hạ Lam",
        "head__personal_number": MOTHER,
        "head__birth_date": "14/02/1996",
        "head__sex": "female",
    }
    first = entered(HELPED, commune, code="HT-000001", **given)
    approved = moved(first, "approve", leader, decision="0412/QĐ-UBND")
    moved(approved, "receive", commune, received_on="01/10/2026", used_well="yes")
    second = entered(HELPED, commune, code="HT-000002", **{**given, "listed_on": "06/10/2026"})
    found = registries.notices_of(registry=HELPED, ids=[second.id], actor=handler, beside=True)
    ((one,),) = found.values()
    assert (one.name, [other.id for other in one.beside]) == ("again", [first.id])
    mother, father = citizen(MOTHER), citizen(FATHER)
    assert registries.record(registry=HELPED, id=first.id, actor=mother).text("kind") == "Nhà ở"
    with pytest.raises(NotFound):
        registries.record(registry=HELPED, id=first.id, actor=father)
    elsewhere = holder(f"ubnd-{TUY_PHUOC}", "handler")
    with pytest.raises(NotFound):
        registries.record(registry=HELPED, id=first.id, actor=elsewhere)


def test_DX_09_a_person_whom_people_trust_is_proposed_recognised_and_leaves_the_list(
    community, handler, leader, commune
):
    said = {
        "commune": QUY_NHON,
        "community": "CĐ-00212",
        "role": "elder",
        "meeting_on": "15/09/2026",
        "attending": "60",
    }
    weak = entered(TRUSTED, commune, code="UT-00001", votes="30", **said)
    with pytest.raises((Invalid, Conflict)):
        moved(weak, "recognise", leader, decision="0412/QĐ-UBND", decided_on="01/10/2026")
    strong = entered(TRUSTED, commune, code="UT-00002", votes="52", **said)
    known = moved(strong, "recognise", leader, decision="0412/QĐ-UBND", decided_on="01/10/2026")
    assert known.text("status") == "Đang được công nhận"
    assert counted(TRUSTED, handler, "by_place") == {"Phường Quy Nhơn": ("1",)}
    moved(
        known,
        "remove",
        leader,
        reason="Chuyển nơi ở",
        removed_on="06/10/2026",
        removed_why="Chuyển nơi ở",
    )
    assert [row[-1] for row in listed(TRUSTED, handler, "ended")] == ["Chuyển nơi ở"]


def test_DX_09_indicators_of_a_year_stand_on_a_map_of_the_communes(handler, commune, drawn):
    said = {"year": "2025", "households": "2200", "minority": "480", "poor": "96", "no_land": "12"}
    first = entered(INDICATOR, commune, code="CTDT-00001", commune=QUY_NHON, zone="II", **said)
    assert first.text("poverty_rate") == "20 %"
    with pytest.raises(Conflict):
        entered(INDICATOR, commune, code="CTDT-00002", commune=QUY_NHON, zone="II", **said)
    assert seen_on(INDICATOR, "communes", handler) == {first.name: ("Xã khu vực II", "Polygon")}
    assert counted(INDICATOR, handler, "poverty") == {"Xã khu vực II": ("20",)}
