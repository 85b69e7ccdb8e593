from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cuaso.foundation.access import api
from cuaso.foundation.access.contracts import (
    EVERY_ACT,
    EVERYBODY,
    Decision,
    Grant,
    Policy,
    all_of,
    always,
    equals,
    exists,
    linked,
    negate,
    of_actor,
    one_of,
)
from cuaso.foundation.access.logic import register as registry
from cuaso.foundation.access.tests.papers import TABLES, Folder, Mark, Note, Paper
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.subjects import Subject

OFFICE, OTHER, ME, YOU = (UUID(int=number) for number in range(1, 5))
OFFICER = Actor(
    kind="official",
    name="Lê Văn Cả",
    person_id=ME,
    agency_id=OFFICE,
    agency_scope=frozenset({OFFICE}),
    roles=frozenset({"handler"}),
)
INSPECTOR = Actor(kind="official", name="Thanh tra", person_id=ME, roles=frozenset({"auditor"}))
CITIZEN = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=YOU)
SUBJECT = Subject(kind="access.paper", id=UUID(int=8))

POLICY = Policy(
    name="papers",
    model=Paper,
    grants=(
        Grant(
            name="chủ hồ sơ",
            acts=frozenset({"view"}),
            capacities=frozenset({"citizen"}),
            where=equals("owner_id", of_actor("party_id")),
            say="Bạn là chủ hồ sơ này.",
            source="Điều 1",
        ),
        Grant(
            name="thanh tra",
            acts=frozenset({"view"}),
            capacities=frozenset({"official"}),
            roles=frozenset({"auditor"}),
            say="Bạn được giao kiểm tra.",
            logged=True,
        ),
        Grant(
            name="cơ quan thụ lý",
            acts=frozenset({"view", "approve"}),
            capacities=frozenset({"official"}),
            roles=frozenset({"handler", "leader"}),
            where=one_of("agency_id", of_actor("agency_scope")),
            say="Cơ quan bạn đang thụ lý hồ sơ này.",
            source="Điều 2",
        ),
    ),
    denials=(
        Grant(
            name="hồ sơ của chính mình",
            acts=frozenset({"approve"}),
            capacities=EVERYBODY,
            where=equals("owner_id", of_actor("person_id")),
            say="Không ai được giải quyết hồ sơ của chính mình.",
            source="Điều 3",
        ),
    ),
)


def paper(**given):
    return Paper(**{"agency_id": OFFICE, "owner_id": YOU, "status": "new", **given})


def decide(actor, act="view", **given):
    return api.decide(actor=actor, act=act, record=paper(**given), policy=POLICY)


def test_the_agency_that_handles_a_paper_may_approve_it():
    assert decide(OFFICER, "approve") == Decision(
        allowed=True,
        sentence="Cơ quan bạn đang thụ lý hồ sơ này.",
        grant="cơ quan thụ lý",
        source="Điều 2",
    )
    assert not decide(OFFICER, "approve", agency_id=OTHER).allowed
    assert not decide(OFFICER, "approve", agency_id=None).allowed


def test_nobody_acts_on_their_own_paper():
    assert decide(OFFICER, owner_id=ME).allowed
    assert decide(OFFICER, "approve", owner_id=ME) == Decision(
        allowed=False,
        sentence="Không ai được giải quyết hồ sơ của chính mình.",
        grant="hồ sơ của chính mình",
        source="Điều 3",
    )


def test_a_guest_without_a_name_owns_nothing():
    assert not decide(ANONYMOUS).allowed
    nobody = Actor(kind="citizen", name="?")
    assert not decide(nobody).allowed


def test_an_act_that_no_grant_names_is_refused():
    assert decide(OFFICER, "shred") == Decision(
        allowed=False,
        sentence="Không có quy định nào cho phép làm việc này với tư cách và vị trí hiện tại.",
    )


def test_looking_without_a_task_needs_a_purpose_only_when_nothing_else_lets_in():
    assert decide(INSPECTOR).needs_purpose
    both = Actor(
        kind="official",
        name="x",
        agency_scope=frozenset({OFFICE}),
        roles=frozenset({"auditor", "leader"}),
    )
    assert (decide(both).allowed, decide(both).needs_purpose) == (True, False)


