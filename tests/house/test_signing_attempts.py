"""KT-d5: signing by several people at once, by a process that dies, and by one that comes late."""

from datetime import timedelta

import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import refusals
from cuaso.capabilities.signing.logic.keyfile import KeyFiles
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures import jobs
from cuaso.services.procedures.models import NumberBook, Result
from tests.support.dossiers import bring_to_signature, open_steps, rows_of, submit_marital
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


@pytest.fixture
def drafted(mother, official):
    """Return a dossier that waits on the leader's desk."""
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    return id


def under_way(dossier_id, state, *, since=timedelta(0)):
    """Make a result look as it does while a token works, or after its process died."""
    attempt = new_id()
    Result.objects.filter(dossier_id=dossier_id).update(
        state=state, attempt=attempt, attempt_at=clock.now() - since
    )
    return attempt


def test_signing_many_answers_for_each_and_one_refusal_stops_no_other(mother, official):
    ready = [submit_marital(mother).dossier_id for _ in range(2)]
    for id in ready:
        bring_to_signature(id, mother, official)
    unready = submit_marital(mother).dossier_id
    strange = new_id()
    answers = procedures.approve_many(
        ids=[ready[0], unready, strange, ready[1], ready[0]], actor=official("leader")
    )
    assert [(id, ok) for id, ok, _ in answers] == [
        (ready[0], True),
        (unready, False),
        (strange, False),
        (ready[1], True),
    ]
    assert all(sentence.endswith(".") for _, _, sentence in answers)
    assert [open_steps(id) for id in (*ready, unready)] == [["seal"], ["seal"], ["receive"]]


def test_a_device_unplugged_in_the_middle_of_a_batch_is_asked_once_more_and_not_for_the_rest(
    mother, official, monkeypatch
):
    ids = [submit_marital(mother).dossier_id for _ in range(4)]
    for id in ids:
        bring_to_signature(id, mother, official)
    asked, by_key = [], KeyFiles.sign

    def unplugged(self, *, label, content):
        asked.append(label)
        if len(asked) > 1:
            raise refusals.token_gone()
        return by_key(self, label=label, content=content)

    monkeypatch.setattr(KeyFiles, "sign", unplugged)
    before = [rows_of(id) for id in ids[1:]]
    answers = procedures.approve_many(ids=ids, actor=official("leader"))
    assert [ok for _, ok, _ in answers] == [True, False, False, False]
    assert {said for _, _, said in answers[1:]} == {str(refusals.token_gone())}
    assert len(asked) == 2
    assert [rows_of(id) for id in ids[1:]] == before
    monkeypatch.setattr(KeyFiles, "sign", by_key)
    answers = procedures.approve_many(ids=ids[1:], actor=official("leader"))
    assert [ok for _, ok, _ in answers] == [True, True, True]
    assert [open_steps(id) for id in ids] == [["seal"]] * 4


def test_while_one_leader_signs_another_can_neither_sign_nor_return_it(drafted, official):
    under_way(drafted, "signing")
    before = rows_of(drafted)
    leader = official("leader")
    with pytest.raises(Conflict) as twice:
        procedures.approve(id=drafted, actor=leader)
    with pytest.raises(Conflict) as returned:
        procedures.return_to_handler(id=drafted, reason="Sửa lại tên đường.", actor=leader)
    assert {twice.value.code, returned.value.code} == {"procedures.signing_under_way"}
    assert rows_of(drafted) == before


def test_while_it_is_signed_the_applicant_cannot_withdraw(drafted, mother):
    under_way(drafted, "signing")
    before = rows_of(drafted)
    with pytest.raises(Conflict):
        procedures.withdraw(id=drafted, reason="Tôi không cần nữa.", actor=mother)
    assert rows_of(drafted) == before


def test_a_signing_whose_process_died_is_given_back_by_the_house(drafted, official):
    under_way(drafted, "signing", since=timedelta(seconds=119))
    assert jobs.mend() == 0
    under_way(drafted, "signing", since=timedelta(seconds=121))
    assert jobs.mend() == 1
    result = Result.objects.get(dossier_id=drafted)
    assert (result.state, result.attempt, result.attempt_at) == ("draft", None, None)
    assert jobs.mend() == 0
    assert procedures.approve(id=drafted, actor=official("leader")).result.state == "signed"


