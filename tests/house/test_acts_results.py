"""KT-d5: an issued result is revoked, or corrected by a version that replaces it; drafts mended."""

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn
from cuaso.services.procedures.models import Dossier, Result
from tests.support.answers import COPY
from tests.support.dossiers import (
    bring_to_signature,
    issue,
    let_the_house_work,
    open_steps,
    rows_of,
    see,
    submit_birth,
    submit_marital,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

REASON = "Ghi sai nơi cư trú của người được xác nhận."
NAME = "subject.full_name"


@pytest.fixture
def issued(mother, official):
    id = submit_marital(mother).dossier_id
    issue(id, mother, official)
    return id


def settled(id, official, role="handler"):
    return procedures.dossier(id=id, actor=official(role), purpose="Kiểm thử")


def acts_of(id):
    history = audit.history(Subject(kind="procedures.dossier", id=id))
    return [entry.act for entry in history if entry.act.startswith("procedures.")]


def pdf(content):
    return b"".join(content.chunks)


def test_KT_d5_a_leader_revokes_a_result_and_whoever_checks_the_paper_learns_why(
    issued, mother, official
):
    (paper,) = locker.papers(actor=mother)
    leader = official("leader")
    view = procedures.revoke_result(id=issued, reason=REASON, ground="against_rules", actor=leader)
    assert view.result.state == "revoked"
    assert view.result.state_say == "Đã thu hồi, không còn giá trị"
    assert view.result.revoked_reason == REASON
    row = Result.objects.get(dossier=issued)
    assert (row.revoked_by, row.number) == (leader.name, "01/UBND-XNTTHN")
    checked = locker.check(code=paper.verify_code, second_fact=paper.number)
    assert checked.ok is False
    assert "Đã bị thu hồi ngày 07/10/2026. Lý do: Cấp trái quy định" in checked.sentence
    assert checked.sentence.endswith(f"{REASON.rstrip('.')}.")
    (kept,) = locker.papers(actor=mother)
    assert kept.valid_say == "Đã bị thu hồi ngày 07/10/2026"
    assert see(issued, mother).result.state == "revoked"
    assert acts_of(issued)[-1] == "procedures.result_revoked"
    before = rows_of(issued)
    with pytest.raises(Conflict) as refusal:
        procedures.revoke_result(id=issued, reason=REASON, ground="against_rules", actor=leader)
    assert refusal.value.code == "procedures.no_issued_result"
    assert rows_of(issued) == before


def test_only_a_leader_revokes_with_a_ground_and_only_what_was_issued(mother, official, issued):
    asked = {"reason": REASON, "ground": "against_rules"}
    before = rows_of(issued)
    with pytest.raises(NotAllowed):
        procedures.revoke_result(id=issued, actor=official("handler"), **asked)
    with pytest.raises(Invalid):
        procedures.revoke_result(id=issued, actor=official("leader"), **{**asked, "ground": "giận"})
    assert rows_of(issued) == before
    fresh = submit_marital(mother, key="k2").dossier_id
    with pytest.raises(Conflict):
        procedures.revoke_result(id=fresh, actor=official("leader"), **asked)


def test_KT_d5_a_corrected_result_is_signed_sealed_and_replaces_the_first(issued, mother, official):
    (first,) = locker.papers(actor=mother)
    before = pdf(procedures.result_content(dossier_id=issued, actor=mother))
    view = procedures.correct_result(
        id=issued, values={NAME: "Võ Thị Hạ Lâm"}, reason=REASON, actor=official("handler")
    )
    assert (view.status, open_steps(issued)) == (10, ["approve"])
    assert (view.result.state, view.result.number) == ("draft", "")
    (earlier,) = view.earlier_results
    assert (earlier.number, earlier.replaced_at) == ("01/UBND-XNTTHN", None)
    # Until the new one is issued the first stays in force, and its owner reads it.
    assert locker.check(code=first.verify_code, second_fact=first.number).ok is True
    assert pdf(procedures.result_content(dossier_id=issued, actor=mother)) == before
    procedures.approve(id=issued, actor=official("leader"))
    assert open_steps(issued) == ["seal"]
    view = procedures.seal(id=issued, actor=official("clerk"))
    assert open_steps(issued) == []
    assert (view.status, view.result.state) == (10, "issued")
    assert view.result.number == "02/UBND-XNTTHN"
    (earlier,) = view.earlier_results
    assert earlier.by_number == "02/UBND-XNTTHN"
    checked = locker.check(code=first.verify_code, second_fact=first.number)
    assert checked.ok is False
    assert "Đã được thay bằng giấy số 02/UBND-XNTTHN ngày 07/10/2026" in checked.sentence
    second = next(one for one in locker.papers(actor=mother) if one.replaced_at is None)
    assert (second.number, len(locker.papers(actor=mother))) == ("02/UBND-XNTTHN", 2)
    assert locker.check(code=second.verify_code, second_fact=second.number).ok is True
    old = procedures.earlier_result_content(dossier_id=issued, replaced_id=earlier.id, actor=mother)
    assert pdf(old) == before
    assert pdf(procedures.result_content(dossier_id=issued, actor=mother)) != before
    assert acts_of(issued)[-3:] == [
        "procedures.correction_opened",
        "procedures.approved",
        "procedures.result_corrected",
    ]


def test_the_leader_sends_a_correction_back_and_it_is_drafted_again(issued, official):
    handler, leader = official("handler"), official("leader")
    procedures.correct_result(id=issued, values={}, reason=REASON, actor=handler)
    procedures.return_to_handler(id=issued, reason="Chưa sửa đúng chỗ sai.", actor=leader)
    assert open_steps(issued) == ["correct"]
    assert "correct_result" in {one.act for one in settled(issued, official).acts if one.main}
    procedures.correct_result(
        id=issued, values={NAME: "Võ Thị Hạ Lâm"}, reason=REASON, actor=handler
    )
    assert open_steps(issued) == ["approve"]
    assert len(settled(issued, official).earlier_results) == 1
    values = Result.objects.get(dossier=issued).values
    assert values["subject"]["full_name"] == "Võ Thị Hạ Lâm"
    assert Dossier.objects.get(id=issued).status == 10


def test_a_correction_that_is_wrong_or_too_early_changes_nothing(issued, mother, official):
    handler = official("handler")
    before = rows_of(issued)
    with pytest.raises(Invalid):
        procedures.correct_result(
            id=issued, values={"subject.birth_date": "31/02/1996"}, reason=REASON, actor=handler
        )
    with pytest.raises(Invalid):
        procedures.correct_result(id=issued, values={}, reason="", actor=handler)
    with pytest.raises(NotAllowed):
        procedures.correct_result(id=issued, values={}, reason=REASON, actor=official("clerk"))
    assert rows_of(issued) == before
    procedures.correct_result(id=issued, values={}, reason=REASON, actor=handler)
    before = rows_of(issued)
    with pytest.raises(Conflict):
        procedures.correct_result(id=issued, values={}, reason=REASON, actor=handler)
    with pytest.raises(Conflict):
        procedures.revoke_result(
            id=issued, reason=REASON, ground="against_rules", actor=official("leader")
        )
    assert rows_of(issued) == before


def test_a_corrected_birth_certificate_keeps_the_childs_number(mother, official):
    id = submit_birth(mother).dossier_id
    issue(id, mother, official)
    number = Result.objects.get(dossier=id).values["personal_number"]
    assert len(number) == 12
    procedures.correct_result(
        id=id,
        values={"child.birth_place": "Trạm y tế phường Quy Nhơn"},
        reason=REASON,
        actor=official("handler"),
    )
    values = Result.objects.get(dossier=id).values
    assert values["personal_number"] == number
    assert values["child"]["birth_place"] == "Trạm y tế phường Quy Nhơn"


def test_a_correction_for_who_came_to_the_counter_is_handed_over_there(official):
    walk_in = WalkIn(
        procedure_code="2.000815",
        applicant_personal_number="052196000122",
        applicant_name="Võ Thị Hạ Lam",
        values=COPY,
    )
    reception, handler = official("reception"), official("handler")
    id = procedures.receive_walk_in(walk_in=walk_in, actor=reception, key="1").id
    procedures.propose(id=id, values={}, note="", actor=handler)
    let_the_house_work()
    procedures.approve(id=id, actor=official("leader"))
    procedures.seal(id=id, actor=official("clerk"))
    procedures.deliver(id=id, actor=reception)
    procedures.correct_result(id=id, values={}, reason=REASON, actor=handler)
    procedures.approve(id=id, actor=official("leader"))
    procedures.seal(id=id, actor=official("clerk"))
    assert open_steps(id) == ["deliver"]
    view = procedures.deliver(id=id, actor=reception)
    assert (view.status, open_steps(id)) == (10, [])


def test_KT_d5_the_handler_mends_a_draft_before_the_signature(mother, official):
    id = submit_marital(mother).dossier_id
    handler = official("handler")
    procedures.receive(id=id, actor=official("reception"))
    procedures.propose(id=id, values={}, note="", actor=handler)
    drawn = Result.objects.get(dossier=id).draft_file_id
    view = procedures.edit_draft(
        id=id, values={NAME: "Võ Thị Hạ Lâm"}, note="Sai dấu", actor=handler
    )
    result = Result.objects.get(dossier=id)
    assert result.values["subject"]["full_name"] == "Võ Thị Hạ Lâm"
    assert result.draft_file_id != drawn
    assert (open_steps(id), view.result.state) == (["confirm_draft"], "draft")
    assert acts_of(id)[-1] == "procedures.draft_edited"
    assert "sửa dự thảo kết quả" not in {line.say for line in see(id, mother).log}


def test_a_draft_to_which_the_applicant_agreed_is_not_mended_behind_their_back(mother, official):
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    before = rows_of(id)
    with pytest.raises(Conflict) as refusal:
        procedures.edit_draft(
            id=id, values={NAME: "Người Khác"}, note="", actor=official("handler")
        )
    assert refusal.value.code == "procedures.draft_agreed"
    assert rows_of(id) == before
    procedures.approve(id=id, actor=official("leader"))
    with pytest.raises(Conflict):
        procedures.edit_draft(id=id, values={}, note="", actor=official("handler"))
