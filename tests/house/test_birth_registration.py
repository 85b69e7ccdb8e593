"""1.001193 from the portal to the locker, act by act, over real sockets to the outside world."""

from datetime import timedelta

import pytest

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Result
from tests.support.answers import FATHER
from tests.support.dossiers import (
    bring_to_signature,
    let_the_house_work,
    open_steps,
    reach,
    see,
    submit_birth,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


def test_a_mother_submits_and_the_signed_certificate_lands_in_her_locker(mother, official):
    dossier_id = submit_birth(mother).dossier_id

    received = procedures.receive(id=dossier_id, actor=official("reception"))
    assert received.dossier_code.endswith("-261007-0001")
    assert received.due.due_at.astimezone(clock.VIETNAM).isoformat() == "2026-10-07T17:00:00+07:00"

    procedures.propose(id=dossier_id, values={}, note="", actor=official("handler"))
    assert open_steps(dossier_id) == ["confirm_draft"]

    procedures.confirm_draft(id=dossier_id, accepted=True, note="", actor=mother)
    let_the_house_work()
    assert open_steps(dossier_id) == ["approve"]

    approved = procedures.approve(id=dossier_id, actor=official("leader"))
    assert approved.result.state == "signed"
    assert approved.result.number == ""

    sealed = procedures.seal(id=dossier_id, actor=official("clerk"))
    assert sealed.result.number == "01/2026"
    assert (sealed.status, sealed.status_say) == (10, "Đã trả kết quả")

    (paper,) = locker.papers(actor=mother)
    assert paper.title == "Giấy khai sinh – Trần Võ An Nhiên"
    assert paper.dossier_code == received.dossier_code
    verdict = signing.verify(b"".join(locker.content(id=paper.id, actor=mother).chunks))
    assert verdict.ok, verdict.sentence
    assert len(verdict.signatures) == 2


def test_every_act_is_written_into_the_ledger_in_its_own_transaction(official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    entries = audit.history(Subject(kind="procedures.dossier", id=submitted))
    acts = [entry.act for entry in entries if entry.act.startswith("procedures.")]
    assert acts == ["procedures.submitted", "procedures.received"]
    assert entries[-1].content["dossier_code"] == Dossier.objects.get(id=submitted).dossier_code


def test_a_form_posted_twice_gives_one_dossier_and_one_code(mother):
    draft = procedures.start_draft(code="1.001193", actor=mother)
    first = reach(draft, mother)
    again = procedures.submit(id=draft.id, key="k1", actor=mother)
    assert again == first
    assert Dossier.objects.count() == 1


def test_a_draft_with_mistakes_is_refused_with_a_sentence_a_field_and_kept(mother):
    draft = procedures.start_draft(code="1.001193", actor=mother)
    procedures.save_draft(
        id=draft.id,
        values={"child.birth_date": "31/11/2026", "child.full_name": "Bé"},
        actor=mother,
    )
    with pytest.raises(Invalid) as refused:
        procedures.submit(id=draft.id, key="k", actor=mother)
    said = {problem.field: problem.say for problem in refused.value.problems}
    assert said["child.birth_date"].startswith("Ngày sinh đang là ngày 31/11")
    assert procedures.draft(id=draft.id, actor=mother).values["child.full_name"] == "Bé"
    assert Dossier.objects.count() == 0


def test_two_officers_receive_at_once_and_the_second_is_told(official, submitted):
    seen = see(submitted, official("reception"))
    procedures.receive(id=submitted, actor=official("reception"), version=seen.version)
    with pytest.raises((Conflict, NotAllowed)):
        procedures.receive(id=submitted, actor=official("reception"), version=seen.version)
    assert Dossier.objects.get(id=submitted).version == seen.version + 1


def test_an_officer_cannot_settle_her_own_dossier(citizen, official):
    officer = official("reception")
    herself = citizen("052190000101")
    assert herself.person_id == officer.person_id
    dossier_id = submit_birth(herself).dossier_id
    with pytest.raises(NotAllowed) as refused:
        procedures.receive(id=dossier_id, actor=officer)
    assert refused.value.why == "Không ai được xử lý hồ sơ của chính mình."
    assert Dossier.objects.get(id=dossier_id).dossier_code is None


def test_another_citizen_cannot_know_of_the_dossier(citizen, submitted):
    with pytest.raises(NotFound):
        procedures.dossier(id=submitted, actor=citizen(FATHER))


def test_an_officer_without_a_task_must_give_a_purpose_and_the_mother_sees_the_look(
    mother, official, submitted
):
    leader = official("leader")
    with pytest.raises(NotAllowed) as refused:
        procedures.dossier(id=submitted, actor=leader)
    assert refused.value.code == "procedures.purpose_needed"
    procedures.dossier(id=submitted, actor=leader, purpose="Trả lời phản ánh của người dân")
    (look,) = locker.looks(actor=mother)
    assert (look.who, look.purpose) == (leader.name, "Trả lời phản ánh của người dân")


def test_a_supplement_stops_the_clock_and_the_answer_starts_it_again(mother, official, submitted):
    received = procedures.receive(id=submitted, actor=official("reception"))
    asked = procedures.ask_supplement(
        id=submitted,
        items=["Giấy chứng sinh bản rõ hơn"],
        reason="Bản chụp bị mờ.",
        actor=official("handler"),
    )
    assert (asked.status, asked.due.state) == (5, "paused")
    with clock.at(clock.now() + timedelta(hours=24)):
        answered = procedures.supplement(
            id=submitted,
            note="Tôi gửi bản rõ.",
            files=[("birth_notice", upload(mother))],
            values={},
            actor=mother,
        )
    assert answered.status == 4
    assert answered.due.due_at - received.due.due_at == timedelta(hours=24)
    assert open_steps(submitted) == ["examine"]


def test_an_empty_supplement_request_is_refused_and_nothing_changed(official, submitted):
    before = Dossier.objects.values().get(id=submitted)
    with pytest.raises(Invalid) as refused:
        procedures.ask_supplement(id=submitted, items=[" "], reason="", actor=official("reception"))
    assert [problem.field for problem in refused.value.problems] == ["items", "reason"]
    assert Dossier.objects.values().get(id=submitted) == before


def test_a_refusal_at_reception_ends_the_dossier_with_its_reason(mother, official, submitted):
    procedures.refuse(
        id=submitted,
        reason="Trẻ đã được đăng ký khai sinh ở nơi khác.",
        actor=official("reception"),
    )
    seen = see(submitted, mother)
    assert (seen.status, seen.status_say) == (3, "Không được tiếp nhận")
    assert seen.log[-1].detail == "Trẻ đã được đăng ký khai sinh ở nơi khác."
    assert open_steps(submitted) == []


def test_the_mother_withdraws_until_the_result_is_signed(mother, official, submitted):
    procedures.withdraw(id=submitted, reason="Tôi sẽ nộp lại ở xã khác.", actor=mother)
    assert see(submitted, mother).status == 7
    assert open_steps(submitted) == []
    with pytest.raises(Conflict):
        procedures.withdraw(id=submitted, reason="Tôi sẽ nộp lại ở xã khác.", actor=mother)


def test_the_population_source_is_down_and_the_dossier_waits_then_goes_on_by_itself(
    mother, official, submitted, outside
):
    outside.fault(outside.population, "down")
    procedures.receive(id=submitted, actor=official("reception"))
    procedures.propose(id=submitted, values={}, note="", actor=official("handler"))
    procedures.confirm_draft(id=submitted, accepted=True, note="", actor=mother)
    let_the_house_work()
    waiting = see(submitted, mother)
    assert open_steps(submitted) == ["personal_number"]
    assert waiting.plain_say.startswith("Hồ sơ chờ cơ sở dữ liệu quốc gia về dân cư trả lời.")

    outside.fault(outside.population, "ok")
    with clock.at(clock.now() + timedelta(minutes=10)):
        let_the_house_work()
    assert open_steps(submitted) == ["approve"]
    assert Result.objects.get(dossier_id=submitted).values["personal_number"].startswith("052")


def test_the_time_stamp_authority_is_down_and_the_draft_stands_as_before(
    mother, official, submitted, outside
):
    bring_to_signature(submitted, mother, official)
    outside.fault(outside.timestamp, "down")
    with pytest.raises(Unavailable):
        procedures.approve(id=submitted, actor=official("leader"))
    result = Result.objects.get(dossier_id=submitted)
    assert (result.state, result.attempt, result.signed_file_id) == ("draft", None, None)
    assert open_steps(submitted) == ["approve"]

    outside.fault(outside.timestamp, "ok")
    assert procedures.approve(id=submitted, actor=official("leader")).result.state == "signed"


def test_sealing_fails_and_the_number_stays_bound_to_the_result(
    mother, official, submitted, outside
):
    bring_to_signature(submitted, mother, official)
    procedures.approve(id=submitted, actor=official("leader"))
    outside.fault(outside.timestamp, "down")
    with pytest.raises(Unavailable):
        procedures.seal(id=submitted, actor=official("clerk"))
    bound = Result.objects.get(dossier_id=submitted)
    assert (bound.state, bound.number) == ("signed", "01/2026")

    outside.fault(outside.timestamp, "ok")
    sealed = procedures.seal(id=submitted, actor=official("clerk"))
    assert sealed.result.number == "01/2026"


def test_the_leader_returns_the_draft_with_a_comment(mother, official, submitted):
    bring_to_signature(submitted, mother, official)
    returned = procedures.return_to_handler(
        id=submitted, reason="Sửa lại quê quán theo Giấy chứng sinh.", actor=official("leader")
    )
    assert open_steps(submitted) == ["examine"]
    assert returned.log[-1].detail == "Sửa lại quê quán theo Giấy chứng sinh."


def test_a_returned_draft_is_proposed_again_and_reaches_the_leader(mother, official, submitted):
    bring_to_signature(submitted, mother, official)
    procedures.return_to_handler(
        id=submitted, reason="Sửa lại quê quán theo Giấy chứng sinh.", actor=official("leader")
    )
    number = Result.objects.get(dossier_id=submitted).values["personal_number"]
    procedures.propose(
        id=submitted,
        values={"child.home_town": "xã Tuy Phước, tỉnh Gia Lai"},
        note="",
        actor=official("handler"),
    )
    procedures.confirm_draft(id=submitted, accepted=True, note="", actor=mother)
    let_the_house_work()
    assert open_steps(submitted) == ["approve"]
    result = Result.objects.get(dossier_id=submitted)
    assert result.values["personal_number"] == number
    assert result.values["child"]["home_town"] == "xã Tuy Phước, tỉnh Gia Lai"


def test_a_question_to_two_agencies_comes_back_when_the_last_has_answered(official, submitted):
    procedures.receive(id=submitted, actor=official("reception"))
    handler = official("handler")
    choices = {
        name: id for id, name in procedures.consultable_agencies(id=submitted, actor=handler)
    }
    asked = [
        choices["Ủy ban nhân dân phường Quy Nhơn Nam"],
        choices["Ủy ban nhân dân xã Tuy Phước"],
    ]
    view = procedures.consult(
        id=submitted, agency_ids=asked, question="Cha mẹ trẻ đã kết hôn chưa?", actor=handler
    )
    first, second = view.consultations
    places = {
        "Ủy ban nhân dân phường Quy Nhơn Nam": "21592",
        "Ủy ban nhân dân xã Tuy Phước": "21952",
    }
    for one, expected in ((first, []), (second, ["examine"])):
        procedures.answer_consultation(
            id=submitted,
            consultation_id=one.id,
            answer="Đã đăng ký kết hôn.",
            actor=official("handler", places[one.agency_name]),
        )
        assert [step for step in open_steps(submitted) if step != "consult"] == expected