def test_a_refusal_says_what_why_and_what_to_do():
    with pytest.raises(NotAllowed) as caught:
        api.require(actor=OFFICER, act="approve", record=paper(owner_id=ME), policy=POLICY)
    refusal = caught.value
    assert (refusal.code, refusal.status) == ("access.denied", 403)
    assert refusal.why == "Không ai được giải quyết hồ sơ của chính mình."
    assert refusal.data == {"act": "approve", "policy": "papers", "grant": "hồ sơ của chính mình"}


def test_why_tells_every_grant_and_cites_the_law():
    assert api.why(actor=OFFICER, act="view", record=paper(), policy=POLICY) == (
        "Được phép: Cơ quan bạn đang thụ lý hồ sơ này. Căn cứ: Điều 2.",
        (
            "Không áp dụng quyền “chủ hồ sơ”: đang dùng tư cách cán bộ, công chức. "
            "(Bạn là chủ hồ sơ này. Căn cứ: Điều 1.)"
        ),
        (
            "Không áp dụng quyền “thanh tra”: vị trí công tác hiện tại không có vai trò này. "
            "(Bạn được giao kiểm tra.)"
        ),
        "Cho phép theo “cơ quan thụ lý”: Cơ quan bạn đang thụ lý hồ sơ này. Căn cứ: Điều 2.",
    )
    assert api.why(actor=OFFICER, act="approve", record=paper(owner_id=ME), policy=POLICY) == (
        "Không được phép: Không ai được giải quyết hồ sơ của chính mình. Căn cứ: Điều 3.",
        (
            "Bị cấm theo “hồ sơ của chính mình”: Không ai được giải quyết hồ sơ của chính mình. "
            "Căn cứ: Điều 3."
        ),
        "Cho phép theo “cơ quan thụ lý”: Cơ quan bạn đang thụ lý hồ sơ này. Căn cứ: Điều 2.",
    )
    assert api.why(actor=INSPECTOR, act="view", record=paper(), policy=POLICY)[2] == (
        "Cho phép theo “thanh tra”: Bạn được giao kiểm tra. Mỗi lượt xem được ghi lại kèm mục đích."
    )
    assert api.why(actor=CITIZEN, act="view", record=paper(owner_id=ME), policy=POLICY)[1] == (
        "Không áp dụng quyền “chủ hồ sơ”: bản ghi này không thuộc trường hợp đó. "
        "(Bạn là chủ hồ sơ này. Căn cứ: Điều 1.)"
    )


def look(actor, purpose):
    return api.look(
        actor=actor,
        record=paper(),
        subject=SUBJECT,
        person_id=YOU,
        purpose=purpose,
        policy=POLICY,
        task="t1",
    )


@pytest.mark.django_db
def test_every_look_is_written_down_for_the_owner():
    assert look(INSPECTOR, "Kiểm tra theo kế hoạch").allowed
    [seen] = audit.looks_at(YOU)
    assert (seen.actor_name, seen.purpose, seen.task, seen.subject) == (
        "Thanh tra",
        "Kiểm tra theo kế hoạch",
        "t1",
        SUBJECT,
    )


@pytest.mark.django_db
def test_a_look_without_a_right_or_a_purpose_shows_and_writes_nothing():
    with pytest.raises(NotAllowed):
        look(ANONYMOUS, "Tò mò")
    with pytest.raises(Invalid):
        look(INSPECTOR, " ")
    assert audit.looks_at(YOU) == ()


@pytest.fixture
def tables(db):
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)


def sql(actor, policy=POLICY):
    rows = api.visible(actor=actor, act="view", queryset=Paper.objects.all(), policy=policy)
    return str(rows.query)


def granting(where):
    return Policy(
        name="x",
        model=Paper,
        grants=(Grant(name="g", acts=EVERY_ACT, capacities=EVERYBODY, where=where, say="Vì."),),
    )


def test_a_list_asks_for_relations_by_exists_and_for_scopes_by_one_array(tables):
    wide = Actor(kind="official", name="x", agency_scope=frozenset({OFFICE, OTHER}))
    found = sql(
        wide,
        granting(
            all_of(
                exists("notes", one_of("author_id", of_actor("agency_scope"))),
                linked(Mark, theirs="paper_pk"),
            )
        ),
    )
    assert found.count("EXISTS") == 2
    assert found.count("= ANY(") == 1
    assert "DISTINCT" not in found
    assert "JOIN" not in found


