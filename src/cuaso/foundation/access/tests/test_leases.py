"""Rights for a time: asked for, granted by another, expired, looked at again, in an emergency."""

from datetime import timedelta

import pytest

from cuaso.foundation.access import api, jobs
from cuaso.foundation.access.models import Lease
from cuaso.foundation.access.tests.conftest import MORNING
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

DAY = timedelta(days=1)
REASON = "Giúp thẩm tra hồ sơ tồn trong tháng mười một."
ADMIN = system("Quản trị viên thử")


@pytest.fixture
def asked(acting, ward):
    clerk = acting("clerk")
    return api.ask_lease(
        role="handler",
        agency_id=ward.id,
        from_at=MORNING,
        until_at=MORNING + 60 * DAY,
        reason=REASON,
        basis="Công văn 12/UBND-VP",
        actor=clerk,
    )


def acts_on(lease):
    return [entry.act for entry in audit.history(Subject(kind="access.lease", id=lease.id))]


def test_kt_f4_a_right_is_asked_for_granted_by_another_and_ends_by_itself(asked, acting, ward):
    assert (asked.state, asked.in_force) == ("waiting", False)
    assert api.leases_to_decide(actor=acting("leader")) == (asked,)
    granted = api.decide_lease(
        id=asked.id, grant=True, reason="Đồng ý theo đề nghị.", actor=acting("leader")
    )
    assert (granted.state, granted.in_force, granted.decided_by) == (
        "granted",
        True,
        acting("leader").name,
    )
    actor = api.take_up(id=asked.id, actor=acting("clerk"))
    assert (actor.roles, actor.agency_id, actor.person_id) == (
        frozenset({"handler"}),
        ward.id,
        asked.person_id,
    )
    assert actor.name == f"{asked.person_name} (quyền có thời hạn: thẩm tra)"
    with clock.at(MORNING + 60 * DAY):
        assert api.held_lease(asked.id, asked.person_id) is None
        with pytest.raises(NotFound):
            api.take_up(id=asked.id, actor=acting("clerk"))
    assert acts_on(asked) == [
        "access.lease_asked",
        "access.lease_granted",
        "access.lease_taken_up",
    ]


def test_nobody_decides_on_their_own_right_and_no_stranger_does(asked, acting):
    own = acting("clerk")
    with pytest.raises(NotAllowed) as refused:
        api.decide_lease(id=asked.id, grant=True, reason="Tự cấp cho mình.", actor=own)
    assert refused.value.code == "access.lease_own"
    with pytest.raises(NotAllowed) as refused:
        api.decide_lease(
            id=asked.id, grant=True, reason="Không thuộc cơ quan.", actor=acting("reception")
        )
    assert refused.value.code == "access.lease_not_yours"
    assert Lease.objects.get(pk=asked.id).state == "waiting"
    assert acts_on(asked) == ["access.lease_asked"]


def test_a_right_is_decided_once(asked, acting):
    leader = acting("leader")
    api.decide_lease(id=asked.id, grant=False, reason="Chưa cần thiết lúc này.", actor=leader)
    with pytest.raises(Conflict) as refused:
        api.decide_lease(id=asked.id, grant=True, reason="Nghĩ lại rồi đồng ý.", actor=leader)
    assert refused.value.code == "access.lease_decided"
    assert api.leases_at(asked.person_id, clock.now()) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "king"}, "role"),
        ({"reason": "vì thế"}, "reason"),
        ({"until_at": MORNING}, "until"),
        ({"until_at": MORNING + 181 * DAY}, "until"),
    ],
)
def test_an_unfit_request_is_refused_and_leaves_nothing(acting, ward, change, field):
    fit = {
        "role": "handler",
        "agency_id": ward.id,
        "from_at": MORNING,
        "until_at": MORNING + DAY,
        "reason": REASON,
        "actor": acting("clerk"),
    }
    with pytest.raises(Invalid) as refused:
        api.ask_lease(**{**fit, **change})
    assert [one.field for one in refused.value.problems] == [field]
    assert Lease.objects.count() == 0


def test_a_citizen_asks_for_no_right(ward):
    citizen = Actor(kind="citizen", name="Trần Thị Bưởi")
    with pytest.raises(NotAllowed):
        api.break_glass(
            role="leader", agency_id=ward.id, lasts=DAY / 12, reason=REASON, actor=citizen
        )
    assert Lease.objects.count() == 0


