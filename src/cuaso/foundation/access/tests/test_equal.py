"""What a list shows is what a single check allows: for any policy and any actor."""

from itertools import product
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuaso.foundation.access import api
from cuaso.foundation.access.contracts import (
    Grant,
    Policy,
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
)
from cuaso.foundation.access.logic.register import check
from cuaso.foundation.access.tests.papers import TABLES, Folder, Mark, Note, Paper
from cuaso.kernel.actors import Actor

IDS = [UUID(int=number) for number in range(1, 4)]
MAYBE = [None, *IDS[:2]]


@pytest.fixture
def papers(db):
    """Every combination of the fields, notes and marks scattered over them."""
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    folders = [None, *(Folder.objects.create(agency_id=agency) for agency in MAYBE)]
    rows = Paper.objects.bulk_create(
        Paper(status=status, agency_id=agency, owner_id=owner, folder=folder, urgent=bool(n % 2))
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
    | st.builds(filled, st.sampled_from(["folder", "status", "pk"]))
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
)


@given(policy=POLICIES, actor=ACTORS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_list_shows_exactly_the_rows_that_a_check_allows(papers, policy, actor):
    check(policy)
    shown = list(
        api.visible(actor=actor, act="view", queryset=Paper.objects.all(), policy=policy)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = Paper.objects.select_related("folder").prefetch_related("notes", "copies").order_by("pk")
    allowed = [
        row.pk
        for row in rows
        if api.decide(actor=actor, act="view", record=row, policy=policy).allowed
    ]
    assert shown == allowed
