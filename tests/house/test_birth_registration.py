"""1.001193 from the portal to the locker, act by act, over real sockets to the outside world."""

import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.support.dossiers import let_the_house_work, see, submit_birth, upload

pytestmark = pytest.mark.django_db(transaction=False)


def test_a_mother_submits_and_the_signed_certificate_lands_in_her_locker(
    working_morning, outside, citizen, official, django_capture_on_commit_callbacks
):
    mother = citizen()
    submitted = submit_birth(mother)
    reception, handler = official("reception"), official("handler")
    leader, clerk = official("leader"), official("clerk")

    received = procedures.receive(id=submitted.dossier_id, actor=reception)
    assert received.dossier_code.endswith("-261007-0001")
    assert received.due.due_at.isoformat() == "2026-10-07T10:00:00+00:00"  # 17:00 in Vietnam

    proposed = procedures.propose(id=submitted.dossier_id, values={}, note="", actor=handler)
    assert [work.element for work in proposed.works if work.done_at is None] == ["confirm_draft"]

    procedures.confirm_draft(id=submitted.dossier_id, accepted=True, note="", actor=mother)
    let_the_house_work()
    waiting = see(submitted.dossier_id, handler)
    assert [work.element for work in waiting.works if work.done_at is None] == ["approve"]

    approved = procedures.approve(id=submitted.dossier_id, actor=leader)
    assert approved.result.state == "signed"

    sealed = procedures.seal(id=submitted.dossier_id, actor=clerk)
    assert sealed.result.number.startswith("01")
    assert sealed.status == 10

    (paper,) = locker.papers(actor=mother)
    assert paper.title == "Giấy khai sinh – Trần Võ An Nhiên"
    pdf = b"".join(locker.content(id=paper.id, actor=mother).chunks)
    verdict = signing.verify(pdf)
    assert verdict.ok, verdict.sentence
    assert len(verdict.signatures) == 2
