"""Who may sign for whom: dated, refused when it lacks, provable later."""

from datetime import timedelta

import pytest

from cuaso.foundation.access import api
from cuaso.foundation.access.models import Mandate
from cuaso.foundation.access.tests.conftest import MORNING
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.kernel.subjects import Subject

DAY = timedelta(days=1)
BASIS = "Quyết định 15/QĐ-UBND ngày 20/11/2026"


@pytest.fixture
def head(acting):
    return acting("leader")


@pytest.fixture
def clerk(acting):
    return acting("clerk")


@pytest.fixture
def give(head, clerk, ward):
    def giving(**other):
        fit = {
            "form": "TUQ",
            "post_id": clerk.post_id,
            "principal_post_id": head.post_id,
            "agency_id": ward.id,
            "basis": BASIS,
            "from_at": MORNING,
            "until_at": MORNING + 10 * DAY,
            "actor": head,
        }
        return api.give_mandate(**{**fit, **other})

    return giving


def test_a_post_that_leads_signs_by_itself_and_another_does_not(head, clerk, ward):
    own = api.authority(post_id=head.post_id, agency_id=ward.id)
    title = directory.post(head.post_id).title
    assert own.holds
    assert own.sentence == f"Chức danh “{title}” ký theo thẩm quyền của mình."
    with pytest.raises(NotAllowed) as refused:
        api.require_authority(post_id=clerk.post_id, agency_id=ward.id)
    assert refused.value.code == "access.no_authority"


def test_kt_f4_a_signature_is_refused_at_the_minute_at_which_authority_lacks(give, clerk, ward):
    given = give(matters=["1.001193"])
    asking = {"post_id": clerk.post_id, "agency_id": ward.id, "matter": "1.001193"}
    here = api.require_authority(**asking)
    assert (here.form, here.basis, here.mandate_id) == ("TUQ", BASIS, given.id)
    assert here.sentence.startswith("Lúc 09:00 ngày 24/11/2026, người ký thừa ủy quyền")
    with clock.at(MORNING + 10 * DAY):
        with pytest.raises(NotAllowed) as refused:
            api.require_authority(**asking)
        assert refused.value.why == (f"Thẩm quyền theo {BASIS} đã hết từ 09:00 ngày 04/12/2026.")
        one_minute_before = MORNING + 10 * DAY - timedelta(minutes=1)
        assert api.authority(**asking, at=one_minute_before).holds
    other = api.authority(**{**asking, "matter": "2.000815"})
    assert (other.holds, "không gồm việc này" in other.sentence) == (False, True)


def test_kt_f4_that_there_was_authority_is_proven_after_it_ended(give, head, clerk, ward):
    given = give()
    with clock.at(MORNING + DAY):
        api.end_mandate(id=given.id, reason="Người đứng đầu đã đi công tác về.", actor=head)
    with clock.at(MORNING + 900 * DAY):
        asking = {"post_id": clerk.post_id, "agency_id": ward.id}
        assert not api.authority(**asking).holds
        assert api.authority(**asking, at=MORNING + DAY / 2).mandate_id == given.id
        assert not api.authority(**asking, at=MORNING + DAY).holds
    about = Subject(kind="access.mandate", id=given.id)
    assert [one.act for one in audit.history(about)] == [
        "access.mandate_given",
        "access.mandate_ended",
    ]


def test_a_decision_that_is_entered_late_gives_no_authority_before(give, clerk, ward):
    with clock.at(MORNING + DAY):
        give(from_at=MORNING)
        asking = {"post_id": clerk.post_id, "agency_id": ward.id}
        assert api.authority(**asking).holds
        assert not api.authority(**asking, at=MORNING + DAY / 2).holds


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until_at": None}, "until"),
        ({"basis": " "}, "basis"),
        ({"principal_post_id": None}, "principal"),
        ({"form": "XX"}, "form"),
    ],
)
def test_what_a_delegation_lacks_is_said_and_nothing_is_given(give, change, field):
    with pytest.raises(Invalid) as refused:
        give(**change)
    assert field in [one.field for one in refused.value.problems]
    assert Mandate.objects.count() == 0


def test_who_signs_by_delegation_may_not_delegate_further(give, clerk, acting):
    give()
    with pytest.raises(Conflict) as refused:
        give(post_id=acting("handler").post_id, principal_post_id=clerk.post_id)
    assert refused.value.code == "access.mandate_passed_on"
    with pytest.raises(Conflict) as refused:
        give(from_at=MORNING + DAY)
    assert refused.value.code == "access.mandate_given_already"
    assert Mandate.objects.count() == 1


def test_nobody_gives_themselves_a_mandate_nor_does_a_stranger(give, head, clerk):
    with pytest.raises(NotAllowed) as refused:
        give(post_id=head.post_id, principal_post_id=clerk.post_id)
    assert refused.value.code == "access.mandate_own"
    with pytest.raises(NotAllowed) as refused:
        give(actor=clerk)
    assert refused.value.code == "access.mandate_not_yours"
    assert Mandate.objects.count() == 0


def test_an_ended_post_signs_nothing(head, ward):
    directory.end_post(
        post_id=head.post_id,
        end=clock.today() + DAY,
        actor=system("Thử"),
        reason="Nghỉ hưu theo chế độ.",
    )
    with clock.at(MORNING + DAY):
        found = api.authority(post_id=head.post_id, agency_id=ward.id)
    assert not found.holds
    assert "không có hiệu lực vào lúc 09:00 ngày 25/11/2026" in found.sentence
    assert api.authority(post_id=head.post_id, agency_id=ward.id, at=MORNING).holds