def test_a_row_with_many_notes_is_listed_once(tables):
    row = paper()
    row.save()
    for _ in range(3):
        Note.objects.create(paper=row, author_id=ME)
    policy = granting(exists("notes", equals("author_id", of_actor("person_id"))))
    rows = api.visible(actor=OFFICER, act="view", queryset=Paper.objects.all(), policy=policy)
    assert list(rows) == [row]


def test_who_may_nothing_causes_no_query(tables, django_assert_num_queries):
    with django_assert_num_queries(0):
        rows = api.visible(actor=ANONYMOUS, act="view", queryset=Paper.objects.all(), policy=POLICY)
        assert list(rows) == []


def test_a_list_of_another_model_is_refused():
    with pytest.raises(TypeError, match="papers does not decide for Note"):
        api.visible(actor=OFFICER, act="view", queryset=Note.objects.all(), policy=POLICY)


@pytest.fixture
def no_policies(monkeypatch):
    monkeypatch.setattr(registry, "_policies", {})


def test_a_second_policy_of_a_name_or_model_is_refused(no_policies):
    assert api.register(POLICY) is POLICY
    with pytest.raises(api.BadPolicy, match="papers already decides for Paper"):
        api.register(Policy(name="other", model=Paper, grants=()))
    with pytest.raises(api.BadPolicy, match="papers already decides for Paper"):
        api.register(Policy(name="papers", model=Folder, grants=()))
    assert api.policies() == (POLICY,)


@pytest.mark.parametrize(
    ("where", "say"),
    [
        (equals("colour", 1), "Paper has no field colour"),
        (equals("notes__author_id", 1), "Paper.notes is not a to-one step"),
        (equals("notes", 1), "Paper.notes holds no single value"),
        (equals("status__x", 1), "Paper.status is not a to-one step"),
        (exists("folder"), "Paper.folder is not a to-many relation"),
        (exists("notes", equals("x", 1)), "Note has no field x"),
        (negate(equals("owner_id", of_actor("agency_scope"))), "an actor's agency_scope does"),
        (one_of("owner_id", of_actor("person_id")), "an actor's person_id does not fit here"),
        (linked(Mark, theirs="x", where=always()), "Mark has no field x"),
    ],
)
def test_a_condition_that_leads_nowhere_is_refused_at_the_start(no_policies, where, say):
    with pytest.raises(api.BadPolicy, match=say):
        api.register(granting(where))
    assert api.policies() == ()


@pytest.mark.parametrize(
    ("change", "say"),
    [
        ({"acts": frozenset()}, "it names no act or nobody"),
        ({"capacities": frozenset()}, "it names no act or nobody"),
        ({"say": "vì thế"}, "say must be a full sentence"),
    ],
)
def test_an_empty_grant_is_refused_at_the_start(no_policies, change, say):
    whole: dict[str, Any] = {"name": "g", "acts": EVERY_ACT, "capacities": EVERYBODY, "say": "Vì."}
    grant = Grant(**{**whole, **change})
    with pytest.raises(api.BadPolicy, match=say):
        api.register(Policy(name="x", model=Paper, grants=(grant,)))
    twice = Grant(**whole)
    with pytest.raises(api.BadPolicy, match="the name is taken"):
        api.register(Policy(name="x", model=Paper, grants=(twice,), denials=(twice,)))


def test_rows_that_the_caller_has_read_are_not_asked_for_again(django_assert_num_queries, db):
    policy = Policy(
        name="papers with notes",
        model=Paper,
        grants=(
            Grant(
                name="người ghi chú",
                acts=frozenset({"view"}),
                capacities=frozenset({"official"}),
                where=exists("notes", equals("author_id", of_actor("person_id"))),
                say="Bạn đã ghi chú vào hồ sơ này.",
            ),
        ),
    )
    paper = Paper(id=1, owner_id=YOU)
    decide = partial(api.decide, actor=OFFICER, act="view", record=paper, policy=policy)
    with django_assert_num_queries(0):
        mine = decide(beside={"notes": [Note(author_id=YOU), Note(author_id=ME)]})
        nobodys = decide(beside={"notes": []})
    assert (mine.allowed, mine.grant) == (True, "người ghi chú")
    assert nobodys.allowed is False
