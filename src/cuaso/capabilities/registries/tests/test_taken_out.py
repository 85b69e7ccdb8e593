"""Who takes a list out as a file or a print is seen by each person whose data went with it."""

from datetime import timedelta
from uuid import UUID

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RecordView
from cuaso.capabilities.registries.logic.seeing import carried
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.subjects import Subject

KEY = "harbour/vessel"
TRIP = "harbour/trip"
OWNER = "so-nong-nghiep-va-moi-truong-gia-lai"
FIRST, SECOND, UNKNOWN = "052190000101", "052086000102", "052192000001"
RIGHT = "Cơ quan chủ quản xem mọi bản ghi của sổ mình quản lý."
EXPORTED = f"Xuất danh sách ra tệp bảng tính. {RIGHT}"


def trip(**also: object) -> Registry:
    """Return a registry of trips: a captain beside it, a crew in its rows, a log in plain words."""
    person = {"type": "person", "parts": ["full_name", "personal_number"], "personal": "yes"}
    return Registry.load(
        {
            "title": "Chuyến biển",
            "owner": OWNER,
            "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "unverified": True}],
            "key": ["number"],
            "fields": {
                "number": {"title": "Số", "type": "code", "pattern": r"C\d", "pattern_say": "C1."},
                "captain": {"title": "Thuyền trưởng", **person, "required": "no"},
                "area": {"title": "Vùng biển", "required": "no"},
            },
            "groups": {
                "crew": {
                    "title": "Thuyền viên",
                    "fields": {"person": {"title": "Người", **person}, "job": {"title": "Việc"}},
                }
            },
            "lists": {
                "default": {"columns": ["number", "captain"], "sort": ["number"]},
                "areas": {"title": "Vùng biển", "columns": ["number", "area"], "sort": ["number"]},
            },
            "prints": {"trips": {"title": "Sổ chuyến biển", "source": "Dữ liệu thử"}},
            **also,
        }
    )


def keep_trips(harbour: Pack, actor: Actor, declared: Registry) -> RecordView:
    """Install the registry and add one trip: a captain and a crew of two, one of them unknown."""
    registries.install("harbour", {**harbour.registries, "trip": declared}, actor=INSTALLER)
    values = {
        "number": "C1",
        "captain": {"full_name": "Lê Văn An", "personal_number": FIRST},
        "area": "Hoàng Sa",
        "crew": [
            {"person": {"full_name": "Võ Hà", "personal_number": SECOND}, "job": "Máy trưởng"},
            {"person": {"full_name": "Trần Tư", "personal_number": UNKNOWN}, "job": "Lưới"},
        ],
    }
    added = registries.add(registry=TRIP, values=values, actor=actor)
    return registries.record(registry=TRIP, id=added.id, actor=INSTALLER)


def looks(number: str) -> list[tuple[str, str, UUID, str]]:
    """Return the looks at a person's data, newest first: who, what for, which record, of what."""
    person = directory.find_person(number)
    assert person is not None
    return [
        (one.actor_name, one.purpose, one.subject.id, one.task) for one in audit.looks_at(person.id)
    ]


def exported(registry: str, actor: Actor, **words: object) -> str:
    query = words.pop("query", ListQuery())
    _, _, content = registries.export(
        registry=registry,
        query=query,  # type: ignore[arg-type] # of this file
        kind="csv",
        actor=actor,
        **words,  # type: ignore[arg-type] # of this file
    )
    return b"".join(content).decode("utf-8-sig")


@pytest.fixture
def vessels(department: Actor) -> list[UUID]:
    """Return three vessels: of two people whom the house knows, and of one whom it does not."""
    return [
        registries.add(
            registry=KEY,
            values={**VESSEL, "number": f"BĐ-0000{at}-TS", "owner": owner(number)},
            actor=department,
        ).id
        for at, number in enumerate((FIRST, SECOND, UNKNOWN), start=1)
    ]


def owner(number: str) -> dict[str, str]:
    return {"full_name": "Lê Văn An", "personal_number": number, "birth_date": "10/02/1992"}


def acts(registry: str, act: str) -> list[str]:
    """Return the reasons given for one kind of act on a registry as a whole."""
    about = Subject(kind="registries.registry", id=sets.built(registry).id)
    return [one.reason for one in audit.history(about) if one.act == act]


def test_exporting_a_list_writes_a_look_down_for_each_person_in_it(
    vessels: list[UUID], department: Actor
) -> None:
    assert exported(KEY, department).count("Lê Văn An") == 3
    assert looks(FIRST) == [(department.name, EXPORTED, vessels[0], "Tàu cá")]
    assert looks(SECOND) == [(department.name, EXPORTED, vessels[1], "Tàu cá")]
    _, _, content = registries.export(
        registry=KEY, query=ListQuery(words="00002"), kind="xlsx", actor=department
    )
    assert b"".join(content)[:2] == b"PK"
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 2]


def test_exporting_with_a_purpose_tells_it_to_the_person_and_to_the_ledger(
    vessels: list[UUID], department: Actor
) -> None:
    why = "Kiểm tra giấy phép theo kế hoạch 12/KH."
    exported(KEY, department, purpose=why)
    assert [one[1] for one in looks(FIRST)] == [f"Xuất danh sách ra tệp bảng tính. {why}"]
    assert acts(KEY, "registries.exported") == [why]


