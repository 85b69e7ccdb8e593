"""A dossier walks its flow."""

from datetime import timedelta

import pytest

from cuaso.capabilities.workflow import api, models
from cuaso.capabilities.workflow.tests.conftest import MOMENT, OFFICER, Desk
from cuaso.capabilities.workflow.tests.flows import BIRTH, END, START, WORK, edge, flow, lanes, line
from cuaso.capabilities.workflow.tests.outbox import events, payloads
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotFound
from cuaso.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db


def topics() -> list[tuple[str, str]]:
    return [(topic, str(payload.get("element", ""))) for topic, payload in events()]


def test_submitting_opens_the_first_step(birth: Desk) -> None:
    seen = birth.see()
    assert (seen.key, seen.version, seen.status) == ("birth", 1, "running")
    task = seen.waiting[0]
    assert (task.element, task.title, task.lane, task.kind) == (
        "receive",
        "Tiếp nhận",
        "reception",
        "user",
    )
    assert task.since_at == MOMENT
    assert topics() == [("workflow.task_ready", "receive")]


def test_walking_to_the_end_leaves_every_step_with_who_did_it(birth: Desk) -> None:
    birth.do("receive")
    birth.do("examine", decision="approve")
    assert birth.open() == ["consult", "personal_number"]
    assert birth.task("personal_number").kind == "service"
    birth.do("consult", opinion="Đồng ý")
    assert birth.open() == ["personal_number"]
    birth.do("personal_number", number="052225000001")
    assert birth.open() == ["approve"]
    assert birth.see().data["opinion"] == "Đồng ý"
    assert birth.see().data["number"] == "052225000001"
    birth.do("approve")
    ended = birth.do("seal")
    assert (ended.status, ended.waiting, ended.accepts) == ("finished", (), ())
    assert [step.element for step in api.steps(birth.instance.id)] == [
        "receive",
        "examine",
        "consult",
        "personal_number",
        "approve",
        "seal",
    ]
    assert {step.done_by for step in api.steps(birth.instance.id)} == {"Lê Thị Minh An"}
    assert ("workflow.service_wanted", "personal_number") in topics()
    assert topics()[-1] == ("workflow.finished", "")
    acts = [entry.act for entry in audit.history(birth.subject)]
    assert sorted(acts) == ["workflow.started"] + ["workflow.step_done"] * 6


def test_refusing_takes_the_default_way(birth: Desk) -> None:
    birth.do("receive")
    assert birth.do("examine", decision="refuse").status == "finished"


def test_an_answer_that_nobody_gave_takes_the_default_way(birth: Desk) -> None:
    birth.do("receive")
    assert birth.do("examine").status == "finished"


def test_an_earlier_steps_decision_does_not_decide_again(birth: Desk) -> None:
    birth.do("receive")
    birth.do("examine", decision="supplement")
    birth.hear("supplement_submitted")
    assert birth.do("examine").status == "finished"


def test_supplementing_goes_back_to_examining_as_often_as_asked(birth: Desk) -> None:
    birth.do("receive")
    for _ in range(3):
        birth.do("examine", decision="supplement")
        assert birth.open() == ["wait_supplement"]
        assert birth.see().accepts == ("supplement_submitted",)
        birth.hear("supplement_submitted", papers=2)
        assert birth.open() == ["examine"]
    birth.do("examine", decision="approve")
    assert birth.see().data["papers"] == 2


def test_a_receive_step_may_be_completed_like_any_other(birth: Desk) -> None:
    birth.do("receive")
    birth.do("examine", decision="supplement")
    birth.do("wait_supplement", papers=1)
    assert birth.open() == ["examine"]


def test_a_message_that_nobody_waits_for_is_refused(birth: Desk) -> None:
    before = models.Instance.objects.values().get()
    with pytest.raises(Conflict) as refused:
        birth.hear("supplement_submitted")
    assert refused.value.code == "workflow.not_waiting"
    assert models.Instance.objects.values().get() == before


def test_doing_a_step_twice_is_refused_and_changes_nothing(birth: Desk) -> None:
    task = birth.task("receive")
    birth.do("receive")
    before = models.Instance.objects.values().get()
    with pytest.raises(Conflict) as refused:
        api.complete(task_id=task.id, data={}, actor=OFFICER)
    assert refused.value.code == "workflow.step_closed"
    assert refused.value.why == "Lê Thị Minh An đã làm bước này."
    assert models.Instance.objects.values().get() == before
    assert birth.open() == ["examine"]


