"""DX-10, DX-12, DX-14: associations, religion, local government and youth."""

from datetime import date

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Invalid, NotFound
from tests.support.answers import MOTHER
from tests.support.apparatus import HERE, HOUSE, key
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

FAITH = "so-dan-toc-va-ton-giao-gia-lai"
QUY_NHON, TUY_PHUOC = "21583", "21952"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def leader():
    return holder(HOUSE, "leader")


def told(record, actor):
    """Return the names of the notices that hold for a record."""
    found = registries.notices_of(registry=record.registry, ids=[record.id], actor=actor)
    return [one.name for one in found.get(record.id, ())]


def again(record, actor, *, purpose: str = ""):
    return registries.record(registry=record.registry, id=record.id, actor=actor, purpose=purpose)


def association(number, actor, **said):
    charter = {
        "charter": "0412/QĐ-UBND",
        "charter_on": "08/08/2025",
        "term_years": "5",
        "term_ends_on": said.pop("term_ends_on"),
    }
    fixed = {
        "established_on": "12/05/2014",
        "scope": "province",
        "commune": "",
        "state_tasks": "no",
        "quota": "",
        "leader__birth_date": "14/02/1966",
        "leader__personal_number": "052066000122",
        "leader__sex": "male",
    }
    one = entered(key("association"), actor, code=f"HOI-{number:05}", **{**fixed, **said})
    assert one.text("status") == "Được phép thành lập, chờ điều lệ"
    return moved(one, "adopt", holder(HOUSE, "leader"), **charter)


def test_DX_10_an_association_lives_from_its_founding_to_its_end_on_a_public_list(
    handler, leader, client
):
    rows = {"leaders": ({"full_name": "Võ Thị Hạ Lam", "role": "chair", "official": "no"},)}
    one = association(
        1, handler, name="Hội Cờ tướng (minh hoạ)", term_ends_on="07/02/2027", rows=rows
    )
    association(2, handler, name="Hội Nhiếp ảnh (minh hoạ)", term_ends_on="06/10/2026")
    assert told(one, handler) == ["term_ends", "silent"]
    assert [line[0].text for line in one.groups["leaders"]] == ["Võ Thị Hạ Lam"]
    asked = entered(
        key("association_congress"),
        handler,
        code="ĐH-00088",
        association="HOI-00001",
        kind="regular",
        ordinal="3",
        reported_on="01/09/2026",
        planned_on="01/10/2026",
        delegates="85",
        charter_new="no",
    )
    agreed = moved(asked, "agree", leader, answer="0412/SNV-TCBC")
    with pytest.raises(Invalid) as few:
        moved(agreed, "hold", handler, held_on="01/10/2026", attended="42", committee="15")
    assert "trên một nửa số đại biểu" in few.value.problems[0].say
    held = moved(agreed, "hold", handler, held_on="01/10/2026", attended="60", committee="15")
    assert listed(key("association_congress"), handler, "waiting")[0][1] == "01/10/2026"
    assert moved(held, "confirm", leader, sent_after_on="05/10/2026").value("committee") == 15
    report = entered(
        key("association_report"),
        handler,
        code="BCH-000001",
        association="HOI-00001",
        year="2025",
        due_on="31/01/2026",
    )
    assert told(report, handler) == ["late"]
    assert told(one, handler) == ["term_ends"]
    public = client.get("/du-lieu-mo/home-affairs/association/du-lieu.csv")
    text = b"".join(public.streaming_content) if public.streaming else public.content
    assert "HOI-00001" in text.decode()
    assert "052066000122" not in text.decode()
    with pytest.raises(Invalid) as owed:
        moved(one, "dissolve", leader, reason="Hội tự giải thể")
    assert [problem.field for problem in owed.value.problems] == ["ended_on"]
    moved(one, "dissolve", leader, reason="Hội tự giải thể", ended_on="06/10/2026")
    assert [row[1] for row in listed(key("association"), handler, "public")] == [
        "Hội Nhiếp ảnh (minh hoạ)"
    ]
    assert [row[0] for row in listed(key("association"), handler, "ended")] == ["HOI-00001"]


def worship(number, actor, **said):
    fixed = {
        "kind": "pagoda",
        "religion": "phat_giao",
        "owner": "",
        "relic_rank": "none",
        "commune": QUY_NHON,
        "position": "13,776; 109,223",
        "permit": "",
        "photo": "",
        "built_year": "1898",
        "repaired": "2013",
        "land": "820",
        "built_area": "120",
    }
    return entered(key("worship_place"), actor, code=f"CS-{number:05}", **{**fixed, **HERE, **said})


