"""What a list shows is what a single check allows: for any policy and any actor."""

import json
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import product
from uuid import UUID

import cedarpy
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuaso.foundation.access import api
from cuaso.foundation.access.contracts import (
    Circumstance,
    Grant,
    Policy,
    actor_has,
    all_of,
    always,
    any_of,
    equals,
    exists,
    filled,
    linked,
    negate,
    of_actor,
    one_of,
    within,
)
from cuaso.foundation.access.logic.cedar import cedar_actor, cedar_context, cedar_row, cedar_text
from cuaso.foundation.access.logic.open_door import facts
from cuaso.foundation.access.logic.register import check
from cuaso.foundation.access.logic.second_door import Guard
from cuaso.foundation.access.models import Door
from cuaso.foundation.access.tests.papers import TABLES, Folder, Mark, Note, Paper
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

IDS = [UUID(int=number) for number in range(1, 4)]
MAYBE = [None, *IDS[:2]]
PLACES = ["21550", "21553", "21556"]
WIDTH = 4  # the most notes, copies or marks that a paper has
CLASSES = ["open", "internal", "personal"]
DAYS = [None, date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 1)]


@pytest.fixture
def papers(db):
    """Every combination of the fields, notes and marks scattered over them."""
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    folders = [None, *(Folder.objects.create(agency_id=agency) for agency in MAYBE)]
    rows = Paper.objects.bulk_create(
        Paper(
            status=status,
            agency_id=agency,
            owner_id=owner,
            folder=folder,
            urgent=bool(n % 2),
            place_code=PLACES[n % 3],
            data_class=CLASSES[n % 4 % 3],
            from_date=DAYS[n % 3],
            until_date=DAYS[n % 5 % 4],
        )
        for n, (status, agency, owner, folder) in enumerate(
            product(["new", "done", None], MAYBE, IDS[:2], folders)
        )
    )
    for n, paper in enumerate(rows):
        Note.objects.bulk_create(Note(paper=paper, author_id=MAYBE[k]) for k in range(n % 4 % 3))
        paper.copies.set([folder for folder in folders[: n % 5] if folder])
        Mark.objects.bulk_create(Mark(paper_pk=paper.pk, agency_id=a) for a in MAYBE[: n % 3])
    return rows


SINGLE = st.sampled_from([of_actor(name) for name in ("person_id", "party_id", "agency_id")])
IDENTITY = SINGLE | st.sampled_from(IDS)
PLACE_SETS = st.just(of_actor("place_codes")) | st.frozensets(st.sampled_from(PLACES))
IDENTITIES = st.just(of_actor("agency_scope")) | st.frozensets(st.sampled_from(IDS))


def identity_at(*paths):
    path = st.sampled_from(paths)
    return (
        st.builds(equals, path, IDENTITY)
        | st.builds(one_of, path, IDENTITIES)
        | st.builds(filled, path)
    )


def combined(leaves):
    return st.recursive(
        leaves | st.builds(always),
        lambda part: (
            st.lists(part, max_size=3).map(lambda parts: all_of(*parts))
            | st.lists(part, max_size=3).map(lambda parts: any_of(*parts))
            | st.builds(negate, part)
        ),
        max_leaves=4,
    )


FOLDERS = combined(identity_at("agency_id"))
NOTES = combined(identity_at("author_id", "paper__owner_id", "paper__folder__agency_id"))
MARKS = combined(
    identity_at("agency_id")
    | st.builds(linked, st.just(Paper), theirs=st.just("pk"), mine=st.just("paper_pk"))
)
CONDITIONS = combined(
    identity_at("agency_id", "owner_id", "folder__agency_id")
    | st.builds(equals, st.just("status"), st.sampled_from(["new", "done", "other", None]))
    | st.builds(one_of, st.just("status"), st.frozensets(st.sampled_from(["new", "done", "x"])))
    | st.builds(equals, st.just("urgent"), st.booleans())
    | st.builds(filled, st.sampled_from(["folder", "status", "pk", "until_date"]))
    | st.builds(one_of, st.just("place_code"), PLACE_SETS)
    | st.builds(one_of, st.just("data_class"), st.frozensets(st.sampled_from(CLASSES)))
    | st.just(within("from_date", "until_date"))
    | st.builds(actor_has, st.just("agency_scope"), st.sampled_from(IDS))
    | st.builds(actor_has, st.just("agency_id"), st.sampled_from(IDS))
    | st.builds(actor_has, st.just("place_codes"), st.sampled_from(PLACES))
    | st.builds(equals, st.just("folder"), st.sampled_from([1, 2, "2", 99]))
    | st.builds(exists, st.just("notes"), NOTES)
    | st.builds(exists, st.just("copies"), FOLDERS)
    | st.builds(
        lambda where: linked(Mark, theirs="paper_pk", where=where),
        MARKS,
    )
)
CAPACITIES = st.sampled_from(["citizen", "official"])
ROLES = st.frozensets(st.sampled_from(["handler", "leader"]), max_size=1)


