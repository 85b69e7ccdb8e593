"""Roles that stand apart: no new post brings them together; what stood before is looked at."""

from datetime import timedelta

import pytest

from cuaso.foundation.access import api
from cuaso.foundation.access.models import PairCheck
from cuaso.foundation.access.tests.conftest import MORNING
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Kept
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

DAY = timedelta(days=1)
TESTER = system("Bài thử")
WHY = "Phường chỉ có một người đủ điều kiện."


@pytest.fixture
def handler(acting):
    return acting("handler")


@pytest.fixture
def apart(province):
    return api.declare_pair(
        one="handler", other="auditor", reason="Không tự kiểm tra việc của mình.",
        source="Quy chế phân quyền", actor=TESTER, unverified=True,
    )  # fmt: skip


def appoint(handler, *, roles=("auditor",), agency_id=None, start=None, person_id=None):
    return directory.appoint(
        agency_id=agency_id or handler.agency_id,
        person_id=person_id or handler.person_id,
        title="Thanh tra kiêm nhiệm",
        roles=roles,
        start=start or clock.today(),
        actor=TESTER,
    )


def held(person_id):
    """Return what somebody holds now and in a year."""
    today = clock.today()
    return [directory.posts_of(person_id, day) for day in (today, today + 365 * DAY)]


def refused(handler, **more):
    whose = more.get("person_id", handler.person_id)
    before = held(whose)
    with pytest.raises(Conflict) as told:
        appoint(handler, **more)
    assert told.value.code == "access.roles_apart"
    assert held(whose) == before
    return told.value.why


def test_kt_f4_no_permanent_post_brings_together_what_stands_apart(handler, apart):
    why = refused(handler)
    assert why == (
        "Người này đang giữ vai trò thẩm tra tại cơ quan đó. Không tự kiểm tra việc của mình. "
        "Căn cứ: Quy chế phân quyền."
    )
    above = directory.province().committee_id
    refused(handler, agency_id=above)
    refused(handler, start=clock.today() + 90 * DAY)
    elsewhere = directory.agency_by_key("so-noi-vu-gia-lai").id
    assert appoint(handler, agency_id=elsewhere).roles == {"auditor"}


def test_no_post_holds_two_roles_that_stand_apart(handler, apart):
    stranger = directory.ensure_person(name="Lê Văn Mới", personal_number="052199000077")
    why = refused(handler, roles=("handler", "auditor"), person_id=stranger.id)
    assert why.startswith("Chức danh này gộp cả vai trò")
    assert appoint(handler, roles=("handler",), person_id=stranger.id).roles == {"handler"}


def test_who_leaves_the_one_post_may_take_the_other_on_that_day(handler, apart):
    start = clock.today() + 5 * DAY
    place = Kept(agency_id=handler.agency_id, unit_id=None)
    words = {
        "person_id": handler.person_id, "place": place, "title": "Thanh tra", "roles": {"auditor"},
        "start": start, "actor": TESTER, "reason": "Quyết định điều động",
    }  # fmt: skip
    with pytest.raises(Conflict):
        directory.hold_post(**words)
    assert directory.post(handler.post_id).valid.end is None
    assert directory.hold_post(**words, known=handler.post_id).roles == {"auditor"}


@pytest.fixture
def conflict(handler, province, apart, settings):
    """Somebody who held both roles before anybody declared that they stand apart."""
    settings.CUASO_ROLE_KEEPER = ""
    appoint(handler)
    return handler


def test_kt_f4_who_held_both_before_keeps_them_and_is_listed_to_be_looked_at(conflict, acting):
    leader = acting("leader")
    (found,) = api.role_conflicts(actor=leader)
    assert (found.person_id, found.due, found.check_date) == (conflict.person_id, True, None)
    assert (found.pair.one, found.pair.other) == ("auditor", "handler")
    assert found.one_held_as.startswith("Thanh tra kiêm nhiệm, ")
    assert api.role_conflicts(actor=acting("reception")) == ()
    words = {"person_id": conflict.person_id, "one": "handler", "other": "auditor"}
    api.keep_conflict(**words, reason=WHY, actor=leader)
    (kept,) = api.role_conflicts(actor=leader)
    assert (kept.due, kept.check_reason, kept.checked_by) == (False, WHY, leader.name)
    row = PairCheck.objects.get()
    acts = [one.act for one in audit.history(Subject(kind="access.pair_check", id=row.id))]
    assert acts == ["access.conflict_kept"]
    with clock.at(MORNING + 30 * DAY):
        assert [one.due for one in api.role_conflicts(actor=leader)] == [True]
    assert {"handler", "auditor"} <= {
        role for post in directory.posts_of(conflict.person_id) for role in post.roles
    }


def test_a_conflict_is_kept_by_another_with_a_reason_and_only_where_it_is(conflict, acting):
    words = {"person_id": conflict.person_id, "one": "handler", "other": "auditor"}
    leader = acting("leader")
    for actor, more, wrong in (
        (conflict, {}, NotAllowed),
        (acting("reception"), {}, NotAllowed),
        (leader, {"reason": "vì"}, Invalid),
        (leader, {"other": "leader"}, NotFound),
    ):
        with pytest.raises(wrong):
            api.keep_conflict(**{**words, "reason": WHY, **more}, actor=actor)
    assert PairCheck.objects.count() == 0
