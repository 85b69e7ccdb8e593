"""Many records of a program at once: each is taken as the form takes it by itself."""

import random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import BulkDone, RecordView, Source
from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.exchanging import sent
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.tests.conftest import VESSEL
from cuaso.capabilities.registries.tests.test_one_statement import several
from cuaso.capabilities.registries.tests.test_sheets import KEY, count
from cuaso.capabilities.registries.tests.test_sheets_same import TEXTS, richer
from cuaso.declarations.registries import RECORD
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.remembering import one_moment

__all__ = ["richer"]
API = Source(kind="api")
# What only a program sends, beside what people type; the first is right.
SENT: dict[str, list[Any]] = {
    **TEXTS,
    "built_on": ["2020-01-01", "33644", "01/01/2020", None, ["01/01/2020"]],
    "length": [14.5, "14.5", "14,5", 7, "24", None, "dài", "1.400"],
    "owner.personal_number": ["052192000001", "5219200001", "'052192000001", 5],
    "gears": [["vay", "keo"], "vay", ["vay; keo"], ["vay", "vay"], ["vay", "keo", "cau"], []],
    "ghost": [True, False, "yes", None],
    "commune": ["21583", "Phường Quy Nhơn", "99999", ""],
    "place": ["13,776; 109,223", "1; 2", None],
    "name": ["Hải Âu", "'=1+1", "=1+1", "a\x1fb", "  Đại   Dương 12 ", "x" * 201, None],
}
CREW: list[Any] = [
    [{"full_name": "Lê Văn Tám", "job": "Máy trưởng"}],
    [],
    None,
    [{"full_name": "lê văn tám"}, {"job": "Bếp", "full_name": " Võ Hạ "}],
    [{"job": "Bếp"}],
    [{"full_name": "A | B", "job": "'Bếp"}, {}],
    [{"full_name": "Lê Văn Tám", "age": 3}],
    ["Lê Văn Tám"],
    "",
]


def records(many: int) -> list[dict[str, Any]]:
    """Return records of which most are right: two fields at most are drawn from everything."""
    dice = random.Random(11)
    found = []
    for number in range(many):
        said = {path: texts[0] for path, texts in SENT.items() if path not in ("crew", "seen")}
        drawn = dice.sample(sorted(said), dice.randint(0, 2))
        said |= {path: dice.choice(SENT[path]) for path in drawn}
        said["crew"] = CREW[0] if number % 3 else dice.choice(CREW)
        if number % 40 == 7:
            said["stranger"] = "?"
        found.append(said)
    return found


def by_form(built: Built, texts: dict[str, str | list[str]]) -> dict[str, Any] | None:
    try:
        return cleaning.columns(built, texts, strict=True)
    except Invalid:
        return None


def test_a_program_sends_many_and_each_is_read_as_the_form_reads_it(richer: Built) -> None:
    posted = [cleaning.posted(richer, one, exact=True) for one in records(160)]
    for one in posted:
        one[f"{RECORD}.status"] = "moi"
    wanted = [by_form(richer, one) for one in posted]
    read = sent.read_all(richer, posted)
    assert [(one, two) for one, two in zip(read, wanted, strict=True) if one and one != two] == []
    # Nearly all that is right was read together: what is unusual alone is left to the form.
    right = [at for at, one in enumerate(wanted) if one is not None]
    assert len(right) > 80
    assert sum(read[at] is not None for at in right) > len(right) * 0.9


def test_a_program_sends_one_and_it_is_read_as_the_form_reads_it(richer: Built) -> None:
    posted = [cleaning.posted(richer, one, exact=True) for one in records(160)]
    for one in posted:
        one[f"{RECORD}.status"] = "moi"
    wanted = [by_form(richer, one) for one in posted]
    with one_moment():
        # Twice: what was kept of the first reading says the same.
        for _ in range(2):
            read = [sent.read_one(richer, one) for one in posted]
            pairs = zip(read, wanted, strict=True)
            assert [(one, two) for one, two in pairs if one is not None and one != two] == []
    right = [at for at, one in enumerate(wanted) if one is not None]
    assert sum(read[at] is not None for at in right) > len(right) * 0.9


def right_one(built: Built) -> dict[str, str | list[str]]:
    """Return the first of the records that is right."""
    each = (cleaning.posted(built, one, exact=True) for one in records(160))
    sent_ = ({**one, f"{RECORD}.status": "moi"} for one in each)
    return next(one for one in sent_ if by_form(built, one) is not None)


def test_a_code_that_ends_is_taken_no_longer_by_what_was_kept(richer: Built) -> None:
    one = right_one(richer)
    gear = one[f"{RECORD}.gear"]
    with one_moment():
        assert sent.read_one(richer, one) == by_form(richer, one)
    with connection.cursor() as cursor:
        cursor.execute(
            "update dictionary_code set until_date = %s where code = %s", [clock.today(), gear]
        )
        assert cursor.rowcount > 0
    with one_moment():
        assert sent.read_one(richer, one) is None
        assert by_form(richer, one) is None


def test_outside_of_a_request_nothing_is_kept(richer: Built) -> None:
    assert sent.read_one(richer, right_one(richer)) is None


@pytest.fixture
def made(commune: Actor) -> list[RecordView]:
    done = registries.add_many(registry=KEY, records=several(1, 12), actor=commune, source=API)
    assert [one.outcome for one in done.lines] == ["added"] * 12
    ids = [one.id for one in done.lines if one.id]
    return [registries.record(registry=KEY, id=id, actor=commune) for id in ids]