def test_DX_12_places_of_worship_and_festivals_are_seen_and_what_is_sensitive_is_closed(client):
    handler, leader = holder(FAITH, "handler"), holder(FAITH, "leader")
    organisation_ = entered(
        key("religious_organisation"),
        handler,
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
    place = worship(514, handler)
    view = registries.map_of(
        registry=key("worship_place"), name="places", query=ListQuery(), actor=handler
    )
    assert [one.id for one in view.features] == [place.id]
    said = {
        "code": "HĐ-000913",
        "kind": "festival",
        "religion": "",
        "organisation": "",
        "commune": QUY_NHON,
        "received_on": "01/10/2026",
        "begins_on": "20/10/2026",
        "ends_on": "22/10/2026",
        "people": "400",
        "foreigners": "",
    }
    festival = entered(key("religious_activity"), handler, **said)
    month = registries.calendar(
        registry=key("religious_activity"),
        name="begins",
        query=ListQuery(),
        month=date(2026, 10, 1),
        actor=handler,
    )
    assert [one.name for one in month.entries] == [festival.name]
    assert moved(festival, "agree", leader, answer="0412/SDTTG").text("status") == "Được chấp thuận"
    assert [row[0] for row in listed(key("religious_activity"), handler, "festivals")]
    seen = again(organisation_, handler)
    assert (seen.value("followers"), seen.text("note")) == (950, "Cần hướng dẫn thủ tục")
    ward = again(organisation_, holder(f"ubnd-{QUY_NHON}", "handler"))
    assert ward.value("followers") == 950
    other = holder(f"ubnd-{TUY_PHUOC}", "handler")
    with pytest.raises(NotFound):
        again(organisation_, other)
    assert client.get("/du-lieu-mo/home-affairs/dignitary/").status_code == 404
    assert client.get("/du-lieu-mo/home-affairs/religious_organisation/").status_code == 404
    priest = entered(
        key("dignitary"),
        handler,
        code="CSAC-00077",
        organisation="TG-00260",
        place="",
        commune=QUY_NHON,
        person__personal_number=MOTHER,
        person__birth_date="14/02/1996",
        person__sex="female",
        person__full_name="Võ Thị Hạ Lam",
        religion="phat_giao",
        since="08/04/2020",
        until="",
        kind="dignitary",
        notified_on="01/04/2020",
    )
    with pytest.raises(Invalid) as owed:
        again(priest, leader)
    assert owed.value.code == "registries.purpose_missing"
    read = again(priest, leader, purpose="Chuẩn bị thăm hỏi")
    assert [read.value(path) for path in ("phone", "training")] == [None, None]
    assert read.value("person.personal_number") == MOTHER


def test_DX_14_communes_boundaries_councils_and_youth_are_kept_and_added_up(handler, leader):
    ward = holder(f"ubnd-{QUY_NHON}", "handler")
    square = "13,70; 109,20\n13,70; 109,25\n13,75; 109,25\n13,75; 109,20"
    unit = entered(
        key("admin_unit"),
        handler,
        code="DVHC-21583",
        unit=QUY_NHON,
        kind="ward",
        boundary=square,
        position="13,72; 109,22",
        people="71200",
        area="35,86",
        coastal="yes",
        border="no",
        since="01/07/2025",
        seat__commune=QUY_NHON,
        seat__street="1 Trần Phú",
    )
    areas = registries.map_of(
        registry=unit.registry, name="areas", query=ListQuery(), actor=handler
    )
    assert [one.geometry["type"] for one in areas.features] == ["Polygon"]
    candidates = tuple(
        {"full_name": f"Ứng cử viên {letter}", "birth": "1985", "sex": "female", "minority": "no",
         "votes": votes, "result": result}
        for letter, votes, result in (
            ("A", "1490", "elected"), ("B", "1350", "elected"), ("C", "820", "not_elected"))
    )  # fmt: skip
    area = entered(
        key("election_area"),
        handler,
        code="BCU-00107",
        council="commune",
        commune=QUY_NHON,
        term="2026-2031",
        seats="2",
        voters="1800",
        held_on="15/03/2026",
        again_on="",
        rows={
            "candidates": (
                {**candidates[0], "votes": "", "result": ""},
                *({**one, "votes": "", "result": ""} for one in candidates[1:]),
            )
        },
    )
    voted = moved(area, "vote", handler, voted="1750", papers="1740", valid="1735")
    assert voted.text("turnout") == "97,22 %"
    registries.amend(
        registry=area.registry,
        id=area.id,
        actor=handler,
        reason="Kết quả kiểm phiếu",
        values={"candidates": list(candidates)},
    )
    confirmed = moved(again(voted, leader), "confirm", leader)
    assert confirmed.text("status") == "Đã công bố kết quả"
    assert counted(key("election_area"), handler, "turnout")["2026-2031"] == ("97,2",)
    entered(
        key("council_delegate"),
        handler,
        code="ĐB-000451",
        council="commune",
        commune=QUY_NHON,
        term="2026-2031",
        elected_at="BCU-00107",
        official="",
        person__personal_number=MOTHER,
        person__birth_date="14/02/1996",
        person__sex="female",
        since="15/03/2026",
        committee="none",
    )
    youth = entered(
        key("youth_indicator"),
        ward,
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
    assert youth.text("share") == "22 %"
    assert counted(key("youth_indicator"), handler, "youth") == {"Phường Quy Nhơn": ("4.100",)}
    with pytest.raises(Invalid):
        entered(
            key("youth_indicator"),
            ward,
            code="TN-000136",
            commune=QUY_NHON,
            year="2024",
            people="500",
            youth="501",
            female="0",
            minority="0",
            employed="0",
            unemployed="0",
        )