def test_exporting_columns_without_anything_personal_writes_no_look(
    vessels: list[UUID], department: Actor
) -> None:
    text = exported(KEY, department, query=ListQuery(list="long"), only_list=True)
    assert (text.count("BĐ-"), text.count("Lê Văn An")) == (3, 0)
    assert (looks(FIRST), looks(SECOND)) == ([], [])


def test_exporting_what_is_masked_writes_no_look_and_unmasked_it_does(harbour: Pack) -> None:
    masks = {"captain": {"show": "nothing", "roles": ["leader"]}}
    handler, leader = official(OWNER, "handler"), official(OWNER, "handler", "leader")
    made = keep_trips(harbour, leader, trip(masks=masks))
    seen = exported(TRIP, handler, only_list=True)
    assert "Lê Văn An" not in seen
    assert looks(FIRST) == []
    assert "Lê Văn An" in exported(TRIP, leader, only_list=True)
    assert looks(FIRST) == [(leader.name, EXPORTED, made.id, "Chuyến biển")]


def test_exporting_rows_of_a_group_writes_a_look_down_for_who_stands_in_them(
    harbour: Pack,
) -> None:
    masks = {"captain": {"show": "nothing", "roles": ["leader"]}}
    handler, leader = official(OWNER, "handler"), official(OWNER, "handler", "leader")
    made = keep_trips(harbour, leader, trip(masks=masks))
    exported(TRIP, handler, query=ListQuery(list="areas"), only_list=True)
    assert (looks(FIRST), looks(SECOND)) == ([], [])
    exported(TRIP, handler)
    assert looks(FIRST) == []
    assert looks(SECOND) == [(handler.name, EXPORTED, made.id, "Chuyến biển")]


def test_exporting_rows_whose_people_are_masked_writes_no_look(harbour: Pack) -> None:
    masks = {"crew.person": {"show": "nothing", "roles": ["leader"]}}
    handler, leader = official(OWNER, "handler"), official(OWNER, "handler", "leader")
    keep_trips(harbour, leader, trip(masks=masks))
    exported(TRIP, handler)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 0]
    exported(TRIP, leader)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [2, 1]


def test_exporting_a_past_day_writes_the_look_down_for_who_stood_there_then(
    vessels: list[UUID], department: Actor
) -> None:
    with clock.at(MOMENT + timedelta(days=2)):
        registries.amend(
            registry=KEY,
            id=vessels[0],
            values={"owner": owner(SECOND)},
            actor=department,
        )
        exported(KEY, department, query=ListQuery(as_of=MOMENT + timedelta(days=1)))
        assert [one[2] for one in looks(FIRST)] == [vessels[0]]
        assert [one[2] for one in looks(SECOND)] == [vessels[1]]


def test_printing_a_register_writes_a_look_down_for_each_person_in_it(
    harbour: Pack, department: Actor
) -> None:
    made = keep_trips(harbour, department, trip())
    printed = registries.print_register(
        registry=TRIP, name="trips", query=ListQuery(), actor=department
    )
    assert printed.rows == 1
    told = f"In sổ “Sổ chuyến biển”. {RIGHT}"
    assert looks(FIRST) == [(department.name, told, made.id, "Chuyến biển")]
    assert looks(SECOND) == []


def test_printing_a_past_day_prints_who_stood_there_then(harbour: Pack, department: Actor) -> None:
    made = keep_trips(harbour, department, trip())
    with clock.at(MOMENT + timedelta(days=2)):
        captain = {"full_name": "Võ Hà", "personal_number": SECOND}
        registries.amend(registry=TRIP, id=made.id, values={"captain": captain}, actor=department)
        query = ListQuery(as_of=MOMENT + timedelta(days=1))
        printed = registries.print_register(
            registry=TRIP, name="trips", query=query, actor=department, purpose="Kiểm tra sổ."
        )
        assert printed.rows == 1
        assert [one[1] for one in looks(FIRST)] == ["In sổ “Sổ chuyến biển”. Kiểm tra sổ."]
        assert looks(SECOND) == []


def test_printing_too_long_a_register_is_refused_and_nobody_was_looked_at(
    vessels: list[UUID], department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cuaso.capabilities.registries.logic.printing.printed.MOST", 2)
    with pytest.raises(Invalid) as refused:
        registries.print_register(
            registry=KEY, name="register", query=ListQuery(), actor=department
        )
    assert refused.value.code == "registries.print_too_long"
    assert (looks(FIRST), looks(SECOND)) == ([], [])
    assert acts(KEY, "registries.printed") == []


def test_a_file_that_breaks_off_has_written_down_whom_it_carried_before_they_left(
    vessels: list[UUID], department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "PORTION", 1)
    built = sets.built(KEY)
    rows = carried.written_down(
        built,
        iter(built.live.objects.order_by("number")),
        paths=["owner"],
        actor=department,
        how="Xuất danh sách ra tệp bảng tính.",
    )
    assert looks(FIRST) == []
    next(rows)
    assert [len(looks(one)) for one in (FIRST, SECOND)] == [1, 0]


def test_the_house_itself_takes_a_list_out_and_nobody_was_looked_at(vessels: list[UUID]) -> None:
    assert exported(KEY, INSTALLER).count("Lê Văn An") == 3
    assert (looks(FIRST), looks(SECOND)) == ([], [])
