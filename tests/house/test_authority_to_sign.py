"""A result is signed by who has authority at that minute; that they had it is proven later."""

from datetime import timedelta

import pytest

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Result
from tests.support.dossiers import issue, submit_marital
from tests.support.registers import holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
CODE = "1.004873"


@pytest.fixture
def waiting(citizen, official):
    """A dossier whose draft waits for the leader's signature."""
    id = submit_marital(citizen()).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    procedures.propose(id=id, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=id, accepted=True, note="", actor=citizen())
    return id


def test_kt_f4_a_result_is_signed_only_with_authority_at_that_minute(waiting, official):
    leader, now = official("leader"), clock.now()
    mandate = {
        "form": "KT",
        "post_id": leader.post_id,
        "principal_post_id": official("clerk").post_id,
        "agency_id": leader.agency_id,
        "from_at": now,
        "actor": official("admin"),
    }
    access.give_mandate(**mandate, basis="Quyết định 15/QĐ-UBND", matters=["2.000815"])
    with pytest.raises(NotAllowed) as refused:
        procedures.approve(id=waiting, actor=leader)
    assert refused.value.code == "access.no_authority"
    assert "không gồm việc này" in refused.value.why
    result = Result.objects.get(dossier_id=waiting)
    assert (result.state, result.attempt) == ("draft", None)
    about = Subject(kind="procedures.dossier", id=waiting)
    assert "procedures.approved" not in [one.act for one in audit.history(about)]

    given = access.give_mandate(**mandate, basis="Quyết định 16/QĐ-UBND", matters=[CODE])
    with clock.at(now + timedelta(minutes=1)):
        procedures.approve(id=waiting, actor=leader)
    approved = next(one for one in audit.history(about) if one.act == "procedures.approved")
    assert approved.content["mandate"] == str(given.id)
    assert "(KT.) theo Quyết định 16/QĐ-UBND" in str(approved.content["authority"])
    with clock.at(now + timedelta(days=1)):
        access.end_mandate(id=given.id, reason="Văn bản đã thay thế.", actor=mandate["actor"])
    with clock.at(now + timedelta(days=400)):
        asking = {"post_id": leader.post_id, "agency_id": leader.agency_id, "matter": CODE}
        assert not access.authority(**asking).holds
        assert access.authority(**asking, at=now + timedelta(minutes=1)).mandate_id == given.id


@pytest.fixture
def revoking(citizen, official):
    """An issued result, and the words to take it back."""
    mother = citizen()
    id = submit_marital(mother).dossier_id
    issue(id, mother, official)
    return {"id": id, "reason": "Cấp trái quy định.", "ground": "against_rules"}


def test_kt_f4_a_result_is_revoked_only_with_authority_at_that_minute_and_it_is_proven_later(
    revoking, official
):
    leader, now = official("leader"), clock.now() + timedelta(minutes=5)
    mandate = {
        "form": "KT",
        "post_id": leader.post_id,
        "principal_post_id": official("clerk").post_id,
        "agency_id": leader.agency_id,
        "from_at": now,
        "actor": official("admin"),
    }
    about = Subject(kind="procedures.dossier", id=revoking["id"])
    with clock.at(now):
        access.give_mandate(**mandate, basis="Quyết định 15/QĐ-UBND", matters=["2.000815"])
        given = access.give_mandate(**mandate, basis="Quyết định 16/QĐ-UBND", matters=[CODE])
        access.end_mandate(id=given.id, reason="Ghi nhầm văn bản.", actor=mandate["actor"])
    with clock.at(now + timedelta(minutes=1)), pytest.raises(NotAllowed) as refused:
        procedures.revoke_result(**revoking, actor=leader)
    assert refused.value.code == "access.no_authority"
    assert "đã hết từ" in refused.value.why
    assert Result.objects.get(dossier_id=revoking["id"]).state == "issued"
    assert "procedures.result_revoked" not in [one.act for one in audit.history(about)]

    with clock.at(now + timedelta(minutes=2)):
        given = access.give_mandate(**mandate, basis="Quyết định 16/QĐ-UBND", matters=[CODE])
        procedures.revoke_result(**revoking, actor=leader)
    assert Result.objects.get(dossier_id=revoking["id"]).state == "revoked"
    with clock.at(now + timedelta(minutes=3)):
        access.end_mandate(id=given.id, reason="Văn bản đã thay thế.", actor=mandate["actor"])
    auditor = holder("thanh-tra-tinh-gia-lai", "auditor")
    with clock.at(now + timedelta(days=400)):
        signed, revoked = access.authority_proofs(subject=about, actor=auditor)
    assert (signed.act, signed.agrees) == ("procedures.approved", True)
    assert "ký theo thẩm quyền của mình" in signed.found_now
    assert (revoked.act, revoked.agrees) == ("procedures.result_revoked", True)
    assert "(KT.) theo Quyết định 16/QĐ-UBND" in revoked.found_now
    assert revoked.said_then == revoked.found_now
    assert audit.history(about)[-1].act == "access.authority_asked"
    with pytest.raises(NotAllowed):
        access.authority_proofs(subject=about, actor=leader)