def test_a_step_that_never_was_is_not_found(birth: Desk) -> None:
    with pytest.raises(NotFound):
        api.complete(task_id=new_id(), data={}, actor=OFFICER)


@pytest.mark.parametrize(
    "data",
    [
        {"a-b": 1},
        {"x": object()},
        {"x": "y" * 40_000},
        {"x": {"typename": "Task"}},
        {"x": float("nan")},
        {"x": "\x00"},
    ],
)
def test_data_that_a_flow_may_not_carry_is_refused(birth: Desk, data: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        api.complete(task_id=birth.task("receive").id, data=data, actor=OFFICER)
    assert refused.value.code == "workflow.bad_data"
    assert birth.open() == ["receive"]


def test_cancelling_withdraws_what_was_open(birth: Desk) -> None:
    task = birth.task("receive")
    stopped = api.cancel(instance_id=birth.instance.id, reason="Công dân rút hồ sơ", actor=OFFICER)
    assert (stopped.status, stopped.waiting) == ("cancelled", ())
    assert api.task(task.id).withdrawn_at is not None
    with pytest.raises(Conflict):
        api.complete(task_id=task.id, data={}, actor=OFFICER)
    with pytest.raises(Conflict):
        api.cancel(instance_id=birth.instance.id, reason="", actor=OFFICER)


def test_the_same_bytes_again_change_nothing(birth: Desk) -> None:
    again = api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
    assert (again.number, again.fresh) == (1, False)
    assert [version.number for version in api.flows("birth")] == [1]


def test_an_open_dossier_keeps_its_version(birth: Desk) -> None:
    newer = flow(START + lanes("work") + WORK + END + line("s", "work", "e"))
    assert api.deploy(key="birth", xml=newer, actor=OFFICER).number == 2
    birth.do("receive")
    assert birth.open() == ["examine"]
    assert Desk().open() == ["work"]
    back = api.deploy(key="birth", xml=BIRTH.encode(), actor=OFFICER)
    assert (back.number, back.fresh) == (3, True)
    assert models.Spec.objects.count() == 2
    assert api.xml_of(key="birth", version=2) == newer


def test_a_flow_that_is_not_there_is_not_found(db: None) -> None:
    with pytest.raises(NotFound) as refused:
        Desk(key="nothing")
    assert refused.value.code == "workflow.no_flow"


def test_a_failing_condition_refuses_the_step_and_keeps_the_state(db: None) -> None:
    api.deploy(key="f", xml=CHOICE, actor=OFFICER)
    desk = Desk(key="f")
    before = models.Instance.objects.values().get()
    with pytest.raises(Invalid) as refused:
        desk.do("work", amount="nhiều")
    assert refused.value.code == "workflow.expression_failed"
    assert "amount &gt; 3" not in str(refused.value)
    assert models.Instance.objects.values().get() == before
    assert desk.open() == ["work"]
    assert desk.do("work", amount=4).status == "finished"


CHOICE = flow(
    START
    + lanes("work", "other")
    + WORK
    + '<userTask id="other" name="Khác"/>'
    + '<exclusiveGateway id="g" default="g_other"/>'
    + END
    + line("s", "work", "g")
    + edge("g", "other")
    + edge("g", "e", "amount &gt; 3")
    + edge("other", "e")
)


def test_the_state_in_the_database_holds_no_specification(birth: Desk) -> None:
    state = models.Instance.objects.get().state
    assert sorted(state) == [
        "completed",
        "correlations",
        "data",
        "last",
        "root",
        "success",
        "tasks",
    ]
    assert len(str(state)) < 12_000


def test_a_late_step_sends_its_message_and_stays_open(birth: Desk) -> None:
    with clock.at(MOMENT):
        birth.do("receive")
        birth.do("examine", decision="approve")
        birth.do("consult")
        birth.do("personal_number")
        assert birth.task("approve").due_at == MOMENT + timedelta(days=2)
        assert api.run_due() == 0
    with clock.at(MOMENT + timedelta(days=2)):
        assert api.run_due() == 1
        assert api.run_due() == 0
    assert birth.open() == ["approve"]
    (thrown,) = payloads("workflow.message_thrown")
    assert thrown["message"] == "withdrawn"
    assert len(payloads("workflow.timer_fired")) == 1
    birth.do("approve")
    assert birth.do("seal").status == "finished"
