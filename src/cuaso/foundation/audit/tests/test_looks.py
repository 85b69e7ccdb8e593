"""Who looked at a person's data, alone or among many, is written down and told to that person."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from cuaso.foundation.audit import api
from cuaso.foundation.audit.logic.guards import LATER, truncate_guards
from cuaso.foundation.audit.models import Look, LookAtMany
from cuaso.foundation.audit.tests.test_record import DOSSIER, NOON, OFFICER, refused
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid
from cuaso.kernel.subjects import Subject


@pytest.mark.django_db
def test_the_owner_sees_every_look_newest_first():
    owner = UUID(int=5)
    for minute in range(3):
        with clock.at(NOON.replace(minute=minute)):
            api.log_look(
                actor=OFFICER, person_id=owner, subject=DOSSIER, purpose="Thụ lý", task="t1"
            )
    api.log_look(actor=OFFICER, person_id=UUID(int=6), subject=DOSSIER, purpose="Thụ lý")
    looks = api.looks_at(owner, limit=2)
    assert [look.at.minute for look in looks] == [2, 1]
    assert (looks[0].actor_name, looks[0].post_id, looks[0].purpose, looks[0].task) == (
        "Nguyễn Văn Ất",
        UUID(int=2),
        "Thụ lý",
        "t1",
    )
    assert [look.at.minute for look in api.looks_at(owner, before=looks[-1].at)] == [0]


def whose(number: str) -> str:
    """Return the SQL of the person's id: number 5 is person 5, number 9 is nobody's."""
    padded = f"lpad({number}, 32, '0')::uuid"
    return f"(case when {number} <> '9' then {padded} end)"


THINGS = [UUID(int=7), UUID(int=8), UUID(int=9)]
log_many = partial(
    api.log_looks, actor=OFFICER, kind="registries.record", whose=whose, purpose="Xem danh sách"
)


@pytest.mark.django_db
def test_looks_at_many_people_at_once_are_one_row_and_each_is_seen_by_its_owner(
    django_assert_num_queries,
):
    seen = [("5", THINGS[0]), ("6", THINGS[0]), ("5", THINGS[1]), ("9", THINGS[1])]
    with clock.at(NOON), django_assert_num_queries(1):
        log_many(seen=seen, purpose=" Xuất tệp ", task="Tàu cá")
    [row] = LookAtMany.objects.all()
    assert list(zip(row.people, row.subjects, strict=True)) == [
        (UUID(int=5), THINGS[0]),
        (UUID(int=6), THINGS[0]),
        (UUID(int=5), THINGS[1]),
    ]
    assert not Look.objects.exists()
    looks = api.looks_at(UUID(int=5))
    assert [(one.id, one.subject.kind, one.subject.id) for one in looks] == [
        (row.look_id, "registries.record", THINGS[1]),
        (row.look_id, "registries.record", THINGS[0]),
    ]
    [only] = api.looks_at(UUID(int=6))
    assert (only.at, only.purpose, only.task, only.trace, only.listed) == (
        NOON,
        "Xuất tệp",
        "Tàu cá",
        OFFICER.trace,
        False,
    )
    assert (only.actor_kind, only.actor_name, only.actor_person_id, only.post_id) == (
        OFFICER.kind,
        OFFICER.name,
        OFFICER.person_id,
        OFFICER.post_id,
    )
    assert (only.person_id, only.agency_id) == (UUID(int=6), OFFICER.agency_id)
    with django_assert_num_queries(0):
        log_many(seen=[])


@pytest.mark.django_db
def test_looking_at_nobody_whom_the_house_knows_writes_no_row():
    log_many(seen=[("9", THINGS[0])])
    log_many(actor=replace(OFFICER, person_id=UUID(int=5)), seen=[("5", THINGS[0])])
    assert not LookAtMany.objects.exists()


@pytest.mark.django_db
def test_looking_at_oneself_among_many_is_no_look():
    me = replace(OFFICER, person_id=UUID(int=5))
    log_many(actor=me, seen=[("5", THINGS[0]), ("6", THINGS[1])])
    assert [(one.people, one.subjects) for one in LookAtMany.objects.all()] == [
        ([UUID(int=6)], [THINGS[1]])
    ]


@pytest.mark.django_db
def test_looking_at_many_people_without_a_purpose_is_refused():
    with pytest.raises(Invalid, match="Chưa ghi mục đích xem"):
        log_many(seen=[("5", THINGS[0])], purpose=" ")
    assert not LookAtMany.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_to_change_who_was_seen_among_many():
    log_many(seen=[("5", THINGS[0])])
    refused("UPDATE audit_look_many SET people = array[]::uuid[]")
    refused("DELETE FROM audit_look_many")
    with connection.cursor() as cursor:
        cursor.execute(truncate_guards(LATER))
    refused("TRUNCATE audit_look_many")
    assert [one.people for one in LookAtMany.objects.all()] == [[UUID(int=5)]]


@pytest.mark.django_db
def test_paging_through_looks_goes_over_those_alone_and_those_among_many():
    """Twelve looks of both kinds, one a minute, the oldest long ago: each comes once, in order."""
    owner = UUID(int=5)
    expected: list[tuple[datetime, str, bool]] = []
    began = NOON - timedelta(days=900)
    for number in range(12):
        at = began + timedelta(days=80 * number, minutes=number)
        with clock.at(at):
            if number % 3:
                log_many(seen=[("6", THINGS[1]), ("5", THINGS[0])], listed=number % 2 == 0)
            else:
                api.log_look(actor=OFFICER, person_id=owner, subject=DOSSIER, purpose="Thụ lý")
        kind = "registries.record" if number % 3 else DOSSIER.kind
        expected.insert(0, (at, kind, bool(number % 3) and number % 2 == 0))
    paged, before = [], None
    with clock.at(NOON):
        while page := api.looks_at(owner, limit=5, before=before):
            paged += [(one.at, one.subject.kind, one.listed) for one in page]
            before = page[-1].at
        assert [len(api.looks_at(owner, limit=number)) for number in (1, 11, 12, 13)] == [
            *(1, 11, 12, 12)
        ]
    assert paged == expected


@pytest.mark.django_db
def test_looks_of_one_moment_come_in_one_order_and_no_more_than_asked():
    with clock.at(NOON):
        log_many(seen=[("5", one) for one in THINGS])
        api.log_look(actor=OFFICER, person_id=UUID(int=5), subject=DOSSIER, purpose="Thụ lý")
    every = api.looks_at(UUID(int=5))
    assert len(every) == 4
    assert [api.looks_at(UUID(int=5), limit=number) for number in (1, 2, 3)] == [
        *(every[:1], every[:2], every[:3])
    ]
    about = Subject(kind="registries.record", id=THINGS[1])
    assert [one.subject for one in api.looks_at(UUID(int=5), subject=about)] == [about]


@pytest.mark.django_db
def test_pages_of_lists_are_told_as_one_line_a_day_and_a_reader():
    other = replace(OFFICER, name="Trần Thị Bính", post_id=UUID(int=31))
    # The last of these is half past midnight of the next day in Vietnam.
    for at, actor in [
        (NOON, OFFICER),
        (NOON.replace(minute=9), OFFICER),
        (NOON.replace(minute=5), other),
        (NOON.replace(hour=17, minute=30), OFFICER),
    ]:
        with clock.at(at):
            seen = [("5", THINGS[0]), ("5", THINGS[1]), ("6", THINGS[2])]
            log_many(actor=actor, seen=seen, task="Tàu cá", listed=True)
    with clock.at(NOON.replace(minute=7)):
        log_many(seen=[("5", THINGS[0]), ("5", THINGS[1])], purpose="Xuất tệp", task="Tàu cá")
    with clock.at(NOON.replace(minute=6)):
        api.log_look(actor=OFFICER, person_id=UUID(int=5), subject=DOSSIER, purpose="Thụ lý")
    told = api.looks_told(UUID(int=5))
    assert [
        (one.look.at.hour, one.look.at.minute, one.look.actor_name, one.look.purpose, one.times)
        for one in told
    ] == [
        (17, 30, OFFICER.name, "Xem danh sách", 1),
        (NOON.hour, 9, OFFICER.name, "Xem danh sách", 2),
        (NOON.hour, 7, OFFICER.name, "Xuất tệp", 1),
        (NOON.hour, 7, OFFICER.name, "Xuất tệp", 1),
        (NOON.hour, 6, OFFICER.name, "Thụ lý", 1),
        (NOON.hour, 5, other.name, "Xem danh sách", 1),
    ]
    assert [one.look.listed for one in told] == [True, True, False, False, False, True]
    assert api.looks_told(UUID(int=5), limit=2) == told[:2]
    about = Subject(kind="registries.record", id=THINGS[2])
    assert api.looks_told(UUID(int=5), subject=about) == ()
    assert [one.times for one in api.looks_told(UUID(int=6), subject=about)] == [1, 2, 1]


@pytest.mark.django_db
def test_looking_without_a_purpose_is_refused():
    with pytest.raises(Invalid, match="Chưa ghi mục đích xem"):
        api.log_look(actor=OFFICER, person_id=UUID(int=5), subject=DOSSIER, purpose=" ")
    assert not Look.objects.exists()
