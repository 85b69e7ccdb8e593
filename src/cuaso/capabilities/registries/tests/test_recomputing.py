"""A version computes something otherwise: records already held follow, and history tells it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Recomputed, RecordView
from cuaso.capabilities.registries.logic.changing.change import changing
from cuaso.capabilities.registries.logic.changing.rows import renew
from cuaso.capabilities.registries.logic.storing import computing, sets
from cuaso.capabilities.registries.models import Change
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations import packs
from cuaso.declarations.registries import Registry
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict

KEY = "harbour/vessel"
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"
WORKER = system("Sổ dữ liệu")
LATER = MOMENT + timedelta(days=2)


@pytest.fixture
def officer(harbour: packs.Pack) -> Actor:
    return replace(official(DEPARTMENT, "admin", "handler"), person_id=uuid4(), post_id=uuid4())


def entered(actor: Actor, number: int, name: str = "Hai Au", **more: object) -> UUID:
    values = {**VESSEL, "number": f"BĐ-{number:05}-TS", "name": name, **more}
    return registries.add(registry=KEY, values=values, actor=actor).id


def published(vessel: Registry, **fields: Mapping[str, str]) -> None:
    """Install the pack again with some fields declared otherwise."""
    declared = vessel.dump()
    declared["fields"] |= fields
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)


def letters(is_: str = "size(name)") -> dict[str, str]:
    return {"title": "Số chữ của tên", "type": "computed", "as": "integer", "is": is_}


def worked(size: int = 500) -> int:
    """Let the worker go on until nothing is left; return how many records it looked at."""
    looked = 0
    while more := registries.recompute_due(actor=WORKER, size=size):
        looked += more
    return looked


def seen(id: UUID, actor: Actor) -> RecordView:
    return registries.record(registry=KEY, id=id, actor=actor)


def valued(id: UUID, actor: Actor, path: str = "letters") -> object:
    return seen(id, actor).values[path]


def acts(id: UUID, actor: Actor) -> list[str]:
    return [line.act for line in registries.history(registry=KEY, id=id, actor=actor)]


def told(actor: Actor) -> Recomputed:
    found = registries.recomputed(registry=KEY, actor=actor)
    assert found is not None
    return found


def test_an_official_publishes_a_formula_and_records_held_before_get_its_value(
    officer: Actor, vessel: Registry
) -> None:
    first, nameless = entered(officer, 1), entered(officer, 2, name="")
    binned = entered(officer, 3, name="Bien")
    registries.remove(registry=KEY, id=binned, reason="Nhập nhầm", actor=officer)
    with clock.at(LATER):
        published(vessel, letters=letters())
        assert valued(first, officer) is None
        assert worked() == 3
        assert [valued(id, officer) for id in (first, nameless, binned)] == [6, None, 4]
        line = registries.history(registry=KEY, id=first, actor=officer)[0]
    assert (line.act, line.who, line.origin) == ("recomputed", "Sổ dữ liệu", "design")
    assert line.reason == "Tính lại ô “Số chữ của tên” theo phiên bản 2 của sổ."
    assert line.origin_id == str(sets.current().keys[KEY])
    assert (line.records, line.fixed) == (2, True)
    assert [(one.path, one.before, one.after) for one in line.differences] == [("letters", "", "6")]
    # A record for which the formula gives nothing new has no version more.
    assert (seen(nameless, officer).revision, acts(nameless, officer)) == (1, ["added"])
    assert seen(first, officer).revision == 2
    assert Change.objects.filter(act="recomputed").count() == 1
    assert worked() == 0


def test_an_official_who_asks_how_it_was_before_sees_the_field_empty(
    officer: Actor, vessel: Registry
) -> None:
    first = entered(officer, 1)
    with clock.at(LATER):
        published(vessel, letters=letters())
        worked()
        before = LATER - timedelta(days=1)
        past = registries.record(registry=KEY, id=first, actor=officer, as_of=before)
        assert (past.values["letters"], past.revision) == (None, 1)
        assert valued(first, officer) == 6


def test_an_official_changes_a_formula_and_what_is_computed_from_it_follows(
    officer: Actor, vessel: Registry
) -> None:
    twice = {**letters("letters * 2"), "title": "Gấp đôi"}
    other = {**letters("size(number)"), "title": "Số chữ của số"}
    published(vessel, letters=letters(), twice=twice, other=other)
    worked()
    first = entered(officer, 1)
    assert [valued(first, officer, path) for path in ("letters", "twice", "other")] == [6, 12, 11]
    published(vessel, letters=letters("size(name) + 1"), twice=twice, other=other)
    assert worked() == 1
    assert [valued(first, officer, path) for path in ("letters", "twice", "other")] == [7, 14, 11]
    assert told(officer).titles == ("Số chữ của tên", "Gấp đôi")
    line = registries.history(registry=KEY, id=first, actor=officer)[0]
    assert {one.path for one in line.differences} == {"letters", "twice"}


def test_an_official_publishes_what_no_formula_hangs_on_and_no_record_is_looked_at(
    officer: Actor, vessel: Registry
) -> None:
    published(vessel, letters=letters())
    worked()
    first = entered(officer, 1)
    published(vessel, letters={**letters(), "title": "Tên dài"}, note={"title": "Ghi chú"})
    assert worked() == 0
    assert (acts(first, officer), registries.recomputed(registry=KEY, actor=officer)) == (
        ["added"],
        None,
    )


def test_an_official_publishes_a_formula_in_the_rows_of_a_group(
    officer: Actor, vessel: Registry
) -> None:
    crew = [{"full_name": "Vo Van A", "job": "Máy trưởng"}, {"full_name": "Ho Be", "job": "Bếp"}]
    manned, empty = entered(officer, 1, crew=crew), entered(officer, 2)
    declared = vessel.dump()
    declared["groups"]["crew"]["fields"]["long"] = letters("size(item.full_name)")
    declared["fields"]["named"] = letters("crew.map(c, c.long).filter(s, s > 6).size()")
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)
    worked()
    rows = seen(manned, officer).groups["crew"]
    assert [[one.value for one in row if one.path.endswith(".long")] for row in rows] == [[8], [5]]
    assert [valued(id, officer, "named") for id in (manned, empty)] == [1, 0]
    assert acts(manned, officer) == ["recomputed", "added"]


def test_an_official_sees_how_many_records_are_left_and_which_a_formula_fails(
    officer: Actor, vessel: Registry, commune: Actor
) -> None:
    published(vessel, letters=letters())
    ids = [entered(officer, number, name="A" * number) for number in range(1, 6)]
    published(vessel, letters=letters("100 / (size(name) - 4)"))
    assert registries.recomputed(registry=KEY, actor=officer) is None
    assert registries.recompute_due(actor=WORKER, size=2) == 2
    half = told(officer)
    assert (half.version, half.records, half.seen, half.left) == (3, 5, 2, 3)
    assert (half.changed, half.failed, half.done_at) == (2, 0, None)
    assert registries.recomputed(registry=KEY, actor=commune) is None
    worked(size=2)
    done = told(officer)
    assert (done.seen, done.left, done.changed, done.failed) == (5, 0, 4, 1)
    assert done.done_at is not None
    ((id, name, why),) = done.failing
    assert (id, name) == (ids[3], "BĐ-00004-TS – Võ Thị Hạ Lam")
    assert why.startswith("Số chữ của tên chưa tính được.")
    # It keeps what it had, and has no version more.
    assert [valued(id, officer) for id in ids] == [-33, -50, -100, 4, 100]
    assert (seen(ids[3], officer).revision, acts(ids[3], officer)) == (1, ["added"])


def test_an_official_whose_value_the_database_refuses_keeps_what_stood_and_is_counted(
    officer: Actor, vessel: Registry
) -> None:
    same, other, alone = (entered(officer, n, name=name) for n, name in enumerate("aab", 1))
    unique = {"title": "Tên in", "type": "computed", "as": "text", "is": "name", "unique": "yes"}
    published(vessel, printed=unique)
    worked()
    assert [valued(id, officer, "printed") for id in (same, other, alone)] == ["a", None, "b"]
    found = told(officer)
    assert (found.changed, found.failed) == (2, 1)
    assert found.failing[0][0] == other
    assert found.failing[0][2].startswith("Giá trị tính được trùng với bản ghi khác")


def test_an_official_publishes_again_while_records_are_left_and_all_follow_the_last(
    officer: Actor, vessel: Registry
) -> None:
    ids = [entered(officer, number) for number in (1, 2)]
    published(vessel, letters=letters())
    assert registries.recompute_due(actor=WORKER, size=1) == 1
    twice = {**letters("size(name) * 2"), "title": "Gấp đôi"}
    published(vessel, letters=letters(), twice=twice)
    worked()
    assert [(valued(id, officer), valued(id, officer, "twice")) for id in ids] == [(6, 12)] * 2
    assert [acts(id, officer).count("recomputed") for id in ids] == [2, 1]
    assert told(officer).titles == ("Số chữ của tên", "Gấp đôi")


def test_a_clerk_who_opened_the_form_before_is_told_and_what_is_then_written_stays(
    officer: Actor, vessel: Registry
) -> None:
    first = entered(officer, 1)
    opened = seen(first, officer).revision
    published(vessel, letters=letters())
    worked()
    asked = {"registry": KEY, "id": first, "values": {"name": "Bien"}, "actor": officer}
    with pytest.raises(Conflict) as refused:
        registries.amend(**asked, revision=opened)  # type: ignore[arg-type]
    assert refused.value.code == "registries.changed_meanwhile"
    assert valued(first, officer, "name") == "Hai Au"
    registries.amend(**asked, revision=opened + 1)  # type: ignore[arg-type]
    assert worked() == 0
    assert (valued(first, officer), acts(first, officer)) == (4, ["changed", "recomputed", "added"])


def test_a_program_of_the_version_before_writes_and_the_formula_follows(
    officer: Actor, vessel: Registry
) -> None:
    first = entered(officer, 1)
    stale = sets.built(KEY)
    published(vessel, letters=letters())
    worked()
    registries.amend(
        registry=KEY, id=first, values={"name": "Bien"}, actor=officer, version=stale.version
    )
    assert valued(first, officer) == 6
    assert worked() == 1
    assert valued(first, officer) == 4
    # So does who began with the set before and commits late.
    row = stale.live.objects.get(pk=first)
    with changing(stale, actor=officer, act="changed") as change:
        renew(row, {"name": "Ho"}, change)
    assert worked() == 1
    assert valued(first, officer) == 2
    assert acts(first, officer)[:2] == ["recomputed", "changed"]


def test_a_clerk_undoes_what_was_entered_before_and_formulas_follow_what_comes_back(
    officer: Actor, vessel: Registry
) -> None:
    published(vessel, letters=letters())
    first, second = entered(officer, 1), entered(officer, 2)
    registries.amend(registry=KEY, id=first, values={"name": "Bien"}, actor=officer)
    changed, _ = registries.history(registry=KEY, id=first, actor=officer)
    (added,) = registries.history(registry=KEY, id=second, actor=officer)
    published(vessel, letters=letters("size(name) * 10"))
    worked()
    assert (valued(first, officer), valued(second, officer)) == (40, 60)
    made = registries.history(registry=KEY, id=first, actor=officer)[0]
    with pytest.raises(Conflict) as refused:
        registries.undo(registry=KEY, change_id=made.id, actor=officer)
    assert refused.value.code == "registries.recomputed_not_undone"
    assert valued(first, officer) == 40
    assert registries.undo(registry=KEY, change_id=changed.id, actor=officer).back == 1
    assert registries.undo(registry=KEY, change_id=added.id, actor=officer).back == 1
    worked()
    assert (valued(first, officer, "name"), valued(first, officer)) == ("Hai Au", 60)
    assert seen(second, officer).gone_at is not None
    # What was edited again since stays as refused as ever.
    third = entered(officer, 3)
    registries.amend(registry=KEY, id=third, values={"name": "Bien"}, actor=officer)
    earlier = registries.history(registry=KEY, id=third, actor=officer)[0]
    registries.amend(registry=KEY, id=third, values={"name": "Ho"}, actor=officer)
    published(vessel, letters=letters("size(name) * 100"))
    worked()
    with pytest.raises(Conflict) as since:
        registries.undo(registry=KEY, change_id=earlier.id, actor=officer)
    assert since.value.code == "registries.changed_since"
    assert valued(third, officer) == 200


def test_a_version_makes_otherwise_what_reads_a_field_of_another_type(vessel: Registry) -> None:
    def of(**fields: Mapping[str, object]) -> Registry:
        declared = vessel.dump()
        declared["fields"] |= fields
        return Registry.load(declared)

    long = {"title": "Dài", "type": "computed", "as": "yes_no", "is": "length > 20.0"}
    asked = {"title": "Chiều dài", "type": "decimal", "digits": "1"}
    assert computing.otherwise(of(long=long), of(long=long)) == frozenset()
    assert computing.otherwise(of(long=long), of(long=long, length=asked)) == {"record.long"}
    assert computing.otherwise(of(), of(long=long)) == {"record.long"}
    assert computing.otherwise(of(long=long), of()) == frozenset()
    hidden = {**long, "when": "gear == 'keo'"}
    assert computing.otherwise(of(long=long), of(long=hidden)) == {"record.long"}
