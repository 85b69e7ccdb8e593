"""A record that was told before is told again only to a reader of the same rights, and as it is."""

from datetime import timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordPage
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import one_moment
from cuaso.kernel.subjects import Subject

KEY = "harbour/member"
# The personal number of somebody whom the directory knows.
KNOWN = "052190000101"
OWNER = "so-nong-nghiep-va-moi-truong-gia-lai"
MEMBER = {
    "title": "Thành viên",
    "owner": OWNER,
    "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "from": "2019-01-01", "unverified": True}],
    "key": ["number"],
    "fields": {
        "number": {"title": "Số", "type": "code", "pattern": r"T\d{2}", "pattern_say": "T01."},
        "phone": {"title": "Điện thoại", "type": "phone"},
    },
    "lists": {"default": {"columns": ["number"], "sort": ["number"]}},
    "masks": {"phone": {"show": "last_4", "roles": ["leader"]}},
}


@pytest.fixture
def member(harbour: Pack) -> Registry:
    declared = Registry.load(MEMBER)
    registries.install("harbour", {**harbour.registries, "member": declared}, actor=INSTALLER)
    return declared


def _opened(id: object, actor: Actor, key: str = KEY, language: str = "vi") -> RecordPage:
    with one_moment():
        return registries.record_page(registry=key, id=id, actor=actor, language=language)  # type: ignore[arg-type] # an id


def test_opening_an_unchanged_record_again_gives_what_was_kept(member: Registry) -> None:
    leader = official(OWNER, "handler", "leader")
    made = registries.add(
        registry=KEY, values={"number": "T01", "phone": "0905123456"}, actor=leader
    )
    first = _opened(made.id, leader)
    assert _opened(made.id, leader).record is first.record
    assert first.record.text("phone") == "0905123456"


def test_opening_a_record_after_who_reads_it_in_full_shows_the_next_its_mask(
    member: Registry,
) -> None:
    leader, handler = official(OWNER, "handler", "leader"), official(OWNER, "handler")
    made = registries.add(
        registry=KEY, values={"number": "T01", "phone": "0905123456"}, actor=leader
    )
    registries.amend(registry=KEY, id=made.id, values={"phone": "0905123457"}, actor=leader)
    for _again in range(2):
        whole, part = _opened(made.id, leader), _opened(made.id, handler)
        assert (whole.record.text("phone"), part.record.text("phone")) == (
            "0905123457",
            "•••3457",
        )
        assert (whole.record.value("phone"), part.record.value("phone")) == ("0905123457", None)
        assert [
            (one.before, one.after) for page in (whole, part) for one in page.history[0].differences
        ] == [("0905123456", "0905123457"), ("•••3456", "•••3457")]


def test_changing_a_record_changes_its_page_at_once(vessel: Registry, department: Actor) -> None:
    key = "harbour/vessel"
    made = registries.add(registry=key, values=VESSEL, actor=department)
    before = _opened(made.id, department, key)
    assert (before.record.text("name"), len(before.history)) == ("Hải Âu", 1)
    registries.amend(registry=key, id=made.id, values={"name": "Hải Yến"}, actor=department)
    after = _opened(made.id, department, key)
    assert (after.record.text("name"), after.record.revision) == ("Hải Yến", 2)
    assert [one.act for one in after.history] == ["changed", "added"]
    undone = after.history[0].id
    registries.undo(registry=key, change_id=undone, actor=department)
    back = _opened(made.id, department, key)
    assert (back.record.text("name"), len(back.history)) == ("Hải Âu", 3)
    assert [one.undone for one in back.history] == [False, True, False]


def test_opening_a_kept_record_writes_each_look_down(vessel: Registry, department: Actor) -> None:
    owner = {**VESSEL["owner"], "personal_number": KNOWN}  # type: ignore[dict-item] # answers of a form
    values = {**VESSEL, "owner": owner}
    made = registries.add(registry="harbour/vessel", values=values, actor=department)
    person = directory.find_person(KNOWN)
    assert person is not None
    for _again in range(3):
        _opened(made.id, department, "harbour/vessel")
    looks = audit.looks_at(person.id, subject=Subject(kind="registries.record", id=made.id))
    assert [(one.person_id, one.task) for one in looks] == [(person.id, vessel.title)] * 3


def test_opening_a_record_writes_the_look_down_for_who_owns_it_now(
    vessel: Registry, department: Actor
) -> None:
    numbers = {"052190000101": [1, 1, 1], "052086000102": [0, 1, 1]}
    owners = [{**VESSEL["owner"], "personal_number": one} for one in (*numbers, "052192000001")]  # type: ignore[dict-item] # answers of a form
    made = registries.add(
        registry="harbour/vessel", values={**VESSEL, "owner": owners[0]}, actor=department
    )
    people = [directory.find_person(one) for one in numbers]
    looks = []
    for owner in owners:
        registries.amend(
            registry="harbour/vessel", id=made.id, values={"owner": owner}, actor=department
        )
        _opened(made.id, department, "harbour/vessel")
        looks.append([len(audit.looks_at(one.id)) for one in people if one])
    assert looks == [list(counted) for counted in zip(*numbers.values(), strict=True)]


def test_opening_the_form_or_the_history_of_a_record_writes_each_look_down(
    vessel: Registry, department: Actor
) -> None:
    key = "harbour/vessel"
    owner = {**VESSEL["owner"], "personal_number": KNOWN}  # type: ignore[dict-item] # answers of a form
    made = registries.add(registry=key, values={**VESSEL, "owner": owner}, actor=department)
    person = directory.find_person(KNOWN)
    assert person is not None
    registries.form(registry=key, actor=department)
    assert audit.looks_at(person.id) == ()
    opened = registries.form(registry=key, id=made.id, actor=department)
    registries.history(registry=key, id=made.id, actor=department)
    assert len(audit.looks_at(person.id)) == 2
    registries.form(registry=key, id=made.id, texts=opened.texts, actor=department)
    looks = audit.looks_at(person.id, subject=Subject(kind="registries.record", id=made.id))
    assert [(one.actor_name, one.task) for one in looks] == [(department.name, vessel.title)] * 2


def test_a_record_that_one_agency_opened_is_not_there_for_another(member: Registry) -> None:
    leader = official(OWNER, "handler", "leader")
    made = registries.add(
        registry=KEY, values={"number": "T01", "phone": "0905123456"}, actor=leader
    )
    assert _opened(made.id, leader).record.name == "T01"
    stranger = official("so-y-te-gia-lai", "handler", "leader")
    with pytest.raises(NotFound) as refused:
        _opened(made.id, stranger)
    assert refused.value.code == "registries.no_record"


def test_a_page_of_a_past_day_shows_the_record_as_it_was(member: Registry) -> None:
    leader = official(OWNER, "handler", "leader")
    made = registries.add(
        registry=KEY, values={"number": "T01", "phone": "0905123456"}, actor=leader
    )
    with clock.at(MOMENT + timedelta(days=2)):
        registries.amend(registry=KEY, id=made.id, values={"phone": "0905123457"}, actor=leader)
        now = _opened(made.id, leader)
        with one_moment():
            then = registries.record_page(
                registry=KEY, id=made.id, actor=leader, as_of=MOMENT + timedelta(days=1)
            )
        assert (now.record.text("phone"), then.record.text("phone")) == ("0905123457", "0905123456")
        with pytest.raises(NotFound):
            registries.record_page(
                registry=KEY, id=made.id, actor=leader, as_of=MOMENT - timedelta(days=1)
            )
