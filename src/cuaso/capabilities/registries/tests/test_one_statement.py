"""A record written in one statement: what the ledger holds of it, and what triggers are told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView
from cuaso.capabilities.registries.logic.changing import add
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.tests.conftest import INSTALLER, VESSEL
from cuaso.capabilities.registries.tests.test_notices import NOTICES
from cuaso.capabilities.registries.tests.test_sheets import KEY, count
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed

Write = Callable[[], RecordView]
OWNER = {
    "full_name": "Võ Thị Hạ Lam",
    "personal_number": "052192000001",
    "birth_date": "10/02/1992",
}
STANDING = """
select encode(sha256(convert_to(string_agg(md5(r::text), '' order by row_id), 'UTF8')), 'hex')
from r_harbour_vessel r where row_change = %s
"""


def enter(number: int, actor: Actor, **said: object) -> RecordView:
    values = {**VESSEL, "number": f"BĐ-{number:05}-TS", **said}
    return registries.add(registry=KEY, values=values, actor=actor)


def held_by_ledger(record: RecordView) -> tuple[object, int]:
    """Return the sum that the ledger holds of a record's last change, and of how many records."""
    with connection.cursor() as cursor:
        cursor.execute("select sealed from audit_entry where subject_id = %s", [record.change_id])
        ((sealed,),) = cursor.fetchall()
    content = json.loads(sealed)["content"]
    return content["sum"], content["records"]


def standing(record: RecordView) -> object:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [record.change_id])
        return cursor.fetchone()[0]


def test_a_clerk_adds_and_changes_a_record_and_the_ledger_holds_its_sum(commune: Actor) -> None:
    made = enter(1, commune)
    first = standing(made)
    assert held_by_ledger(made) == (first, 1)
    changed = registries.amend(registry=KEY, id=made.id, values={"length": "14,9"}, actor=commune)
    assert held_by_ledger(changed) == (standing(changed), 1)
    assert (held_by_ledger(made), standing(made)) == ((first, 1), None)
    with connection.cursor() as cursor:
        cursor.execute(
            "select row_revision, row_change, row_ended from h_harbour_vessel where row_id = %s",
            [made.id],
        )
        assert cursor.fetchall() == [(1, made.change_id, changed.change_id)]


