"""What is worth knowing about a record: shown, listed, refused, carried, and told to people."""

from datetime import timedelta

import pytest
from django.db import connection

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RecordView
from cuaso.capabilities.registries.jobs import remind_due
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations.registries import Registry
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.subjects import Subject

KEY = "harbour/vessel"
NOTICES = {
    "ending": {
        "title": "Giấy phép sắp hết hạn",
        "say": "Giấy phép có hạn đến {valid_until}.",
        "where": {"valid_until": "within 30 ngày"},
        "remind": {"day": "built_on", "every": "7 ngày", "person": "owner"},
    },
    "namesake": {
        "title": "Trùng tên",
        "say": "Có tàu khác cùng tên.",
        "beside": {"in": "vessel", "same": {"name": "name"}},
    },
    "shared": {
        "title": "Chung thuyền viên",
        "say": "Có thuyền viên cũng đi tàu khác.",
        "beside": {"in": "vessel", "same": {"crew.full_name": "crew.full_name"}},
    },
    "fleet": {
        "title": "Quá nhiều tàu",
        "say": "Chủ tàu đã có hai tàu khác.",
        "refuses": "yes",
        "at": "owner",
        "beside": {
            "in": "vessel",
            "least": 2,
            "same": {"owner.personal_number": "owner.personal_number"},
        },
    },
    "plated": {
        "title": "Biển số mới",
        "say": "Biển số {plate_code} cần dán lại.",
        "where": {"status": ["moi"], "valid_until": "before today"},
    },
}


@pytest.fixture
def noticing(vessel: Registry) -> None:
    """Publish the vessels' registry with notices, and a list of namesakes."""
    declared = vessel.dump()
    declared["notices"] = NOTICES
    declared["lists"]["namesakes"] = {"columns": ["number"], "notice": "namesake"}
    moves = declared["statuses"]["moves"]
    moves["strike"]["does"] = [
        {"in": "vessel", "same": {"name": "name"}, "values": {"vms": "number"}}
    ]
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)


def enter(number: int, actor: Actor, **said: object) -> RecordView:
    values = {**VESSEL, "number": f"BĐ-{number:05}-TS", **said}
    return registries.add(registry=KEY, values=values, actor=actor)


def held(record: RecordView, actor: Actor) -> list[str]:
    found = registries.notices_of(registry=KEY, ids=[record.id], actor=actor)
    return [one.name for one in found.get(record.id, ())]


def test_a_clerk_reads_what_other_records_say_about_a_record(
    noticing: None, commune: Actor, department: Actor, other_commune: Actor
) -> None:
    first = enter(1, commune, crew=[{"full_name": "Lê Văn An", "job": "Máy trưởng"}])
    assert held(first, commune) == []
    away = enter(2, department, commune="21952", crew=[{"full_name": "Lê Văn An", "job": "Bếp"}])
    assert held(first, commune) == ["namesake", "shared"]
    query = ListQuery(list="namesakes")
    seen = [registries.list_records(registry=KEY, query=query, actor=one) for one in
            (department, commune, other_commune)]  # fmt: skip
    assert [[row.id for row in page.rows] for page in seen] == [
        [first.id, away.id],
        [first.id],
        [away.id],
    ]
    named = {}
    for actor in (department, commune):
        found = registries.notices_of(registry=KEY, ids=[first.id], actor=actor, beside=True)
        named[actor.name] = [one.id for notice in found[first.id] for one in notice.beside]
    assert named == {department.name: [away.id, away.id], commune.name: []}
    registries.remove(registry=KEY, id=away.id, actor=department, reason="Ghi nhầm")
    assert held(first, commune) == []


def test_a_notice_about_a_masked_field_is_told_to_those_who_read_it(
    noticing: None, commune: Actor
) -> None:
    made = enter(1, commune, name="Một", plate_code="12345678", valid_until="01/11/2026")
    assert held(made, commune) == ["plated"]
    assert held(made, official("ubnd-21583", "clerk")) == []


def test_a_clerk_writes_what_a_registry_refuses_and_nothing_is_written(
    noticing: None, commune: Actor
) -> None:
    for number in (1, 2):
        enter(number, commune, name=f"Tàu {number}")
    with pytest.raises(Invalid) as refused:
        enter(3, commune, name="Tàu 3")
    assert [(one.field, one.say) for one in refused.value.problems] == [
        ("owner", "Chủ tàu đã có hai tàu khác.")
    ]
    other = {**VESSEL["owner"], "personal_number": "052192000002"}  # type: ignore[dict-item]
    third = enter(3, commune, name="Tàu 3", owner=other)
    back = {"owner": {"personal_number": "052192000001"}}
    with pytest.raises(Invalid, match="1 chỗ"):
        registries.amend(registry=KEY, id=third.id, values=back, actor=commune)
    many = registries.add_many(
        registry=KEY,
        records=[
            {**VESSEL, "number": "BĐ-00004-TS", "name": "Tàu 4"},
            {**VESSEL, "number": "BĐ-00005-TS", "name": "Tàu 5", "owner": other},
        ],
        actor=commune,
    )
    assert [one.outcome for one in many.lines] == ["refused", "added"]
    bulk = registries.amend_many(
        registry=KEY, ids=[third.id], given=back, actor=commune, reason="Sang tên"
    )
    assert [one.outcome for one in bulk.lines] == ["refused"]
    seen = registries.record(registry=KEY, id=third.id, actor=commune)
    assert (seen.revision, seen.value("owner.personal_number")) == (1, "052192000002")
    with connection.cursor() as cursor:
        cursor.execute("select sum(records) from registries_change where act = 'added'")
        assert cursor.fetchone()[0] == 4


def test_a_step_carries_what_hangs_on_it_and_names_where_that_came_from(
    noticing: None, commune: Actor
) -> None:
    first, same = enter(1, commune), enter(2, commune)
    leader = official("ubnd-21583", "leader", "handler")
    registries.move(registry=KEY, id=first.id, to="register", actor=leader)
    registries.move(registry=KEY, id=first.id, to="strike", actor=leader, reason="Chìm")
    now = registries.record(registry=KEY, id=same.id, actor=commune)
    assert now.value("vms") == "BĐ-00001-TS"
    (line, _) = registries.history(registry=KEY, id=same.id, actor=commune)
    assert (line.origin, line.origin_id, line.reason) == ("record", first.name, "Chìm")


def test_an_owner_is_reminded_once_an_interval_and_the_record_says_when(
    noticing: None, commune: Actor
) -> None:
    person = directory.ensure_person(
        name="Võ Thị Hạ Lam", personal_number="052192000001", email="lam@example.com"
    )
    assert person.email == "lam@example.com"
    made = enter(1, commune, valid_until="10/12/2026")
    assert (remind_due(), remind_due()) == (1, 0)
    with clock.at(MOMENT + timedelta(days=6)):
        assert remind_due() == 0
    with clock.at(MOMENT + timedelta(days=7)):
        assert remind_due() == 1
        seen = registries.record(registry=KEY, id=made.id, actor=commune)
    assert (seen.text("built_on"), seen.revision) == ("01/12/2026", 3)
    lines = registries.history(registry=KEY, id=made.id, actor=commune)
    assert [one.act for one in lines] == ["reminded", "reminded", "added"]
    sent = messages.messages_about(Subject(kind="registries.record", id=made.id))
    assert len(sent) == 2