def test_a_program_adds_many_and_each_stands_as_if_added_alone(
    made: list[RecordView], commune: Actor
) -> None:
    alone = registries.add(
        registry=KEY, values={**VESSEL, "number": "BĐ-00099-TS"}, actor=commune, source=API
    )
    for at, one in enumerate(made):
        assert one.value("number") == f"BĐ-{at + 1:05}-TS"
        same = [each for each in one.fields if each.path != "number"]
        assert same == [each for each in alone.fields if each.path != "number"]
        assert (one.agency_id, one.revision) == (alone.agency_id, 1)
    assert {one.change_id for one in made} == {made[0].change_id}


def test_a_known_number_among_many_is_refused_alone(made: list[RecordView], commune: Actor) -> None:
    wanted = [*several(10, 10), several(15, 1)[0], several(30, 1, commune="21952")[0]]
    done = registries.add_many(registry=KEY, records=wanted, actor=commune, source=API)
    outcomes = ["refused"] * 3 + ["added"] * 7 + ["refused"] * 2
    assert [one.outcome for one in done.lines] == outcomes
    codes = {one.code for one in done.lines if one.outcome == "refused"}
    assert codes == {"registries.key_exists", "registries.not_allowed"}
    assert done.lines[11].code == "registries.not_allowed"
    assert count("r_harbour_vessel") == 19


def test_a_program_asks_for_all_or_none_and_is_told_of_each_that_is_refused(
    commune: Actor,
) -> None:
    wrong = [*several(1, 10), several(11, 1, length="3")[0], several(1, 1)[0]]
    none = registries.add_many(registry=KEY, records=wrong, actor=commune, source=API, partly=False)
    assert [one.outcome for one in none.lines] == ["held"] * 10 + ["refused"] * 2
    assert none.lines[10].problems[0].field == "length"
    assert none.lines[11].code == "registries.key_exists"
    assert (none.added, none.change_id) == (0, None)
    assert (count("r_harbour_vessel"), count("registries_change")) == (0, 0)
    right = registries.add_many(
        registry=KEY, records=wrong[:10], actor=commune, source=API, partly=False
    )
    assert (right.added, count("r_harbour_vessel"), count("registries_change")) == (10, 10, 1)


def test_an_officer_changes_all_or_none_and_is_told_of_each_that_is_refused(
    made: list[RecordView], department: Actor
) -> None:
    ids = [one.id for one in made]
    equipped = {"length": "23,5", "vms": "VMS-1"}
    registries.amend(registry=KEY, id=ids[3], values=equipped, actor=department)
    before = count("registries_change")

    def lengthened(some: list[UUID]) -> BulkDone:
        return registries.amend_many(
            registry=KEY,
            ids=some,
            given={"length": "16"},
            actor=department,
            reason="Đo lại",
            source=API,
            partly=False,
        )

    none = lengthened([*ids[:4], UUID(int=7)])
    assert [one.outcome for one in none.lines] == ["refused"] * 3 + ["held", "refused"]
    assert (none.lines[3].name, none.lines[3].say) == (
        "BĐ-00004-TS – Võ Thị Hạ Lam",
        "Bản ghi này đúng nhưng chưa sửa, vì bản ghi khác trong lần sửa bị từ chối.",
    )
    assert (none.changed, none.change_id, count("registries_change")) == (0, None, before)
    kept = [registries.record(registry=KEY, id=id, actor=department) for id in ids[2:4]]
    assert [(one.value("length"), one.revision) for one in kept] == [("14.5", 1), ("23.5", 2)]
    done = lengthened([ids[3]])
    assert [one.outcome for one in done.lines] == ["changed"]
    assert [one.outcome for one in lengthened([ids[3]]).lines] == ["same"]
    assert count("registries_change") == before + 1


def test_an_officer_changes_many_and_what_one_refuses_keeps_no_other(
    made: list[RecordView], department: Actor
) -> None:
    ids = [one.id for one in made]
    registries.amend(
        registry=KEY, id=ids[3], values={"length": "23,5", "vms": "VMS-1"}, actor=department
    )
    given = {"gear": "keo", "length": "16"}
    done = registries.amend_many(
        registry=KEY, ids=ids, given=given, actor=department, reason="Đo lại", source=API
    )
    assert [one.outcome for one in done.lines] == [
        "changed" if at == 3 else "refused" for at in range(12)
    ]
    assert done.lines[0].say == "Chưa nhập “Thiết bị giám sát”."
    assert done.lines[0].name == "BĐ-00001-TS – Võ Thị Hạ Lam"
    again = registries.amend_many(
        registry=KEY, ids=ids, given={"gear": "keo"}, actor=department, reason="Đổi", source=API
    )
    assert [one.outcome for one in again.lines] == [
        "same" if at == 3 else "changed" for at in range(12)
    ]
    seen = [registries.record(registry=KEY, id=id, actor=department) for id in ids]
    assert [(one.value("gear"), one.revision) for one in seen] == [
        ("keo", 3 if at == 3 else 2) for at in range(12)
    ]
    assert again.change_id is not None
    registries.undo(registry=KEY, change_id=again.change_id, actor=department)
    back = registries.record(registry=KEY, id=ids[0], actor=department)
    assert (back.value("gear"), back.revision) == ("vay", 3)