def test_nobody_moves_a_row_under_a_change_that_has_ended(commune: Actor) -> None:
    made = enter(1, commune)
    registries.amend(registry=KEY, id=made.id, values={"length": "14,9"}, actor=commune)
    moving = "update r_harbour_vessel set length = 9 where row_id = %s"
    with (
        pytest.raises(DatabaseError, match="a change without an actor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(moving, [made.id])
    seen = registries.record(registry=KEY, id=made.id, actor=commune)
    assert (seen.value("length"), seen.revision) == ("14.9", 2)


def test_a_clerk_who_may_not_or_writes_a_known_key_changes_nothing(
    commune: Actor, other_commune: Actor
) -> None:
    made = enter(1, commune)
    with pytest.raises(Conflict) as known, transaction.atomic():
        enter(1, commune)
    assert known.value.code == "registries.key_exists"
    with pytest.raises(NotAllowed), transaction.atomic():
        enter(2, other_commune)
    entries = count("audit_entry where act = 'registries.changed'")
    assert (count("r_harbour_vessel"), count("registries_change"), entries) == (1, 1, 1)
    assert registries.record(registry=KEY, id=made.id, actor=commune).revision == 1


def test_a_clerk_writes_while_a_column_goes_and_is_told_to_load_again(commune: Actor) -> None:
    known = sets.built(KEY)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("alter table r_harbour_vessel rename column vms to gone")
        with pytest.raises(Conflict) as late, transaction.atomic():
            enter(1, commune)
        assert sets.built(KEY) is known
        transaction.set_rollback(True)
    assert late.value.code == "registries.reshaped_meanwhile"
    assert (count("r_harbour_vessel"), count("registries_change")) == (0, 0)


@contextmanager
def in_no_transaction() -> Iterator[None]:
    """Let acts find the connection as a request does: in no transaction of anybody's."""
    with transaction.atomic():
        connection.in_atomic_block = False
        try:
            yield
        finally:
            connection.in_atomic_block = True


def sent(write: Callable[[], object]) -> list[str]:
    """Return the beginnings of the statements that write."""
    with CaptureQueriesContext(connection) as asked:
        write()
    every = [one["sql"].split()[0].upper() for one in asked]
    return [one for one in every if one != "SELECT"]


def test_a_program_adds_a_record_by_one_statement_without_a_transaction(commune: Actor) -> None:
    enter(1, commune)
    with in_no_transaction():
        assert sent(lambda: enter(2, commune)) == ["WITH"]
    made = registries.record(registry=KEY, id=enter(3, commune).id, actor=commune)
    assert held_by_ledger(made) == (standing(made), 1)
    assert told(made) == ["registries.changed"]
    audit.sequence()
    assert audit.verify().faults == ()


def test_a_program_adds_alone_a_known_key_and_changes_nothing(commune: Actor) -> None:
    enter(1, commune)
    kept = ("r_harbour_vessel", "registries_change", "audit_entry", "audit_event")
    before = [count(one) for one in kept]
    with pytest.raises(Conflict) as known, in_no_transaction():
        enter(1, commune)
    assert known.value.code == "registries.key_exists"
    assert [count(one) for one in kept] == before


def test_a_program_adds_alone_while_a_column_is_turned_and_nothing_is_written(
    commune: Actor,
) -> None:
    enter(1, commune)
    with connection.cursor() as cursor:
        cursor.execute(
            "update registries_registry set reshaped = reshaped + 1 where key = %s", [KEY]
        )
    kept = ("r_harbour_vessel", "registries_change", "audit_entry", "audit_event")
    before = [count(one) for one in kept]
    with pytest.raises(Conflict) as late, in_no_transaction():
        enter(2, commune)
    assert late.value.code == "registries.reshaped_meanwhile"
    assert [count(one) for one in kept] == before


def test_a_record_that_may_be_refused_once_it_is_written_keeps_its_transaction(
    vessel: Registry,
) -> None:
    assert add.is_alone(sets.built(KEY))
    declared = {**vessel.dump(), "notices": {"fleet": NOTICES["fleet"]}}
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)
    assert not add.is_alone(sets.built(KEY))


@pytest.fixture
def refusing(vessel: Registry) -> None:
    declared = {**vessel.dump(), "notices": {"fleet": NOTICES["fleet"]}}
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)


def several(first: int, many: int, **said: object) -> list[dict[str, object]]:
    return [{**VESSEL, "number": f"BĐ-{first + at:05}-TS", **said} for at in range(many)]


def test_a_program_adds_many_and_each_that_is_refused_is_told_beside_those_kept(
    refusing: None, commune: Actor
) -> None:
    done = registries.add_many(registry=KEY, records=several(1, 4), actor=commune)
    assert [one.outcome for one in done.lines] == ["added", "added", "refused", "refused"]
    assert [one.problems[0].say for one in done.lines[2:]] == ["Chủ tàu đã có hai tàu khác."] * 2
    assert (done.added, count("r_harbour_vessel"), count("registries_change")) == (2, 2, 1)
    other = {"owner": {**OWNER, "personal_number": "052192000002"}}
    again = registries.add_many(registry=KEY, records=several(2, 2, **other), actor=commune)
    assert [(one.outcome, one.code) for one in again.lines] == [
        ("refused", "registries.key_exists"),
        ("added", ""),
    ]
    assert (count("r_harbour_vessel"), count("registries_change")) == (3, 2)