@st.composite
def grants(draw, prefix):
    names = iter(range(100))
    return draw(
        st.lists(
            st.builds(
                lambda **given: Grant(name=f"{prefix}{next(names)}", say="Vì.", **given),
                acts=st.sampled_from([frozenset({"view"}), frozenset({"*"}), frozenset({"sign"})]),
                capacities=st.frozensets(CAPACITIES, min_size=1),
                roles=ROLES,
                where=CONDITIONS,
                purposes=st.frozensets(st.sampled_from(["inspect", "statistics"]), max_size=1),
                since=st.sampled_from([None, None, *DAYS]),
                until=st.sampled_from([None, None, *DAYS]),
            ),
            max_size=3,
        ).map(tuple)
    )


POLICIES = st.builds(
    lambda given, denied: Policy(name="p", model=Paper, grants=given, denials=denied),
    grants("g"),
    grants("d"),
)
ACTORS = st.builds(
    Actor,
    kind=CAPACITIES,
    name=st.just("Ai đó"),
    person_id=st.sampled_from(MAYBE),
    for_id=st.sampled_from(MAYBE),
    agency_id=st.sampled_from(MAYBE),
    agency_scope=st.frozensets(st.sampled_from(IDS)),
    roles=ROLES,
    place_codes=st.frozensets(st.sampled_from(PLACES)),
)
CIRCUMSTANCES = st.builds(
    Circumstance,
    day=st.sampled_from([*DAYS[1:], date(2025, 12, 31)]),
    purpose=st.sampled_from(["", "inspect", "statistics"]),
)


def let_through(policy, actor, rows, asked):
    """Ask the question that lists prepare once, with every row beside each paper at hand."""
    allows = api.sieve(actor=actor, act="view", policy=policy, asked=asked)
    return [
        row.pk
        for row in rows
        if allows(row, {"notes": list(row.notes.all()), "copies": list(row.copies.all())})
    ]


@given(policy=POLICIES, actor=ACTORS, asked=CIRCUMSTANCES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=settings().max_examples // 4,
)
def test_kt_f4_a_list_shows_the_rows_that_a_check_and_cedar_and_the_second_door_allow(
    papers, door_role, policy, actor, asked
):
    check(policy)
    rows = Paper.objects.select_related("folder").prefetch_related("notes", "copies").order_by("pk")
    shown = list(
        api.visible(
            actor=actor, act="view", queryset=Paper.objects.all(), policy=policy, asked=asked
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    allowed = [
        row.pk
        for row in rows
        if api.decide(actor=actor, act="view", record=row, policy=policy, asked=asked).allowed
    ]
    assert shown == allowed
    assert let_through(policy, actor, list(rows), asked) == allowed
    assert allowed_by_cedar(policy, actor, list(rows), asked) == allowed
    assert seen_by_the_door(policy, actor, asked) == allowed


@pytest.fixture
def door_role(papers):
    """A reader of the second door, who may read papers and no other table."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # else the table is still in use
        cursor.execute("create role access_test_reader")
        cursor.execute("grant select on access_paper to access_test_reader")


def seen_by_the_door(policy, actor, asked):
    """Return the keys of the rows that a reader with the actor's door sees."""
    with clock.at(datetime.combine(asked.day, time(12), tzinfo=clock.VIETNAM)):
        told = facts(actor, purpose_code=asked.purpose)
    Door.objects.all().delete()
    Door.objects.create(
        hash=sha256(b"secret").hexdigest(),
        facts=told,
        opened_at=clock.now(),
        until_at=clock.now() + timedelta(hours=1),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in Guard(policy, role="access_test_reader").statements():
            cursor.execute(statement)
        cursor.execute("set role access_test_reader; set cuaso.door = 'secret'")
        try:
            cursor.execute("select id from access_paper order by id")
            return [row[0] for row in cursor.fetchall()]
        finally:
            cursor.execute("reset role; reset cuaso.door")


def allowed_by_cedar(policy, actor, rows, asked):
    """Return the keys of the rows that Cedar allows; no rule may fail in it."""
    requests = [
        {
            "principal": {"type": "Actor", "id": "it"},
            "action": {"type": "Action", "id": "view"},
            "resource": {"type": "Row", "id": str(row.pk)},
            "context": cedar_context(asked),
        }
        for row in rows
    ]
    entities = [cedar_actor(actor), *(cedar_row(row, policy) for row in rows)]
    answers = cedarpy.is_authorized_batch(
        requests, cedar_text(policy, width=WIDTH), json.dumps(entities)
    )
    assert [error for one in answers for error in one.diagnostics.errors] == []
    return [row.pk for row, one in zip(rows, answers, strict=True) if one.allowed]
