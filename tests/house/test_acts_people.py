"""KT-d5: delegate a step, stand in for the absent, the leader's reassignment row by row."""

from datetime import date

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import Deputy
from cuaso.services.procedures.models import Result, Work
from tests.support.dossiers import bring_to_signature, rows_of, see, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

TODAY, FRIDAY, MONDAY = date(2026, 10, 7), date(2026, 10, 9), date(2026, 10, 12)
REASON = "Cán bộ đang giữ việc đi công tác dài ngày."


@pytest.fixture
def colleagues(official):
    """Return a function: the two officials of Quy Nhơn who hold a role."""

    def two(role):
        first = official(role)
        agency = first.agency_id
        posts = [holder.post.id for holder in directory.holders(agency, role)]
        others = [directory.actor_for_post(post_id) for post_id in posts]
        return first, next(one for one in others if one.person_id != first.person_id)

    return two


@pytest.fixture
def at_leader(mother, official):
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    return id


def last(id):
    history = audit.history(Subject(kind="procedures.dossier", id=id))
    return [entry for entry in history if entry.act.startswith("procedures.")][-1]


def rows(actor):
    return [row.id for row in procedures.queue(actor=actor).rows]


def test_KT_d5_the_holder_of_a_step_delegates_it_and_stays_on_record(mother, colleagues):
    here, there = colleagues("reception")
    id = submit_marital(mother).dossier_id
    procedures.claim(id=id, actor=here)
    view = procedures.delegate(id=id, post_id=there.post_id, note="Tôi đi họp.", actor=here)
    (work,) = [one for one in view.works if one.done_at is None]
    assert (work.holder_name, work.delegated_by_name) == (there.name, here.name)
    assert (rows(here), rows(there)) == ([], [id])
    with pytest.raises(NotAllowed):
        procedures.receive(id=id, actor=here)
    procedures.receive(id=id, actor=there)
    line = next(one for one in see(id, there).log if one.say == "uỷ quyền xử lý việc")
    assert line.detail.endswith("Tôi đi họp.")


def test_only_the_holder_delegates_and_only_to_who_has_the_role(mother, colleagues, official):
    here, there = colleagues("reception")
    id = submit_marital(mother).dossier_id
    before = rows_of(id)
    with pytest.raises(Conflict) as refusal:
        procedures.delegate(id=id, post_id=there.post_id, note="", actor=here)
    assert refusal.value.code == "procedures.step_not_held"
    assert rows_of(id) == before
    procedures.claim(id=id, actor=here)
    before = rows_of(id)
    with pytest.raises(Invalid):
        procedures.delegate(id=id, post_id=official("clerk").post_id, note="", actor=here)
    assert rows_of(id) == before


def test_KT_d5_a_deputy_sees_and_does_what_the_absent_leader_holds_in_those_days_only(
    at_leader, colleagues, official
):
    chair, vice = colleagues("leader")
    procedures.claim(id=at_leader, actor=chair)
    assert rows(vice) == []
    with pytest.raises(NotAllowed):
        procedures.approve(id=at_leader, actor=vice)
    set_view = procedures.set_deputy(
        post_id=chair.post_id,
        deputy_post_id=vice.post_id,
        since=TODAY,
        until=FRIDAY,
        reason="Đi công tác",
        actor=chair,
    )
    assert (set_view.absent_name, set_view.deputy_name) == (chair.name, vice.name)
    assert set_view.in_force is True
    assert rows(vice) == [at_leader]
    assert "approve" in {one.act for one in see(at_leader, vice).acts}
    with clock.at(clock.now().replace(day=12)):
        assert rows(vice) == []
        with pytest.raises(NotAllowed):
            procedures.approve(id=at_leader, actor=vice)
    procedures.approve(id=at_leader, actor=vice)
    told = f"{vice.name} (thay {chair.name})"
    assert last(at_leader).actor_name == told
    assert Work.objects.get(dossier=at_leader, element="approve").done_by == told
    # The paper is signed by who signed it, with that person's own key.
    result = Result.objects.get(dossier=at_leader)
    assert (result.signer, result.signer_post_id) == (vice.name, vice.post_id)


def test_who_acts_on_a_step_that_nobody_holds_stands_for_nobody(at_leader, colleagues):
    chair, vice = colleagues("leader")
    procedures.set_deputy(
        post_id=chair.post_id, deputy_post_id=vice.post_id, since=TODAY, until=FRIDAY, actor=chair
    )
    procedures.approve(id=at_leader, actor=vice)
    assert last(at_leader).actor_name == vice.name


