"""DX-09 at the pages where a commune and the department work: every part of the row in one walk."""

import pytest

from tests.support.answers import FATHER, MOTHER
from tests.support.doors import Desk, open_data

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
SQUARE = "13,70; 109,20\n13,70; 109,25\n13,75; 109,25\n13,75; 109,20"


def the_communes_boundary():
    drawn = {"coastal": "no", "border": "no", "since": "01/07/2025", "resolution": "Nghị quyết"}
    Desk("so-noi-vu-gia-lai", "handler").enters(
        "home-affairs/admin_unit", code="DVHC-21583", unit=QUY_NHON, boundary=SQUARE, **drawn
    )


def the_zone_in_force_and_open(office, chief, client):
    zone = office.enters(
        ZONE,
        code="PD-00001",
        commune=QUY_NHON,
        period="2026-2030",
        zone="II",
        households="2100",
        minority_hh="420",
        poor_hh="63",
        hamlets="9",
        minority_hamlets="4",
        hard_hamlets="2",
    )
    chief.moves(zone, "apply", decision="Quyết định minh hoạ", since="01/01/2026")
    assert office.lists(ZONE) == [
        ("Phường Quy Nhơn", "Xã khu vực II", "2026-2030", "Đang áp dụng", "20 %", "3 %", "2")
    ]
    ((about, shape),) = office.on_map(ZONE, "zones").values()
    assert (about, shape) == ("Xã khu vực II", "Polygon")
    head, row = open_data(client, ZONE)
    assert dict(zip(head, row, strict=True))["zone"] == "II"


def the_project_on_the_map(office, chief):
    project = office.enters(
        PROJECT,
        code="DADT-00031",
        commune=QUY_NHON,
        community="CĐ-00212",
        position="13,776; 109,223",
        capital_vnd="900000000",
        central_vnd="600000000",
        begins_on="01/03/2026",
        ends_on="31/12/2026",
        households="24",
    )
    chief.moves(project, "approve", decision="0412/QĐ-UBND")
    office.moves(project, "begin", paid_vnd="450000000", progress="60")
    assert office.reads(project)["Tỷ lệ giải ngân"] == "50 %"
    ((about, _shape),) = office.on_map(PROJECT, "projects").values()
    assert about == "Đang thực hiện"


def the_household_helped_once(ward, office, chief, sign_in):
    given = {
        "commune": QUY_NHON,
        "community": "CĐ-00212",
        "project": "DADT-00031",
        "kind": "house",
        "poverty": "poor",
        "listed_on": "01/09/2026",
        "votes": "55",
        "attending": "60",
        "amount_vnd": "44.000.000 đồng",
        "head__full_name": "Võ Thị Hạ Lam",
        "head__personal_number": MOTHER,
        "head__birth_date": "14/02/1996",
        "head__sex": "female",
    }
    helped = ward.enters(HELPED, code="HT-000001", **given)
    assert office.lists(HELPED, "waiting") == []
    chief.moves(helped, "approve", decision="0412/QĐ-UBND")
    ward.moves(helped, "receive", received_on="01/10/2026", used_well="yes")
    twice = ward.enters(HELPED, code="HT-000002", **{**given, "listed_on": "06/10/2026"})
    assert office.is_told(twice) == ["Đã hỗ trợ cùng loại"]
    assert office.counts(HELPED, "commune") == {"Phường Quy Nhơn": ("1",)}
    mine = "/du-lieu-ve-toi/ethnic-affairs/beneficiary/"
    own = sign_in(MOTHER).get("/du-lieu-ve-toi/").content.decode()
    others = sign_in(FATHER).get("/du-lieu-ve-toi/").content.decode()
    assert own.count(mine) == 2
    assert mine not in others
    assert Desk(f"ubnd-{TUY_PHUOC}", "handler").sees(helped) == 404


def test_DX_09_a_commune_and_the_department_keep_ethnic_affairs_from_the_hamlet_to_the_map(
    client, sign_in
):
    ward, office, chief = (
        Desk(f"ubnd-{QUY_NHON}", "handler"),
        Desk(DEPARTMENT, "handler"),
        Desk(DEPARTMENT, "leader"),
    )
    the_communes_boundary()
    ward.enters(
        COMMUNITY,
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
    (line,) = office.lists(COMMUNITY)
    assert line[0] == "Làng Kon Hring"
    ((about, shape),) = office.on_map(COMMUNITY, "hamlets").values()
    assert (about, shape) == ("Đặc biệt khó khăn", "Point")

    the_zone_in_force_and_open(office, chief, client)
    the_project_on_the_map(office, chief)
    the_household_helped_once(ward, office, chief, sign_in)
    trusted = ward.enters(
        TRUSTED,
        code="UT-00002",
        commune=QUY_NHON,
        community="CĐ-00212",
        role="elder",
        meeting_on="15/09/2026",
        attending="60",
        votes="52",
    )
    chief.moves(trusted, "recognise", decision="0412/QĐ-UBND", decided_on="01/10/2026")
    assert office.counts(TRUSTED, "by_place") == {"Phường Quy Nhơn": ("1",)}

    ward.enters(
        INDICATOR,
        code="CTDT-00001",
        commune=QUY_NHON,
        zone="II",
        year="2025",
        households="2200",
        minority="480",
        poor="96",
        no_land="12",
    )
    ((about, shape),) = office.on_map(INDICATOR, "communes").values()
    assert (about, shape) == ("Xã khu vực II", "Polygon")
    assert office.counts(INDICATOR, "poverty") == {"Xã khu vực II": ("20",)}
    assert "Phường Quy Nhơn" in office.prints(ZONE, "table")
