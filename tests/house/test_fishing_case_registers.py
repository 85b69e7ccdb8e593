"""DX-21: vessels in foreign waters, their crews, and fishermen who are held abroad."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict, Invalid
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
HOUSE = "so-ngoai-vu-gia-lai"
FISHERIES = "chi-cuc-thuy-san-gia-lai"
VESSELS, CASES = "agriculture/fishing_vessel", "foreign-affairs/vessel_violation"
FISHERS = "foreign-affairs/detained_fisher"


CREW = "agriculture/crew_member"


def vessel_of(number, **said):
    """Enter a seiner of the offshore fleet."""
    fixed = {
        "owner_name": "Trần Văn Minh Hoạ",
        "length": "17,5",
        "width": "5,0",
        "gear": "seine",
        "second_gear": "",
        "zone": "offshore",
        "tracker": "on",
        "tracker_code": "VMS00000210",
        "built": "2012",
        "registered": "02/03/2020",
    }
    return entered(VESSELS, holder(FISHERIES, "handler"), number=number, **{**fixed, **said})


def member(name, number, **said):
    fixed = {"birth_date": "01/02/1990", "commune": "21583", "post": "hand", "certificate": ""}
    fixed |= {"certificate_to": "", "code": "", "full_name": name, "personal_number": number}
    return entered(CREW, holder(FISHERIES, "handler"), **{**fixed, **said})


def boarded(one, vessel, **said):
    fixed = {"vessel": vessel.text("number"), "boarded": "01/09/2026"}
    return moved(one, "board", holder(FISHERIES, "handler"), **{**fixed, **said})


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


@pytest.fixture
def crew(db):
    return member("Lê Văn Bạn Thuyền", "052090000301"), member("Hồ Văn Sóng", "052091000302")


@pytest.fixture
def case(handler, crew):
    vessel = vessel_of("BĐ-90210-TS")
    for one in crew:
        boarded(one, vessel)
    people = tuple(
        {"member": one.text("code"), "post": "hand", "held": held}
        for one, held in zip(crew, ("yes", "no"), strict=True)
    )
    return entered(
        CASES,
        handler,
        code="VP-000001",
        vessel=vessel.text("number"),
        vessel_number="BĐ-90210-TS",
        length="17,5",
        crew="9",
        commune="21583",
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


def case_vessel(case):
    return registries.record(
        registry=VESSELS, id=case.value("vessel")["id"], actor=holder(FISHERIES, "handler")
    )


def beside(record, actor, name):
    """Return the names of the other records that a notice of a record links to."""
    found = registries.notices_of(
        registry=record.registry, ids=[record.id], actor=actor, beside=True
    )
    return [one.name for told in found[record.id] if told.name == name for one in told.beside]


def test_DX_21_an_officer_opens_a_case_from_the_vessel_register_and_closes_it(
    handler, leader, case, crew
):
    assert case.text("vessel").startswith("BĐ-90210-TS")
    vessel = case_vessel(case)
    named = ["TV-000001 – Lê Văn Bạn Thuyền", "TV-000002 – Hồ Văn Sóng"]
    assert sorted(beside(vessel, holder(FISHERIES, "handler"), "crew")) == named
    assert [[cell.text for cell in row] for row in case.groups["people"]] == [
        [named[0], "Thuyền viên", "Có"],
        [named[1], "Thuyền viên", "Không"],
    ]
    assert counted(CASES, handler, "by_country") == {"In-đô-nê-xi-a": ("1",)}
    (point,) = registries.map_of(
        registry=CASES, name="where", query=ListQuery(), actor=handler
    ).features
    assert point.geometry["coordinates"] == [108.5, 6.25]
    assert point.label == "In-đô-nê-xi-a"
    handling = moved(moved(case, "verify", handler), "handle", leader)
    with pytest.raises(Invalid) as owed:
        moved(handling, "close", leader, closed="05/10/2026")
    assert [one.field for one in owed.value.problems] == ["fine_home"]
    closed = moved(handling, "close", leader, closed="05/10/2026", fine_home="900.000.000 đồng")
    assert closed.value("fine_home") == 900_000_000
    assert listed(CASES, handler, "open") == []


def test_DX_21_a_crew_member_is_aboard_one_vessel_and_boards_another_only_after_landing(case, crew):
    fisheries = holder(FISHERIES, "handler")
    first, second = crew
    other = vessel_of("BĐ-90211-TS", tracker_code="VMS00000211")
    aboard = registries.record(registry=CREW, id=second.id, actor=fisheries)
    assert (aboard.text("state"), aboard.text("vessel")) == ("Đang ở trên tàu", "BĐ-90210-TS")
    with pytest.raises(Conflict) as twice:
        boarded(aboard, other)
    assert twice.value.code == "registries.move_from_elsewhere"
    assert registries.record(registry=CREW, id=second.id, actor=fisheries) == aboard
    with pytest.raises(Conflict) as again:
        member("Hồ Văn Sóng", "052091000302")
    assert [one.field for one in again.value.problems] == ["personal_number"]
    assert len(listed(CREW, fisheries)) == 2
    landed = moved(aboard, "land", fisheries)
    assert [row[0] for row in listed(CREW, fisheries, "ashore")] == ["TV-000002"]
    assert (landed.text("state"), landed.text("vessel")) == ("Đang ở bờ", "BĐ-90210-TS")
    assert beside(case_vessel(case), fisheries, "crew") == ["TV-000001 – Lê Văn Bạn Thuyền"]
    with pytest.raises(Invalid) as stranger:
        moved(landed, "board", fisheries, vessel="BĐ-99999-TS", boarded="01/10/2026")
    assert [one.field for one in stranger.value.problems] == ["vessel"]
    boarded(landed, other, boarded="01/10/2026")
    assert [row[:2] for row in listed(CREW, fisheries, "aboard")] == [
        ("BĐ-90210-TS", first.text("full_name")),
        ("BĐ-90211-TS", second.text("full_name")),
    ]
    assert beside(other, fisheries, "crew") == ["TV-000002 – Hồ Văn Sóng"]
    told = registries.notices_of(registry=VESSELS, ids=[other.id], actor=fisheries)
    assert told.get(other.id, ()) == ()
    steps = [one.step for one in registries.history(registry=CREW, id=second.id, actor=fisheries)]
    assert steps == ["Ghi xuống tàu", "Ghi rời tàu", "Ghi xuống tàu", ""]


def test_DX_21_an_officer_follows_a_detained_fisherman_until_he_is_home_with_help_counted(
    handler, case, crew
):
    said = {
        "code": "ND-000001",
        "case": "VP-000001",
        "member": crew[0].text("code"),
        "personal_number": "052090000301",
        "birth_date": "01/02/1990",
        "commune": "21583",
        "country": "ID",
        "held": "20/09/2026",
    }
    rows = {
        "visits": ({"on_day": "28/09/2026", "by_whom": "Đại sứ quán", "found": "Khỏe"},),
        "help": ({"on_day": "30/09/2026", "from_whom": "Quỹ bảo hộ", "amount": "5000000"},),
    }
    with pytest.raises(Invalid) as another:
        entered(FISHERS, handler, full_name="Hồ Văn Sóng", rows=rows, **said)
    assert [one.field for one in another.value.problems] == ["full_name"]
    fisher = entered(FISHERS, handler, full_name="Lê Văn Bạn Thuyền", rows=rows, **said)
    assert fisher.text("case").startswith("VP-000001")
    assert fisher.value("member")["id"] == str(crew[0].id)
    assert [row[0] for row in listed(FISHERS, handler, "still")] == ["ND-000001"]
    assert [cell.text for cell in fisher.groups["help"][0]][1:] == ["Quỹ bảo hộ", "5.000.000 đồng"]
    with pytest.raises(Invalid) as early:
        moved(fisher, "release", handler, released="19/09/2026")
    assert "Ngày được thả không được trước ngày bị bắt giữ." in str(early.value.problems)
    freed = moved(fisher, "release", handler, released="02/10/2026")
    assert listed(FISHERS, handler, "still") == []
    assert [row[0] for row in listed(FISHERS, handler, "waiting")] == ["ND-000001"]
    home = moved(freed, "home", handler, home="06/10/2026")
    assert (home.text("status"), home.value("home")) == ("Đã về nước", "2026-10-06")