def test_an_absence_that_is_ended_ends_at_once(at_leader, colleagues):
    chair, vice = colleagues("leader")
    procedures.claim(id=at_leader, actor=chair)
    view = procedures.set_deputy(
        post_id=chair.post_id, deputy_post_id=vice.post_id, since=TODAY, until=FRIDAY, actor=vice
    )
    assert [one.id for one in procedures.deputies(actor=chair)] == [view.id]
    procedures.end_deputy(id=view.id, actor=chair)
    assert procedures.deputies(actor=chair) == ()
    assert rows(vice) == []


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(FRIDAY, TODAY, "until"), (date(2026, 10, 1), date(2026, 10, 6), "until")],
)
def test_an_absence_needs_days_that_come(colleagues, since, until, field):
    chair, vice = colleagues("leader")
    with pytest.raises(Invalid) as refusal:
        procedures.set_deputy(
            post_id=chair.post_id,
            deputy_post_id=vice.post_id,
            since=since,
            until=until,
            actor=chair,
        )
    assert refusal.value.problems[0].field == field
    assert not Deputy.objects.exists()


def test_a_deputy_has_the_same_roles_and_is_set_once_by_who_may(colleagues, official):
    chair, vice = colleagues("leader")
    days = {"since": TODAY, "until": FRIDAY}
    with pytest.raises(Invalid):
        procedures.set_deputy(
            post_id=chair.post_id, deputy_post_id=official("clerk").post_id, actor=chair, **days
        )
    with pytest.raises(NotAllowed):
        procedures.set_deputy(
            post_id=chair.post_id,
            deputy_post_id=vice.post_id,
            actor=official("handler"),
            **days,
        )
    assert not Deputy.objects.exists()
    procedures.set_deputy(post_id=chair.post_id, deputy_post_id=vice.post_id, actor=chair, **days)
    with pytest.raises(Conflict):
        procedures.set_deputy(
            post_id=chair.post_id,
            deputy_post_id=vice.post_id,
            since=FRIDAY,
            until=MONDAY,
            actor=chair,
        )
    assert Deputy.objects.count() == 1
    assert [id for id, _ in procedures.possible_deputies(post_id=chair.post_id)] == [vice.post_id]


def test_KT_d5_a_leader_reassigns_many_and_each_row_has_its_own_answer(
    mother, colleagues, official
):
    _, there = colleagues("reception")
    leader = official("leader")
    waiting = [submit_marital(mother, key=f"k{n}").dossier_id for n in range(2)]
    onward = submit_marital(mother, key="k9").dossier_id
    procedures.receive(id=onward, actor=official("reception"))
    strange = new_id()
    told = procedures.reassign(
        ids=[waiting[0], onward, strange, waiting[1], waiting[0]],
        post_id=there.post_id,
        reason=REASON,
        actor=leader,
    )
    assert [(id, ok) for id, ok, _ in told] == [
        (waiting[0], True),
        (onward, False),
        (strange, False),
        (waiting[1], True),
    ]
    assert told[0][2] == f"Đã giao “Kiểm tra và tiếp nhận hồ sơ” cho {there.name}."
    assert "không có bước nào đang chờ vai trò" in told[1][2]
    assert "Không tìm thấy hồ sơ" in told[2][2]
    assert sorted(rows(there)) == sorted(waiting)
    assert last(waiting[0]).act == "procedures.reassigned"
    assert last(waiting[0]).reason == REASON
    assert last(onward).act == "procedures.received"


def test_only_a_leader_reassigns_and_only_within_the_agency(mother, official, colleagues):
    here, there = colleagues("reception")
    id = submit_marital(mother).dossier_id
    before = rows_of(id)
    asked = {"ids": [id], "post_id": there.post_id, "reason": REASON}
    for actor in (here, official("handler"), official("leader", "21592")):
        with pytest.raises(NotAllowed):
            procedures.reassign(actor=actor, **asked)
    with pytest.raises(Invalid):
        procedures.reassign(**{**asked, "reason": " "}, actor=official("leader"))
    assert rows_of(id) == before
    assert procedures.reassignable(actor=here) == ()
    posts = {post_id for post_id, _ in procedures.reassignable(actor=official("leader"))}
    assert {here.post_id, there.post_id, official("clerk").post_id} <= posts
