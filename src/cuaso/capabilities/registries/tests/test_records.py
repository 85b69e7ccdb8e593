"""What officials do with records: enter, see, change, move, remove, undo."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, Source
from cuaso.capabilities.registries.tests.conftest import MOMENT, VESSEL, official
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

KEY = "harbour/vessel"


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


def test_an_officer_enters_a_vessel_and_reads_what_was_entered(commune: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    seen = registries.record(registry=KEY, id=made.id, actor=commune)
    assert seen.name == "BĐ-00001-TS – Võ Thị Hạ Lam"
    assert seen.text("length") == "14,5 m"
    assert seen.text("gear") == "Lưới vây"
    assert seen.text("status") == "Mới ghi"
    assert seen.value("owner.birth_date") == "1992-02-10"
    assert seen.agency_id == commune.agency_id
    assert (seen.revision, seen.version) == (1, 1)


def test_an_officer_enters_a_wrong_vessel_and_nothing_is_written(commune: Actor) -> None:
    wrong = {**VESSEL, "number": "12", "length": "25", "gear": "keo", "crew": [{"job": "Bếp"}]}
    with pytest.raises(Invalid) as refused:
        registries.add(registry=KEY, values=wrong, actor=commune)
    assert {one.field: one.say for one in refused.value.problems} == {
        "number": "Hãy viết theo mẫu BĐ-12345-TS.",
        "gear": "Tàu từ 24 m không được làm nghề lưới kéo.",
        "vms": "Chưa nhập “Thiết bị giám sát”.",
        "crew.0.full_name": "Chưa nhập “Họ tên”.",
    }
    assert count("r_harbour_vessel") == 0
    assert count("registries_change") == 0


def test_an_officer_enters_the_same_number_twice(commune: Actor) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=commune)
    with pytest.raises(Conflict) as refused:
        registries.add(registry=KEY, values=VESSEL, actor=commune)
    assert refused.value.code == "registries.key_exists"
    assert count("r_harbour_vessel") == 1


def test_a_commune_sees_its_own_vessels_only_and_the_department_sees_all(
    commune: Actor, other_commune: Actor, department: Actor
) -> None:
    mine = registries.add(registry=KEY, values=VESSEL, actor=commune)
    theirs = {**VESSEL, "number": "BĐ-00002-TS", "commune": "21952"}
    registries.add(registry=KEY, values=theirs, actor=other_commune)

    def numbers(actor: Actor) -> list[str]:
        page = registries.list_records(registry=KEY, query=ListQuery(), actor=actor)
        return [row.cells[0].text for row in page.rows]

    assert numbers(commune) == ["BĐ-00001-TS"]
    assert numbers(other_commune) == ["BĐ-00002-TS"]
    assert numbers(department) == ["BĐ-00001-TS", "BĐ-00002-TS"]
    with pytest.raises(NotFound):
        registries.record(registry=KEY, id=mine.id, actor=other_commune)
    with pytest.raises(NotAllowed):
        registries.add(
            registry=KEY, values={**VESSEL, "number": "BĐ-00003-TS"}, actor=other_commune
        )
    assert count("r_harbour_vessel") == 2


def test_a_reader_without_the_role_reads_a_masked_number_and_cannot_search_by_it(
    commune: Actor,
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    reader = official("ubnd-21583", "reception")
    seen = registries.record(registry=KEY, id=made.id, actor=reader)
    assert seen.text("owner.personal_number") == "•••0001"
    assert seen.value("owner.personal_number") is None
    found = registries.list_records(
        registry=KEY, query=ListQuery(words="052192000001"), actor=commune
    )
    assert found.rows == ()
    with pytest.raises(Invalid):
        registries.list_records(
            registry=KEY, query=ListQuery(sort=("owner.personal_number",)), actor=reader
        )


def test_two_officers_change_one_record_and_the_second_is_told(commune: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    first = registries.amend(
        registry=KEY, id=made.id, values={"name": "Hải Âu 2"}, revision=1, actor=commune
    )
    assert (first.text("name"), first.revision) == ("Hải Âu 2", 2)
    with pytest.raises(Conflict) as refused:
        registries.amend(
            registry=KEY, id=made.id, values={"name": "Hải Âu 3"}, revision=1, actor=commune
        )
    assert refused.value.data == {"revision": 2, "seen": 1}
    assert registries.record(registry=KEY, id=made.id, actor=commune).text("name") == "Hải Âu 2"


def test_the_history_of_a_record_says_who_gave_which_value_and_it_is_read_as_of_a_day(
    commune: Actor, department: Actor
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    with clock.at(MOMENT + timedelta(days=2)):
        registries.amend(
            registry=KEY,
            id=made.id,
            values={"length": "14,8"},
            reason="Đo lại",
            actor=department,
        )
    lines = registries.history(registry=KEY, id=made.id, actor=department)
    assert [(one.act, one.who, one.reason) for one in lines] == [
        ("changed", department.name, "Đo lại"),
        ("added", commune.name, ""),
    ]
    assert [(one.title, one.before, one.after) for one in lines[0].differences] == [
        ("Chiều dài lớn nhất", "14,5 m", "14,8 m")
    ]
    before = registries.record(
        registry=KEY, id=made.id, actor=department, as_of=MOMENT + timedelta(days=1)
    )
    assert before.text("length") == "14,5 m"
    listed = registries.list_records(
        registry=KEY,
        query=ListQuery(list="long", as_of=MOMENT + timedelta(days=1)),
        actor=department,
    )
    assert [row.cells[1].text for row in listed.rows] == ["14,5 m"]
    early = ListQuery(as_of=MOMENT - timedelta(days=1))
    assert registries.list_records(registry=KEY, query=early, actor=department).rows == ()


def test_nothing_moves_a_row_outside_a_change(commune: Actor) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=commune)
    for statement in (
        "update r_harbour_vessel set name = 'x'",
        "delete from r_harbour_vessel",
        "truncate r_harbour_vessel",
        "truncate h_harbour_vessel",
        "insert into r_harbour_vessel (row_id, row_agency, row_change, row_since) values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now())",  # noqa: E501
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert count("r_harbour_vessel") == 1
    assert count("h_harbour_vessel") == 0


def test_a_leader_registers_a_vessel_and_a_handler_may_not(commune: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=commune)
    with pytest.raises(NotAllowed):
        registries.move(registry=KEY, id=made.id, to="register", actor=commune)
    leader = official("ubnd-21583", "leader")
    seen = registries.record(registry=KEY, id=made.id, actor=leader)
    assert [one.name for one in seen.moves] == ["register"]
    moved = registries.move(registry=KEY, id=made.id, to="register", actor=leader)
    assert moved.text("status") == "Đã đăng ký"
    with pytest.raises(Invalid):
        registries.move(registry=KEY, id=made.id, to="strike", actor=leader)
    struck = registries.move(
        registry=KEY, id=made.id, to="strike", reason="Tàu đã chìm", actor=leader
    )
    assert struck.text("status") == "Đã xóa đăng ký"


def test_a_removed_record_rests_in_the_bin_and_comes_back(department: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=department)
    with pytest.raises(Invalid):
        registries.remove(registry=KEY, id=made.id, reason=" ", actor=department)
    registries.remove(registry=KEY, id=made.id, reason="Ghi nhầm", actor=department)
    here = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    bin_ = registries.list_records(registry=KEY, query=ListQuery(gone=True), actor=department)
    assert (len(here.rows), len(bin_.rows)) == (0, 1)
    again = registries.add(registry=KEY, values=VESSEL, actor=department)
    with pytest.raises(Conflict):
        registries.bring_back(registry=KEY, id=made.id, actor=department)
    registries.remove(registry=KEY, id=again.id, reason="Thử", actor=department)
    back = registries.bring_back(registry=KEY, id=made.id, actor=department)
    assert back.gone_at is None


def test_an_officer_undoes_one_change_but_not_what_was_changed_again(department: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=department)
    first = registries.amend(registry=KEY, id=made.id, values={"name": "A"}, actor=department)
    registries.amend(registry=KEY, id=made.id, values={"length": "13"}, actor=department)
    undone = registries.undo(registry=KEY, change_id=first.change_id, actor=department)
    assert (undone.back, undone.kept) == (1, 0)
    seen = registries.record(registry=KEY, id=made.id, actor=department)
    assert (seen.text("name"), seen.text("length")) == ("Hải Âu", "13 m")
    with pytest.raises(Conflict):
        registries.undo(registry=KEY, change_id=first.change_id, actor=department)
    second = registries.amend(registry=KEY, id=made.id, values={"name": "B"}, actor=department)
    registries.amend(registry=KEY, id=made.id, values={"name": "C"}, actor=department)
    with pytest.raises(Conflict):
        registries.undo(registry=KEY, change_id=second.change_id, actor=department)
    assert registries.record(registry=KEY, id=made.id, actor=department).text("name") == "C"


def test_a_list_is_walked_page_by_page_in_vietnamese_order(department: Actor) -> None:
    names = ["Ấn Độ Dương", "Anh Đào", "Ánh Dương", "Đại Dương", "Biển Xanh", "", "Ẩn Số"]
    for number, name in enumerate(names):
        registries.add(
            registry=KEY,
            values={**VESSEL, "number": f"BĐ-1000{number}-TS", "name": name},
            actor=department,
        )
    seen: list[str] = []
    after = ""
    while True:
        query = ListQuery(sort=("name",), columns=("name",), size=2, after=after)
        page = registries.list_records(registry=KEY, query=query, actor=department, count=True)
        seen += [row.cells[0].text for row in page.rows]
        assert page.count == 7
        after = page.after
        if not after:
            break
    assert seen == [
        "Anh Đào", "Ánh Dương", "Ẩn Số", "Ấn Độ Dương", "Biển Xanh", "Đại Dương", "",
    ]  # fmt: skip
    found = registries.list_records(
        registry=KEY, query=ListQuery(words="an do", columns=("name",)), actor=department
    )
    assert [row.cells[0].text for row in found.rows] == ["Ấn Độ Dương"]


def test_a_program_that_sends_a_field_of_another_name_is_told_the_name_as_it_sends_it(
    department: Actor,
) -> None:
    with pytest.raises(Invalid) as refused:
        registries.add(
            registry=KEY,
            values={**VESSEL, "lenght": 14.5},
            actor=department,
            source=Source(kind="api"),
        )
    assert [(one.field, one.say) for one in refused.value.problems] == [
        ("lenght", "Không có ô nào tên “lenght”. Có phải định viết “length”?")
    ]
    assert registries.list_records(registry=KEY, query=ListQuery(), actor=department).rows == ()
