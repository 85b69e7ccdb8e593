"""What other systems see follows the directory, whichever way it changes."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from cuaso.capabilities.provisioning import api
from cuaso.capabilities.provisioning.contracts import (
    Compare,
    Every,
    Not,
    PersonWanted,
    Search,
    UnitWanted,
)
from cuaso.capabilities.provisioning.logic import render
from cuaso.capabilities.provisioning.models import Entry, System
from cuaso.capabilities.provisioning.tests import world
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


def found(system, *parts, kinds=("person",), **more):
    where = Every(of=parts) if parts else None
    return api.find(system=system, search=Search(kinds=kinds, where=where, **more))


def names(system, *parts, **more):
    return [one.name for one in found(system, *parts, **more).entries]


def compare(name, operator, value=None):
    return Compare(name=name, operator=operator, value=value)


def catch_up():
    while api.revise():
        pass


def test_a_post_that_begins_or_ends_on_a_day_is_seen_from_that_day_on(db):
    with clock.at(MONDAY):
        place = world.build()
        id = world.official("Trần Đình Đức", "duc.td")
        person = identity.accounts([id])[id].person_id
        post = directory.appoint(
            agency_id=place.other_id,
            person_id=person,
            title="Trưởng phòng",
            roles=["leader"],
            start=clock.today() + timedelta(days=1),
            actor=world.ADMIN,
        )
        catch_up()
        system = world.known()
        assert api.entry(system=system, kinds=("person",), id=id).posts == ()
    with clock.at(MONDAY + timedelta(days=1)):
        catch_up()
        shown = api.entry(system=system, kinds=("person",), id=id)
        assert (shown.title, shown.posts[0].agency) == ("Trưởng phòng", "Sở Y tế")
        directory.end_post(
            post_id=post.id,
            end=clock.today() + timedelta(days=1),
            actor=world.ADMIN,
            reason="thử",
        )
        catch_up()
        assert api.entry(system=system, kinds=("person",), id=id).title == "Trưởng phòng"
    with clock.at(MONDAY + timedelta(days=2)):
        catch_up()
        assert api.entry(system=system, kinds=("person",), id=id).posts == ()


def test_an_agency_that_is_renamed_is_told_with_everybody_in_it(db):
    place = world.build()
    id = world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    catch_up()
    before = Entry.objects.get(pk=id).revision
    row = world.agency_row("so-y-te", "H21.02", "Sở Y tế và Dân số", "department", "ubnd-tinh")
    directory.install_agencies([row])
    catch_up()
    after = Entry.objects.get(pk=id)
    assert after.facts["posts"][0]["agency"] == "Sở Y tế và Dân số"
    assert after.revision > before


def test_looking_again_changes_no_revision_when_nothing_has_changed(db):
    place = world.build()
    world.official("Trần Đình Đức", "duc.td", agency_id=place.other_id)
    catch_up()
    before = set(Entry.objects.values_list("id", "revision"))
    assert len({revision for _, revision in before}) == len(before) == 5
    api.look_again()
    catch_up()
    assert set(Entry.objects.values_list("id", "revision")) == before


def test_signing_in_and_a_citizens_new_address_note_nothing(db):
    world.build()
    id = world.official("Trần Đình Đức", "duc.td", password=world.PASSWORD)
    citizen = directory.ensure_person(name="Công Dân", email="a@b.vn")
    catch_up()
    identity.check_password(
        username="duc.td", password=world.PASSWORD, address="10.0.0.1", door="ldap"
    )
    account = identity.accounts([id])[id]
    identity.change_account(
        actor=world.ADMIN,
        account_id=id,
        username=account.username,
        name=account.display_name,
        email=account.email,
    )
    assert api.waiting() == 0
    directory.mend_person(person_id=citizen.id, facts={"phone": "0900000001"}, actor=world.ADMIN)
    catch_up()
    assert Entry.objects.filter(kind="person").count() == 1


def test_names_are_found_with_and_without_marks_and_pages_hold_still(db):
    place = world.build()
    for username, name in (
        ("a", "Võ Thị Hạ Lam"),
        ("b", "Võ Thị Hà"),
        ("c", "Trần Đình Đức"),
        ("d", "Nguyễn Đức"),
    ):
        world.official(name, username, agency_id=place.other_id)
    catch_up()
    system = world.known()
    by_name = {"sort_by": "display_name"}
    assert names(system, compare("display_name", "co", "duc"), **by_name) == ["d", "c"]
    assert names(system, compare("display_name", "co", "ĐỨC"), **by_name) == ["d", "c"]
    assert names(system, compare("display_name", "sw", "vo thi ha"), **by_name) == ["b", "a"]
    assert names(system, compare("display_name", "eq", "võ thị hà")) == ["b"]
    assert names(system, compare("display_name", "eq", "vo thi ha")) == []
    assert names(system, compare("user_name", "eq", "C")) == ["c"]
    assert names(system, Not(of=compare("title", "pr"))) == []
    group = compare("group", "eq", str(place.other_id))
    first = found(system, group, count=2, **by_name)
    assert ([one.name for one in first.entries], first.total) == (["d", "c"], 4)
    world.official("An Đầu", "e", agency_id=place.other_id)
    catch_up()
    second = found(system, group, count=2, after=first.last, **by_name)
    assert [one.name for one in second.entries] == ["b", "a"]
    assert not second.more_after
    back = found(system, group, count=2, before=second.first, **by_name)
    assert [one.name for one in back.entries] == ["d", "c"]
    assert back.more_before
    with pytest.raises(Invalid) as refusal:
        found(system, compare("password", "eq", "x"))
    assert refusal.value.code == "provisioning.unsearchable"


def test_a_system_of_one_agency_sees_and_keeps_only_its_own(db):
    place = world.build()
    own = world.official("Trong Sở", "trong", agency_id=place.department_id)
    other = world.official("Ngoài Sở", "ngoai", agency_id=place.other_id)
    catch_up()
    system = world.known(place.department_id)
    assert names(system) == ["trong"]
    assert names(system, kinds=("agency",)) == ["so-noi-vu"]
    wanted = PersonWanted(user_name="ngoai", full_name="Đổi Tên", active=False)
    with pytest.raises(NotFound):
        api.keep_person(system=system, id=other, wanted=wanted)
    assert identity.accounts([other])[other].active
    reader = world.known(place.department_id, may_write=False)
    with pytest.raises(NotAllowed):
        api.remove_person(system=reader, id=own)
    unit = api.open_unit(
        system=system, wanted=UnitWanted(name="Tổ một cửa", members=frozenset({own}))
    )
    assert unit.parent_id == place.department_id
    with pytest.raises(Invalid) as refusal:
        api.keep_unit(
            system=system,
            id=unit.id,
            wanted=UnitWanted(name="Tổ một cửa", members=frozenset({other})),
        )
    assert refusal.value.code == "provisioning.no_member"
    assert [post.unit for post in api.entry(system=system, kinds=("person",), id=own).posts] == [
        "",
        "Tổ một cửa",
    ]


def test_every_write_of_a_system_stands_in_the_ledger_under_its_name(db):
    world.build()
    system = world.known()
    made = api.open_person(
        system=system, wanted=PersonWanted(user_name="moi", full_name="Người Mới", title="Cố vấn")
    )
    unit = api.open_unit(system=system, wanted=UnitWanted(name="Tổ", members=frozenset({made.id})))
    api.keep_unit(system=system, id=unit.id, wanted=UnitWanted(name="Tổ"))
    api.remove_unit(system=system, id=unit.id)
    api.remove_person(system=system, id=made.id)
    entries = audit.history(Subject(kind="identity.account", id=made.id))
    assert [(one.act, one.actor_name) for one in entries] == [
        ("identity.account_opened", system.name),
        ("identity.account_closed", system.name),
        ("identity.account_retired", system.name),
    ]
    units = audit.history(Subject(kind="directory.unit", id=unit.id))
    assert [one.act for one in units] == ["directory.unit_founded", "directory.unit_closed"]
    again = api.open_person(
        system=system, wanted=PersonWanted(user_name="moi", full_name="Người Khác")
    )
    assert again.id != made.id


def test_a_registered_name_a_posts_title_and_an_agency_are_not_a_systems_to_change(db):
    place = world.build()
    id = world.official(
        "Trần Đình Đức", "duc.td", agency_id=place.other_id, personal_number="052196000778"
    )
    catch_up()
    system = world.known()
    for wanted, code in (
        (PersonWanted(user_name="duc.td", full_name="Tên Khác"), "directory.name_is_registered"),
        (
            PersonWanted(user_name="duc.td", full_name="Trần Đình Đức", title="Giám đốc"),
            "provisioning.title_is_a_post",
        ),
        (PersonWanted(user_name="x" * 200, full_name="Trần Đình Đức"), "provisioning.person"),
    ):
        with pytest.raises((Conflict, Invalid)) as refusal:
            api.keep_person(system=system, id=id, wanted=wanted)
        assert refusal.value.code == code
    with pytest.raises(NotAllowed):
        api.keep_unit(system=system, id=place.other_id, wanted=UnitWanted(name="Sở Khác"))
    assert directory.agency(place.other_id).name == "Sở Y tế"
    assert api.entry(system=system, kinds=("person",), id=id).full_name == "Trần Đình Đức"


def test_a_token_is_kept_as_a_hash_ends_on_its_day_and_can_be_renewed(db):
    world.build()
    with clock.at(MONDAY):
        _, token = api.open_system(
            name="Thử", agency_id=None, may_write=True, actor=world.ADMIN, life=timedelta(days=30)
        )
        assert token not in str(list(System.objects.values()))
        assert api.system_of_token(token) is not None
        newer = api.renew_token(name="Thử", actor=world.ADMIN)
        assert api.system_of_token(token) is None
        with pytest.raises(Conflict):
            api.open_system(name="Thử", agency_id=None, may_write=False, actor=world.ADMIN)
    with clock.at(MONDAY + timedelta(days=366)):
        assert api.system_of_token(newer) is None
    with clock.at(MONDAY):
        api.end_system(name="Thử", actor=world.ADMIN, reason="thử")
        assert api.system_of_token(newer) is None


@pytest.mark.django_db(transaction=True)
def test_a_system_that_writes_while_the_worker_looks_at_the_same_person_keeps_what_it_wrote():
    id = world.official("Trần Đình Đức", "duc.td")
    catch_up()
    system = world.known()
    person = identity.accounts([id])[id].person_id
    directory.mend_person(person_id=person, facts={"phone": "0901"}, actor=world.ADMIN)

    def look():
        try:
            api.revise()
        finally:
            connections.close_all()

    worker = threading.Thread(target=look)
    with transaction.atomic():
        written = api.keep_person(
            system=system,
            id=id,
            wanted=PersonWanted(user_name="duc.td", phones=({"value": "0902"},)),
        )
        worker.start()
        wait_for_a_lock()
    worker.join(20)
    entry = api.entry(system=system, kinds=("person",), id=id)
    assert (entry.phone, entry.version) == ("0902", written.version)


class _Slowly:
    """An act that one thread begins only when it is told to."""

    def __init__(self, act):
        self.holding, self.go = threading.Event(), threading.Event()
        self._act, self.thread = act, None

    def __call__(self, *given):
        if threading.current_thread() is self.thread:
            self.holding.set()
            self.go.wait(20)
        self._act(*given)


def beside(act, troubles):
    """Return a thread with a connection of its own, that notes what an act raises."""

    def run():
        try:
            act()
        except Exception as trouble:  # noqa: BLE001 asserted by who started it
            troubles.append(trouble)
        finally:
            connections.close_all()

    return threading.Thread(target=run)


@pytest.mark.django_db(transaction=True)
def test_a_system_that_keeps_a_group_and_the_worker_on_its_people_do_not_block_each_other(
    monkeypatch,
):
    place = world.build()
    id = world.official("Trần Đình Đức", "duc.td")
    unit = directory.found_unit(agency_id=place.department_id, name="Tổ Một", actor=world.ADMIN)
    catch_up()
    system, person = world.known(), identity.accounts([id])[id].person_id
    directory.appoint(
        agency_id=place.department_id,
        unit_id=unit.id,
        person_id=person,
        title="Tổ viên",
        roles=(),
        start=clock.today(),
        actor=world.ADMIN,
    )
    slow = _Slowly(render._touch_groups)
    troubles: list[Exception] = []
    wanted = UnitWanted(name="Tổ Một", members=frozenset({id}))
    worker = beside(api.revise, troubles)
    keeping = beside(lambda: api.keep_unit(system=system, id=unit.id, wanted=wanted), troubles)
    monkeypatch.setattr(render, "_touch_groups", slow)
    slow.thread = worker
    worker.start()
    assert slow.holding.wait(20)
    keeping.start()
    wait_for_a_lock("pg_blocking_pids(pid) <> '{}'")
    slow.go.set()
    worker.join(20)
    keeping.join(20)
    assert troubles == []
    held = directory.posts_held([person])[person]
    assert [(post.unit_id, post.title) for post in held] == [(unit.id, "Tổ viên")]


def wait_for_a_lock(waits="pg_backend_pid() = any(pg_blocking_pids(pid))"):
    """Return when another connection waits, for what this one holds unless told otherwise."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from pg_locks where not granted and {waits}")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