def test_an_officer_changes_many_at_once_and_undoes_it(refusing: None, department: Actor) -> None:
    numbers = ("052192000001", "052192000002", "052192000003")
    owners = [{**OWNER, "personal_number": one} for one in numbers]
    made = [enter(at + 1, department, owner=one) for at, one in enumerate(owners)]
    ids = [one.id for one in made]
    done = registries.amend_many(
        registry=KEY, ids=ids, given={"length": "14,9"}, actor=department, reason="Đo lại"
    )
    assert [one.outcome for one in done.lines] == ["changed"] * 3
    seen = [registries.record(registry=KEY, id=id, actor=department) for id in ids]
    assert [(one.value("length"), one.revision) for one in seen] == [("14.9", 2)] * 3
    assert {one.change_id for one in seen} == {done.change_id}
    assert done.change_id is not None
    refused = registries.amend_many(
        registry=KEY,
        ids=ids,
        given={"owner": {"personal_number": "052192000009"}},
        actor=department,
        reason="Gộp chủ",
    )
    assert [one.outcome for one in refused.lines] == ["changed", "changed", "refused"]
    assert refused.lines[2].say == "Chủ tàu đã có hai tàu khác."
    assert refused.change_id is not None
    changes_ = count("registries_change")
    none = registries.amend_many(
        registry=KEY,
        ids=ids,
        given={"owner": {"personal_number": "052192000008"}},
        actor=department,
        reason="Gộp chủ",
        partly=False,
    )
    assert [one.outcome for one in none.lines] == ["held", "held", "refused"]
    assert (none.change_id, count("registries_change")) == (None, changes_)
    for change in (refused.change_id, done.change_id):
        registries.undo(registry=KEY, change_id=change, actor=department)
    back = [registries.record(registry=KEY, id=id, actor=department) for id in ids]
    assert [one.value("length") for one in back] == ["14.5"] * 3
    assert [one.value("owner.personal_number") for one in back] == list(numbers)


def test_an_officer_changes_many_of_which_each_is_refused_and_no_change_is_kept(
    refusing: None, department: Actor
) -> None:
    numbers = ("052192000001", "052192000001", "052192000002", "052192000002")
    owners = [{**OWNER, "personal_number": one} for one in numbers]
    ids = [enter(at + 1, department, owner=one).id for at, one in enumerate(owners)]
    kept = ("registries_change", "audit_entry", "audit_event", "h_harbour_vessel")
    before = [count(one) for one in kept]
    refused = registries.amend_many(
        registry=KEY,
        ids=ids[2:],
        given={"owner": {"personal_number": "052192000001"}},
        actor=department,
        reason="Gộp chủ",
    )
    told = [(one.outcome, one.say) for one in refused.lines]
    assert told == [("refused", "Chủ tàu đã có hai tàu khác.")] * 2
    assert (refused.change_id, [count(one) for one in kept]) == (None, before)
    seen = [registries.record(registry=KEY, id=id, actor=department) for id in ids]
    assert [(one.value("owner.personal_number"), one.revision) for one in seen] == [
        (number, 1) for number in numbers
    ]


def told(record: RecordView) -> list[str]:
    """Return the topics of what a record's last change told, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select topic from audit_event where subject_id = %s order by position",
            [record.change_id],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def source(vessel: Registry) -> None:
    """Let the house take from what vessels are from their second version on."""
    national = {"national": {"fields": ["number", "name"]}}
    declared = {**vessel.dump(), "feeds": national}
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)


@pytest.fixture
def woken(django_capture_on_commit_callbacks: Any) -> Callable[[Write], tuple[RecordView, int]]:
    """Return who writes, and tells how often the deliverers were woken by it."""

    def written(write: Write) -> tuple[RecordView, int]:
        # What the fixtures wished to tell is not told by this write.
        connection.run_on_commit.clear()
        with (
            CaptureQueriesContext(connection) as asked,
            django_capture_on_commit_callbacks(execute=True),
        ):
            made = write()
        return made, sum(one["sql"].startswith("NOTIFY") for one in asked)

    return written


def test_a_clerk_writes_where_the_house_takes_nothing_and_nobody_is_woken(
    commune: Actor, woken: Callable[[Write], tuple[RecordView, int]]
) -> None:
    made, times = woken(lambda: enter(1, commune))
    assert (told(made), times) == (["registries.changed"], 0)


def test_a_clerk_writes_a_source_of_the_house_by_either_version_and_its_followers_hear(
    source: None, commune: Actor, woken: Callable[[Write], tuple[RecordView, int]]
) -> None:
    values = {**VESSEL, "number": "BĐ-00002-TS"}
    older, times = woken(
        lambda: registries.add(registry=KEY, values=values, actor=commune, version=1)
    )
    assert times == 1
    for made in (enter(1, commune), older):
        assert told(made) == ["registries.changed", "registries.source_changed"]