def test_a_signing_that_comes_back_too_late_changes_nothing(drafted, official, monkeypatch):
    leader = official("leader")
    sign = signing.sign_person
    told = []

    def slow(**given):
        """Let the house give the try back and another sign while this token still works."""
        monkeypatch.setattr(signing, "sign_person", sign)
        with clock.at(clock.now() + timedelta(minutes=3)):
            assert jobs.mend() == 1
            procedures.approve(id=drafted, actor=leader)
        told.append(rows_of(drafted))
        return sign(**given)

    monkeypatch.setattr(signing, "sign_person", slow)
    with pytest.raises(Conflict) as refused:
        procedures.approve(id=drafted, actor=leader)
    assert refused.value.code == "procedures.moved_on"
    assert rows_of(drafted) == told[0]
    assert Result.objects.get(dossier_id=drafted).state == "signed"


def test_a_sealing_whose_process_died_goes_on_with_the_number_that_is_bound(drafted, official):
    procedures.approve(id=drafted, actor=official("leader"))
    under_way(drafted, "sealing", since=timedelta(minutes=3))
    book = "x/Sổ/2026"
    Result.objects.filter(dossier_id=drafted).update(
        number="77/UBND-XNTTHN", number_date=clock.today(), book=book
    )
    assert jobs.mend() == 1
    sealed = procedures.seal(id=drafted, actor=official("clerk"))
    assert sealed.result.number == "77/UBND-XNTTHN"
    assert NumberBook.objects.count() == 0


def test_a_deputys_signature_stands_over_the_deputys_name(drafted, mother, official):
    first = official("leader")
    holders = directory.holders(first.agency_id, "leader")
    deputy = next(holder for holder in holders if holder.post.id != first.post_id)
    procedures.approve(id=drafted, actor=directory.actor_for_post(deputy.post.id))
    procedures.seal(id=drafted, actor=official("clerk"))
    (paper,) = locker.papers(actor=mother)
    assert paper.signed_by == deputy.person.name
    pdf = b"".join(locker.content(id=paper.id, actor=mother).chunks)
    assert signing.verify(pdf).ok
    assert deputy.person.name in text_of(pdf)
    assert first.name not in text_of(pdf)


@pytest.fixture
def successor(drafted, official):
    """Return who follows the leader whose name the draft bears, in a post of the same title."""
    first, administrator = official("leader"), official("admin")
    for one in directory.holders(first.agency_id, "leader"):
        directory.leave_post(post_id=one.post.id, actor=administrator, reason="Nghỉ hưu")
    person = directory.ensure_person(name="Trần Thị Kế Nhiệm", personal_number="052188000778")
    post = directory.appoint(
        agency_id=first.agency_id,
        person_id=person.id,
        title=directory.post(first.post_id).title,
        roles={"leader"},
        start=clock.today(),
        actor=administrator,
    )
    signing.issue_key(
        label=f"post-{post.id}",
        subject_name=person.name,
        organisation=directory.agency(first.agency_id).name,
        title=post.title,
        owner_id=post.id,
        actor=administrator,
    )
    return first, directory.actor_for_post(post.id)


def test_who_follows_a_leader_signs_over_the_own_name_not_the_one_that_the_draft_bears(
    drafted, successor
):
    first, new = successor
    draft = Result.objects.get(dossier_id=drafted)
    assert first.name in text_of(files.read_clean(draft.draft_file_id))
    procedures.approve(id=drafted, actor=new)
    signed = Result.objects.get(dossier_id=drafted)
    assert (signed.signer, signed.draft_file_id) == (new.name, draft.draft_file_id)
    said = text_of(files.read_clean(signed.signed_file_id))
    assert (new.name in said, first.name in said) == (True, False)


def test_a_post_that_another_person_holds_now_signs_over_that_person_s_name(drafted, successor):
    first, new = successor
    Result.objects.filter(dossier_id=drafted).update(drawn_post_id=new.post_id)
    procedures.approve(id=drafted, actor=new)
    signed = Result.objects.get(dossier_id=drafted)
    said = text_of(files.read_clean(signed.signed_file_id))
    assert (new.name in said, first.name in said) == (True, False)


def test_numbers_of_one_book_follow_each_other(mother, official):
    numbers = []
    for _ in range(2):
        id = submit_marital(mother).dossier_id
        bring_to_signature(id, mother, official)
        procedures.approve(id=id, actor=official("leader"))
        numbers.append(procedures.seal(id=id, actor=official("clerk")).result.number)
    assert numbers == ["01/UBND-XNTTHN", "02/UBND-XNTTHN"]


def test_signing_and_sealing_are_in_the_ledger_with_the_digest_of_what_was_signed(
    drafted, official
):
    procedures.approve(id=drafted, actor=official("leader"))
    entry = audit.history(Subject(kind="procedures.dossier", id=drafted))[-1]
    assert entry.act == "procedures.approved"
    assert len(entry.content["sha256"]) == 64
