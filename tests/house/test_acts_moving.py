"""KT-d5: to the competent agency and back, twins are warned of, the late hear an apology."""

from datetime import datetime, timedelta

import pytest

from cuaso.capabilities.messages import api as messages
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_models import Apology
from cuaso.services.procedures.logic.clock import apologise
from cuaso.services.procedures.models import Dossier, Work
from tests.support.dossiers import issue, open_steps, rows_of, see, submit_birth, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

AN_NHON = "21592"
REASON = "Nơi thường trú thuộc phường khác."
DUE = datetime(2026, 10, 12, 17, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def there():
    return directory.competent_agency(AN_NHON, "commune")


@pytest.fixture
def received(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    return id


def told(id):
    """Return the headline of the newest letter about a dossier."""
    letters = messages.messages_about(Subject(kind="procedures.dossier", id=id))
    return next(one.headline for one in letters if one.channel == "email")


def queue(actor):
    return [row.id for row in procedures.queue(actor=actor).rows]


def last(id):
    history = audit.history(Subject(kind="procedures.dossier", id=id))
    return [entry for entry in history if entry.act.startswith("procedures.")][-1]


def test_KT_d5_a_dossier_goes_to_the_competent_agency_and_is_handed_back(
    received, official, there, mother
):
    here, handler, other = (
        directory.competent_agency("21583", "commune"),
        official("handler"),
        official("handler", AN_NHON),
    )
    assert there.id in {id for id, _ in procedures.transferable(id=received, actor=handler)}
    view = procedures.transfer(id=received, agency_id=there.id, reason=REASON, actor=handler)
    assert (view.agency_name, view.due.due_at) == (there.name, DUE)
    assert view.received_agency_name == directory.one_stop_centre(here.id).name
    assert (queue(handler), queue(other)) == ([], [received])
    # Who had the work still reads the dossier; who has it now goes on.
    assert see(received, handler).transfers[0].to_name == there.name
    with pytest.raises((Conflict, NotAllowed)):
        procedures.propose(id=received, values={}, note="", actor=handler)
    assert "hand_back" in {one.act for one in see(received, other).acts}
    assert see(received, mother).agency_name == there.name
    assert told(received) == f"Hồ sơ {view.tracking_code} được chuyển đến cơ quan khác"

    view = procedures.hand_back(id=received, reason="Không thuộc phường này.", actor=other)
    assert (view.agency_name, view.due.due_at) == (here.name, DUE)
    (way,) = view.transfers
    assert (way.from_name, way.to_name) == (here.name, there.name)
    assert way.hand_back_reason == "Không thuộc phường này."
    assert (queue(handler), queue(other)) == ([received], [])
    outcomes = Work.objects.filter(dossier=received, outcome="transferred")
    assert [work.agency_id for work in outcomes.order_by("done_at")] == [here.id, there.id]
    assert [line.say for line in view.log][-2:] == [
        "chuyển hồ sơ đến cơ quan khác",
        "chuyển trả hồ sơ",
    ]
    procedures.propose(id=received, values={}, note="", actor=handler)
    assert open_steps(received) == ["confirm_draft"]


def test_the_other_agency_settles_what_was_sent_to_it(received, official, there, mother):
    procedures.transfer(id=received, agency_id=there.id, reason=REASON, actor=official("leader"))
    view = issue_at(received, mother, official)
    assert (view.status, view.agency_name) == (10, there.name)
    assert view.result.signer == official("leader", AN_NHON).name


def issue_at(id, mother, official):
    procedures.propose(id=id, values={}, note="", actor=official("handler", AN_NHON))
    procedures.confirm_draft(id=id, accepted=True, note="", actor=mother)
    procedures.approve(id=id, actor=official("leader", AN_NHON))
    return procedures.seal(id=id, actor=official("clerk", AN_NHON))


def test_reception_sends_on_what_came_to_the_wrong_desk_and_only_before_receipt(
    mother, official, there
):
    id = submit_marital(mother).dossier_id
    reception = official("reception")
    procedures.transfer(id=id, agency_id=there.id, reason=REASON, actor=reception)
    assert (queue(reception), queue(official("reception", AN_NHON))) == ([], [id])
    view = procedures.receive(id=id, actor=official("reception", AN_NHON))
    assert view.received_agency_name == directory.one_stop_centre(there.id).name


def test_a_transfer_that_does_not_fit_changes_nothing(received, official, there, mother):
    handler = official("handler")
    before = rows_of(received)
    own = Dossier.objects.get(id=received).agency_id
    for agency_id, reason in ((own, REASON), (there.id, "")):
        with pytest.raises(Invalid):
            procedures.transfer(id=received, agency_id=agency_id, reason=reason, actor=handler)
    with pytest.raises(Conflict) as refusal:
        procedures.hand_back(id=received, reason=REASON, actor=handler)
    assert refusal.value.code == "procedures.nothing_to_hand_back"
    with pytest.raises(NotFound):
        procedures.transfer(
            id=received, agency_id=own, reason=REASON, actor=official("handler", AN_NHON)
        )
    with pytest.raises(Conflict):
        procedures.transfer(
            id=received, agency_id=there.id, reason=REASON, actor=official("reception")
        )
    assert rows_of(received) == before
    procedures.propose(id=received, values={}, note="", actor=handler)
    before = rows_of(received)
    with pytest.raises(Conflict) as refusal:
        procedures.transfer(id=received, agency_id=there.id, reason=REASON, actor=handler)
    assert refusal.value.code == "procedures.not_at_step"
    assert rows_of(received) == before


def test_KT_d5_a_twin_is_warned_of_and_never_blocks(mother, official):
    first = submit_marital(mother).dossier_id
    second = submit_marital(mother, key="k2").dossier_id
    reception = official("reception")
    (twin,) = see(second, reception).duplicates
    assert (twin.id, twin.may_open, twin.status_say) == (first, True, "Mới đăng ký")
    code = see(first, reception).tracking_code
    warned = next(one for one in see(second, reception).checks if code in one.say)
    assert warned.state == "soon"
    view = procedures.receive(id=second, actor=reception)
    assert [one.id for one in view.duplicates] == [first]
    procedures.withdraw(id=first, reason="Nộp nhầm hai lần.", actor=mother)
    assert see(second, reception).duplicates == ()


def test_another_child_is_no_twin(mother, official):
    submit_birth(mother)
    other = submit_birth(mother, key="k2", child__full_name="Trần Võ Minh Khang").dossier_id
    assert see(other, official("reception")).duplicates == ()


@pytest.mark.parametrize(("days", "twins"), [(89, 1), (91, 0)])
def test_what_ended_before_the_declared_window_is_no_twin(mother, official, days, twins):
    first = submit_marital(mother).dossier_id
    issue(first, mother, official)
    with clock.at(clock.now() + timedelta(days=days)):
        second = submit_marital(mother, key="k2").dossier_id
        assert len(see(second, official("reception")).duplicates) == twins


def test_who_may_not_open_a_twin_gets_no_link(mother, official, there):
    first = submit_marital(mother).dossier_id
    procedures.receive(id=first, actor=official("reception"))
    second = submit_marital(mother, key="k2", request__office=AN_NHON).dossier_id
    (twin,) = see(second, official("reception", AN_NHON)).duplicates
    assert (twin.id, twin.may_open) == (first, False)


def test_KT_d5_the_house_apologises_once_by_itself_for_what_is_late(received, official, mother):
    assert apologise.apologise_late() == 0
    with clock.at(DUE + timedelta(minutes=1)):
        assert apologise.apologise_late() == 1
        assert apologise.apologise_late() == 0
        view = see(received, mother)
    (apology,) = view.apologies
    assert (apology.due_at, apology.said_by) == (None, "Cửa Số")
    assert apology.sentence.endswith("đã quá hạn trả kết quả lúc 17 giờ 00 ngày 12/10/2026.")
    assert view.log[-1].say == "gửi lời xin lỗi vì hồ sơ quá hạn"
    assert told(received) == f"Xin lỗi vì hồ sơ {view.tracking_code} quá hạn trả kết quả"


def test_what_stands_still_or_has_ended_gets_no_apology(mother, official, received):
    procedures.ask_supplement(
        id=received, items=["Giấy tờ"], reason=REASON, actor=official("handler")
    )
    ended = submit_marital(mother, key="k2").dossier_id
    procedures.receive(id=ended, actor=official("reception"))
    procedures.refuse(id=ended, reason=REASON, actor=official("handler"))
    submit_marital(mother, key="k3")
    with clock.at(DUE + timedelta(days=1)):
        assert apologise.apologise_late() == 0
    assert not Apology.objects.exists()


def test_the_trouble_of_one_agency_does_not_silence_the_others(
    mother, official, received, there, monkeypatch
):
    second = submit_marital(mother, key="k2", request__office=AN_NHON).dossier_id
    procedures.receive(id=second, actor=official("reception", AN_NHON))
    broken = Dossier.objects.get(id=received).agency_id
    tell = apologise.notify.applicant

    def fails_at_one(dossier, **told):
        if dossier.agency_id == broken:
            message = "this agency's letters cannot be written"
            raise RuntimeError(message)
        tell(dossier, **told)

    before = rows_of(received)
    with clock.at(DUE + timedelta(days=1)), monkeypatch.context() as patched:
        patched.setattr(apologise.notify, "applicant", fails_at_one)
        assert apologise.apologise_late() == 1
    assert rows_of(received) == before
    assert last(second).act == "procedures.apologised"
    with clock.at(DUE + timedelta(days=1)):
        assert apologise.apologise_late() == 1
    assert last(received).act == "procedures.apologised"
