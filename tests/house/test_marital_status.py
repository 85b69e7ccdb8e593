"""1.004873 from the portal to the locker, and the paper of the locker in the next dossier."""

import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.workflow import api as workflow
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Paper
from tests.support.answers import MARITAL
from tests.support.dossiers import issue, let_the_house_work, open_steps, rows_of, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


def test_kt_d5_a_confirmation_of_marital_status_is_due_in_three_working_days_and_is_issued(
    mother, official
):
    submitted = submit_marital(mother)
    received = procedures.receive(id=submitted.dossier_id, actor=official("reception"))
    # Wednesday the seventh at nine: Thursday, Friday, Monday.
    assert received.due.due_at.astimezone(clock.VIETNAM).isoformat() == "2026-10-12T17:00:00+07:00"
    assert received.fee_say == "Miễn phí"
    procedures.propose(id=received.id, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=received.id, accepted=True, note="", actor=mother)
    procedures.approve(id=received.id, actor=official("leader"))
    done = procedures.seal(id=received.id, actor=official("clerk"))
    assert (done.status_say, done.result.number) == ("Đã trả kết quả", "01/UBND-XNTTHN")
    (paper,) = locker.papers(actor=mother)
    assert (paper.kind, paper.valid_say) == (
        "marital_status_confirmation",
        "Có giá trị đến hết ngày 07/04/2027",
    )
    assert signing.verify(b"".join(locker.content(id=paper.id, actor=mother).chunks)).ok
    checked = locker.check(code=paper.verify_code, second_fact=paper.number)
    assert checked.ok


def test_the_ledger_holds_an_entry_for_each_act_and_proves_it(mother, official):
    done = issue(submit_marital(mother).dossier_id, mother, official)
    acts = [line.say for line in done.log]
    assert acts == [
        "nộp hồ sơ",
        "tiếp nhận hồ sơ, gửi giấy hẹn trả kết quả",
        "lập dự thảo kết quả",
        "xác nhận nội dung dự thảo",
        "phê duyệt và ký số",
        "cấp số, đóng dấu và ban hành kết quả",
        "trả kết quả",
    ]
    audit.sequence()
    [public_key] = audit.public_keys().values()
    for line in done.log:
        assert audit.check_proof(audit.prove(line.entry_id), public_key=public_key).ok


def test_kt_e3_a_paper_of_the_locker_stands_in_the_next_dossier_without_upload(mother, official):
    issue(submit_marital(mother).dossier_id, mother, official)
    (earlier,) = locker.reusable(actor=mother, kind="marital_status_confirmation")
    draft = procedures.start_draft(code="1.004873", actor=mother)
    draft = procedures.save_draft(
        id=draft.id, values={**MARITAL, "request.again": "yes"}, actor=mother
    )
    assert draft.missing_components == ("previous_confirmation",)
    draft = procedures.attach_from_locker(
        id=draft.id, component="previous_confirmation", paper_id=earlier.id, actor=mother
    )
    assert draft.missing_components == ()
    second = procedures.submit(id=draft.id, key="again", actor=mother)
    seen = procedures.dossier(id=second.dossier_id, actor=official("reception"))
    (paper,) = seen.papers
    assert paper.state == "clean"
    assert paper.source_say == (
        "Lấy từ kho giấy tờ: Giấy xác nhận tình trạng hôn nhân – Võ Thị Hạ Lam, "
        "Ủy ban nhân dân phường Quy Nhơn cấp 07/10/2026"
    )
    content = procedures.paper_content(
        dossier_id=seen.id, paper_id=paper.id, actor=official("reception")
    )
    assert b"".join(content.chunks).startswith(b"%PDF")
    assert "Giải quyết hồ sơ: " in locker.looks(actor=mother)[0].purpose


