"""Who opens a page of a list is seen by each person of whom the page tells something in full."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from cuaso.capabilities.geo import api as geo
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, official
from cuaso.capabilities.registries.tests.test_taken_out import (
    FIRST,
    KEY,
    OWNER,
    RIGHT,
    SECOND,
    TRIP,
    keep_trips,
    looks,
    trip,
    vessels,
)
from cuaso.declarations.packs import Pack
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

__all__ = ["vessels"]
LISTED = f"Xem danh sách. {RIGHT}"
NAMED = {"name": "{number} – {captain.full_name}"}
PLACED = {
    "left_on": {"title": "Ngày đi", "type": "date", "required": "no"},
    "at": {"title": "Vị trí", "type": "point", "required": "no"},
    "water": {"title": "Vùng nước", "codes": "gear", "required": "no"},
}
list_ = partial(registries.list_records, query=ListQuery())
values = partial(registries.list_values, query=ListQuery())


def rows() -> list[tuple[list[UUID], bool]]:
    """Return the records of each page on which somebody was seen, and whether it was of a list."""
    with connection.cursor() as cursor:
        cursor.execute("select subjects, listed from audit_look_many order by looked_at")
        return list(cursor.fetchall())


def test_kt_e5_opening_a_list_is_one_row_and_each_person_in_it_reads_of_it(
    vessels: list[UUID], department: Actor
) -> None:
    page = list_(registry=KEY, actor=department)
    assert [row.id for row in page.rows] == vessels
    assert looks(FIRST) == [(department.name, LISTED, vessels[0], "Tàu cá")]
    assert looks(SECOND) == [(department.name, LISTED, vessels[1], "Tàu cá")]
    assert rows() == [(vessels[:2], True)]
    list_(registry=KEY, actor=department)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [2, 2]


def test_turning_to_the_next_page_tells_only_those_who_stand_on_it(
    vessels: list[UUID], department: Actor
) -> None:
    first = list_(registry=KEY, query=ListQuery(size=1), actor=department)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 0]
    list_(registry=KEY, query=ListQuery(size=1, after=first.after), actor=department)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 1]


def test_a_program_that_reads_a_list_is_told_as_a_page_is(
    vessels: list[UUID], department: Actor
) -> None:
    values(registry=KEY, actor=department)
    assert looks(FIRST) == [(department.name, LISTED, vessels[0], "Tàu cá")]


def test_columns_without_anything_personal_tell_of_a_person_by_the_name_of_the_record_alone(
    vessels: list[UUID], harbour: Pack, department: Actor
) -> None:
    sparse = ListQuery(columns=("number", "length"))
    page = values(registry=KEY, query=sparse, actor=department)
    assert page.lines[0].name == "BĐ-00001-TS – Lê Văn An"
    assert looks(FIRST) == [(department.name, LISTED, vessels[0], "Tàu cá")]
    leader = official(OWNER, "handler", "leader")
    keep_trips(harbour, leader, trip())
    page = values(registry=TRIP, query=ListQuery(columns=("number", "area")), actor=leader)
    assert (page.lines[0].name, page.lines[0].values) == ("C1", ("C1", "Hoàng Sa"))
    assert len(looks(FIRST)) == 1


def test_opening_a_list_whose_personal_columns_are_masked_writes_nothing(harbour: Pack) -> None:
    masks = {"captain": {"show": "nothing", "roles": ["leader"]}}
    handler, leader = official(OWNER, "handler"), official(OWNER, "handler", "leader")
    made = keep_trips(harbour, leader, trip(masks=masks, **NAMED))
    assert [row.name for row in list_(registry=TRIP, actor=handler).rows] == ["C1"]
    values(registry=TRIP, actor=handler)
    assert rows() == []
    assert [row.name for row in list_(registry=TRIP, actor=leader).rows] == ["C1 – Lê Văn An"]
    assert looks(FIRST) == [(leader.name, LISTED, made.id, "Chuyến biển")]


def test_a_number_alone_that_is_masked_is_no_look_while_the_name_is(harbour: Pack) -> None:
    """The name beside a masked number is read in full: the person is told of it."""
    handler, leader = official(OWNER, "handler"), official(OWNER, "handler", "leader")
    masks = {"captain.personal_number": {"show": "last_4", "roles": ["leader"]}}
    made = keep_trips(harbour, leader, trip(masks=masks))
    only = ListQuery(columns=("number", "captain.personal_number"))
    list_(registry=TRIP, query=only, actor=handler)
    assert rows() == []
    list_(registry=TRIP, actor=handler)
    assert looks(FIRST) == [(handler.name, LISTED, made.id, "Chuyến biển")]


def test_opening_a_list_of_a_past_day_tells_who_stood_in_it_then(
    vessels: list[UUID], department: Actor
) -> None:
    # The registry as it was after the clerk gave the vessel another owner.
    owner = {"full_name": "Võ Hà", "personal_number": SECOND, "birth_date": "10/02/1992"}
    with clock.at(MOMENT.replace(hour=5)):
        registries.amend(registry=KEY, id=vessels[0], values={"owner": owner}, actor=department)
    past = ListQuery(as_of=MOMENT.replace(hour=4), size=1)
    with clock.at(MOMENT.replace(hour=6)):
        list_(registry=KEY, query=past, actor=department)
        assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 0]
        list_(registry=KEY, query=ListQuery(size=1), actor=department)
        assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 1]


def test_only_counting_or_finding_records_tells_nobody(
    vessels: list[UUID], department: Actor
) -> None:
    assert values(registry=KEY, actor=department, count=True, leaves=False).count == 3
    assert len(list_(registry=KEY, actor=department, leaves=False).rows) == 3
    registries.feed(registry=KEY, actor=department)
    registries.facets(registry=KEY, query=ListQuery(), actor=department)
    assert rows() == []


def test_opening_the_board_tells_each_person_once(vessels: list[UUID], department: Actor) -> None:
    columns = registries.board(registry=KEY, query=ListQuery(), actor=department)
    assert sum(len(one.rows) for one in columns) == 3
    assert looks(FIRST) == [(department.name, LISTED, vessels[0], "Tàu cá")]
    assert looks(SECOND) == [(department.name, LISTED, vessels[1], "Tàu cá")]


Opens = Callable[[Actor], Any]


def calendar(actor: Actor) -> Any:
    return registries.calendar(
        registry=TRIP, name="days", month=date(2026, 11, 1), query=ListQuery(), actor=actor
    ).entries


def map_(actor: Actor) -> Any:
    return registries.map_of(registry=TRIP, name="points", query=ListQuery(), actor=actor).features


def tile(actor: Actor) -> Any:
    square = geo.square(0, 0, 0)
    return registries.tile_of(
        registry=TRIP, name="points", square=square, query=ListQuery(), actor=actor
    )


def keep_placed(harbour: Pack, leader: Actor, **also: Any) -> UUID:
    """Keep one trip with a day and a place; return its id."""
    declared = trip(
        fields={**trip_fields(), **PLACED},
        calendars={"days": {"title": "Lịch", "day": "left_on"}},
        maps={"points": {"title": "Bản đồ", "at": "at"}},
        **also,
    )
    made = keep_trips(harbour, leader, declared)
    told = {"left_on": "12/11/2026", "at": "13,7701; 109,2301"}
    registries.amend(registry=TRIP, id=made.id, values=told, actor=leader)
    return made.id


def trip_fields() -> dict[str, Any]:
    person = {"type": "person", "parts": ["full_name", "personal_number"], "personal": "yes"}
    return {
        "number": {"title": "Số", "type": "code", "pattern": r"C\d", "pattern_say": "C1."},
        "captain": {"title": "Thuyền trưởng", **person, "required": "no"},
        "area": {"title": "Vùng biển", "required": "no"},
    }


@pytest.fixture
def postgis(db: None) -> None:
    del db
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists postgis")


@pytest.mark.usefixtures("postgis")
@pytest.mark.parametrize(
    ("opens", "said"), [(calendar, "Xem lịch."), (map_, "Xem bản đồ."), (tile, "Xem bản đồ.")]
)
def test_opening_a_calendar_or_a_map_tells_whose_names_stand_in_it(
    harbour: Pack, opens: Opens, said: str
) -> None:
    leader = official(OWNER, "handler", "leader")
    id = keep_placed(harbour, leader, **NAMED)
    assert opens(leader)
    assert looks(FIRST) == [(leader.name, f"{said} {RIGHT}", id, "Chuyến biển")]


@pytest.mark.usefixtures("postgis")
@pytest.mark.parametrize("opens", [calendar, map_, tile])
def test_opening_a_calendar_or_a_map_of_numbers_tells_nobody(harbour: Pack, opens: Opens) -> None:
    leader = official(OWNER, "handler", "leader")
    keep_placed(harbour, leader)
    assert opens(leader)
    assert rows() == []


def test_a_purpose_that_was_given_is_told_instead_of_the_right(
    vessels: list[UUID], department: Actor
) -> None:
    why = "Kiểm tra giấy phép theo kế hoạch 12/KH."
    list_(registry=KEY, actor=department, purpose=why)
    registries.board(registry=KEY, query=ListQuery(), actor=department, purpose=why)
    assert [one[1] for one in looks(FIRST)] == [f"Xem danh sách. {why}"] * 2


def test_each_person_reads_the_right_by_which_their_own_row_was_seen(harbour: Pack) -> None:
    kept = "Cơ quan giữ bản ghi xem bản ghi của mình."
    whole = "Mọi cơ quan của tỉnh xem sổ chuyến biển."
    rights = [
        {"may": ["view", "add"], "of": "nơi giữ", "say": kept},
        {"may": ["view"], "of": "tỉnh", "say": whole},
    ]
    here, there = official("ubnd-21583", "handler"), official("ubnd-21952", "handler")
    mine = keep_trips(harbour, here, trip(rights=rights))
    captain = {"full_name": "Võ Hà", "personal_number": SECOND}
    theirs = registries.add(
        registry=TRIP, values={"number": "C2", "captain": captain, "crew": []}, actor=there
    )
    list_(registry=TRIP, actor=here)
    assert looks(FIRST) == [(here.name, f"Xem danh sách. {kept}", mine.id, "Chuyến biển")]
    assert looks(SECOND) == [(here.name, f"Xem danh sách. {whole}", theirs.id, "Chuyến biển")]
    assert len(rows()) == 2


def test_records_of_many_agencies_on_one_page_are_one_row_where_one_right_shows_them(
    harbour: Pack,
) -> None:
    rights = [
        {"may": ["view", "add"], "of": "nơi giữ", "say": "Xã giữ sổ của mình."},
        {"may": ["view"], "of": "tỉnh", "say": "Cơ quan của tỉnh xem cả sổ."},
    ]
    here, there = official("ubnd-21583", "handler"), official("ubnd-21952", "handler")
    mine = keep_trips(harbour, here, trip(rights=rights))
    captain = {"full_name": "Võ Hà", "personal_number": SECOND}
    theirs = registries.add(
        registry=TRIP, values={"number": "C2", "captain": captain, "crew": []}, actor=there
    )
    leader = official(OWNER, "leader")
    list_(registry=TRIP, actor=leader)
    assert rows() == [([mine.id, theirs.id], True)]
    assert looks(SECOND) == [
        (leader.name, "Xem danh sách. Cơ quan của tỉnh xem cả sổ.", theirs.id, "Chuyến biển")
    ]


def test_a_program_of_another_agency_is_told_and_the_house_at_its_own_work_is_not(
    vessels: list[UUID],
) -> None:
    list_(registry=KEY, actor=INSTALLER)
    registries.record(registry=KEY, id=vessels[0], actor=INSTALLER)
    assert looks(FIRST) == []
    program = replace(INSTALLER, name="Phần mềm cảng cá", agency_id=uuid4())
    list_(registry=KEY, actor=program)
    registries.record(registry=KEY, id=vessels[0], actor=program)
    house = "Hệ thống làm theo một việc đã được ghi nhận."
    assert [one[:2] for one in looks(FIRST)] == [
        (program.name, house),
        (program.name, f"Xem danh sách. {house}"),
    ]


def test_an_officer_who_stands_in_the_list_is_not_told_of_looking_at_oneself(
    vessels: list[UUID], department: Actor
) -> None:
    me = directory.find_person(FIRST)
    assert me is not None
    list_(registry=KEY, actor=replace(department, person_id=me.id))
    assert looks(FIRST) == []
    assert len(looks(SECOND)) == 1


def test_a_page_whose_looks_cannot_be_written_is_not_shown(
    vessels: list[UUID], department: Actor
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_look_many add constraint full_disk check (false)")
    for page in (list_, values):
        with pytest.raises(DatabaseError, match="full_disk"), transaction.atomic():
            page(registry=KEY, actor=department)