def test_kt_f4_who_decides_on_dossiers_does_not_audit_them(acting, ward):
    api.declare_pair(
        one="handler",
        other="auditor",
        reason="Người thẩm tra không tự kiểm tra việc của mình.",
        source="Quy chế của tỉnh",
        actor=ADMIN,
    )
    with pytest.raises(Conflict) as refused:
        api.break_glass(
            role="auditor",
            agency_id=ward.id,
            lasts=timedelta(hours=1),
            reason=REASON,
            actor=acting("handler"),
        )
    assert refused.value.code == "access.roles_apart"
    assert refused.value.why == (
        "Người này đang giữ vai trò thẩm tra tại cơ quan đó. "
        "Người thẩm tra không tự kiểm tra việc của mình. Căn cứ: Quy chế của tỉnh."
    )
    assert Lease.objects.count() == 0
    free = api.break_glass(
        role="auditor",
        agency_id=ward.id,
        lasts=timedelta(hours=1),
        reason=REASON,
        actor=acting("clerk"),
    )
    with pytest.raises(Conflict):
        api.ask_lease(
            role="handler",
            agency_id=ward.id,
            from_at=MORNING,
            until_at=MORNING + DAY,
            reason=REASON,
            actor=acting("clerk"),
        )
    assert [one.id for one in api.my_leases(actor=acting("clerk"))] == [free.id]


def test_kt_f4_in_an_emergency_a_right_is_taken_at_once_and_others_are_told(acting, ward):
    clerk = acting("clerk")
    taken = api.break_glass(
        role="handler", agency_id=ward.id, lasts=timedelta(hours=2), reason=REASON, actor=clerk
    )
    assert (taken.in_force, taken.emergency, taken.due) == (True, True, True)
    assert api.leases_to_decide(actor=acting("leader")) == (taken,)
    assert acts_on(taken) == ["access.glass_broken"]
    kept = api.check_lease(
        id=taken.id,
        keep=True,
        reason="Đã kiểm tra, việc lấy quyền là đúng.",
        actor=acting("leader"),
    )
    assert (kept.checked_by, kept.due) == (acting("leader").name, False)
    with clock.at(MORNING + timedelta(hours=2)):
        assert api.held_lease(taken.id, clerk.person_id) is None
    with pytest.raises(Invalid):
        api.break_glass(
            role="handler", agency_id=ward.id, lasts=timedelta(hours=5), reason=REASON, actor=clerk
        )


@pytest.mark.parametrize("role", ["leader", "clerk", "admin"])
def test_kt_f4_nobody_takes_a_right_to_sign_to_seal_or_to_give_rights(acting, ward, role):
    with pytest.raises(Invalid) as refused:
        api.break_glass(
            role=role,
            agency_id=ward.id,
            lasts=timedelta(hours=1),
            reason=REASON,
            actor=acting("reception"),
        )
    assert [one.field for one in refused.value.problems] == ["role"]
    assert Lease.objects.count() == 0


def test_kt_f4_a_right_is_looked_at_again_every_thirty_days(asked, acting):
    api.decide_lease(id=asked.id, grant=True, reason="Đồng ý theo đề nghị.", actor=acting("leader"))
    with clock.at(MORNING + 30 * DAY):
        assert [one.due for one in api.leases_to_decide(actor=acting("leader"))] == [True]
        assert jobs.end_due() == 0
        api.check_lease(
            id=asked.id, keep=True, reason="Vẫn còn cần đến hết kỳ.", actor=acting("leader")
        )
    with clock.at(MORNING + 61 * DAY):
        assert jobs.end_due() == 1
        assert jobs.end_due() == 0
    row = Lease.objects.get(pk=asked.id)
    assert (row.state, row.end_reason, row.ended_at) == (
        "ended",
        "Hết thời hạn.",
        MORNING + 60 * DAY,
    )


def test_a_right_not_looked_at_in_time_is_ended_by_the_house(asked, acting):
    api.decide_lease(id=asked.id, grant=True, reason="Đồng ý theo đề nghị.", actor=acting("leader"))
    with clock.at(MORNING + 31 * DAY):
        assert jobs.end_due() == 1
        assert api.held_lease(asked.id, asked.person_id) is None
    assert Lease.objects.get(pk=asked.id).end_reason == "Không được rà soát lại đúng hạn."


def test_what_was_in_force_stays_known_after_its_end(asked, acting):
    api.decide_lease(id=asked.id, grant=True, reason="Đồng ý theo đề nghị.", actor=acting("leader"))
    with clock.at(MORNING + DAY):
        api.end_lease(id=asked.id, reason="Không cần quyền này nữa.", actor=acting("clerk"))
    with clock.at(MORNING + 2 * DAY):
        assert api.leases_at(asked.person_id, clock.now()) == ()
        assert [one.id for one in api.leases_at(asked.person_id, MORNING)] == [asked.id]
        roles = [one.actor.roles for one in api.stands_of(asked.person_id, MORNING)]
        assert frozenset({"handler"}) in roles