def test_a_paper_of_another_kind_out_of_force_or_of_another_is_not_taken(
    mother, official, working_morning
):
    issue(submit_marital(mother).dossier_id, mother, official)
    (kept,) = locker.papers(actor=mother)
    draft = procedures.start_draft(code="1.004873", actor=mother)
    procedures.save_draft(id=draft.id, values={**MARITAL, "request.again": "yes"}, actor=mother)
    with pytest.raises(Invalid) as refused:
        procedures.attach_from_locker(
            id=draft.id, component="ending_proof", paper_id=kept.id, actor=mother
        )
    assert refused.value.code == "procedures.paper_unfit"
    with clock.at(working_morning.replace(year=2027)), pytest.raises(Invalid):
        procedures.attach_from_locker(
            id=draft.id, component="previous_confirmation", paper_id=kept.id, actor=mother
        )
    assert Paper.objects.count() == 0


def test_the_applicant_sees_the_draft_result_only_while_her_word_is_asked(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    procedures.propose(id=id, values={}, note="", actor=official("handler"))
    content = procedures.draft_result_content(dossier_id=id, actor=mother)
    assert b"".join(content.chunks).startswith(b"%PDF")
    procedures.confirm_draft(
        id=id, accepted=False, note="Sửa lại tên đường nơi tôi ở.", actor=mother
    )
    assert open_steps(id) == ["examine"]
    with pytest.raises(Conflict):
        procedures.draft_result_content(dossier_id=id, actor=mother)
    assert procedures.draft_result_content(dossier_id=id, actor=official("handler"))
    with pytest.raises(Conflict):
        procedures.result_content(dossier_id=id, actor=mother)


def test_disputing_a_draft_needs_a_reason_and_without_one_nothing_changed(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    procedures.propose(id=id, values={}, note="", actor=official("handler"))
    before = rows_of(id)
    with pytest.raises(Invalid):
        procedures.confirm_draft(id=id, accepted=False, note=" ", actor=mother)
    assert rows_of(id) == before


def test_silence_moves_the_draft_on_by_itself_and_the_log_says_so(
    mother, official, working_morning
):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    seen = procedures.propose(id=id, values={}, note="", actor=official("handler"))
    with clock.at(working_morning.replace(day=9)):
        workflow.run_due()
        let_the_house_work()
        after = procedures.dossier(id=id, actor=mother)
    assert open_steps(id) == ["approve"]
    assert after.log[-1].say == "hết thời gian chờ xác nhận, hồ sơ đi tiếp"
    assert after.version == seen.version + 1


def test_a_handlers_correction_that_does_not_fit_its_field_is_refused(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    before = rows_of(id)
    for values in (
        {"subject.birth_date": "31/02/1996"},
        {"khong.co": "x"},
        {"request.office": "21592"},
    ):
        with pytest.raises(Invalid) as refused:
            procedures.propose(id=id, values=values, note="", actor=official("handler"))
        assert [problem.field for problem in refused.value.problems] == list(values)
    assert rows_of(id) == before


def test_a_supplements_corrections_are_cleaned_and_lose_their_source(mother, official):
    id = submit_marital(mother).dossier_id
    Dossier.objects.filter(id=id).update(
        sources={"subject.birth_date": "population.birth_date", "subject.sex": "population.sex"}
    )
    procedures.ask_supplement(
        id=id, items=["Ngày sinh đúng"], reason="Khác giấy tờ.", actor=official("reception")
    )
    before = rows_of(id)
    for wrong in ({"subject.birth_date": "hôm qua"}, {"la": "x"}, {"request.office": "21592"}):
        with pytest.raises(Invalid) as refused:
            procedures.supplement(id=id, note="", files=[], values=wrong, actor=mother)
        assert [problem.field for problem in refused.value.problems] == list(wrong)
    assert rows_of(id) == before

    procedures.supplement(
        id=id, note="", files=[], values={"subject.birth_date": "05/04/1996"}, actor=mother
    )
    row = Dossier.objects.get(id=id)
    assert row.values["subject"]["birth_date"] == "1996-04-05"
    assert row.sources == {"subject.sex": "population.sex"}
