"""Elements that the birth flow does not have, and the engine's closed doors."""

from datetime import UTC, datetime, timedelta

import pytest

from cuaso.capabilities.workflow import api, models
from cuaso.capabilities.workflow.logic.diagram import Timer
from cuaso.capabilities.workflow.logic.language import ENGINE
from cuaso.capabilities.workflow.logic.moments import due_moment
from cuaso.capabilities.workflow.tests.conftest import MOMENT, OFFICER, Desk
from cuaso.capabilities.workflow.tests.flows import END, START, WORK, edge, flow, lanes, line
from cuaso.capabilities.workflow.tests.outbox import payloads
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid

MESSAGES = '<message id="m1" name="replied"/><message id="m2" name="withdrawn"/>'


def timed(element: str, text: str, *, form: str = "timeDuration", rest: str = "") -> str:
    name, attributes = element.split(" ", 1)
    return (
        f"<{name} {attributes}><timerEventDefinition><{form}>{text}</{form}>"
        f"</timerEventDefinition></{name}>{rest}"
    )


def begun(xml: bytes, **data: object) -> Desk:
    api.deploy(key="f", xml=xml, actor=OFFICER)
    return Desk(key="f", data=data)


RACE = flow(
    START
    + lanes("work")
    + '<eventBasedGateway id="g"/>'
    + '<intermediateCatchEvent id="reply"><messageEventDefinition messageRef="m1"/>'
    + "</intermediateCatchEvent>"
    + timed('intermediateCatchEvent id="silence"', "P3D")
    + WORK
    + END
    + line("s", "g", "reply", "e")
    + line("g", "silence", "work", "e"),
    top=MESSAGES,
)


@pytest.mark.django_db
def test_a_reply_before_the_deadline_ends_the_waiting() -> None:
    with clock.at(MOMENT):
        desk = begun(RACE)
        assert [(t.element, t.kind) for t in desk.see().waiting] == [("reply", "receive")]
        ended = desk.hear("replied", answer="Có")
    assert (ended.status, ended.data["answer"]) == ("finished", "Có")
    with clock.at(MOMENT + timedelta(days=9)):
        assert api.run_due() == 0


@pytest.mark.django_db
def test_silence_until_the_deadline_goes_the_other_way() -> None:
    with clock.at(MOMENT):
        desk = begun(RACE)
    with clock.at(MOMENT + timedelta(days=3)):
        assert api.run_due() == 1
        assert desk.open() == ["work"]
        with pytest.raises(Conflict):
            desk.hear("replied")
        assert desk.do("work").status == "finished"
    assert [s.element for s in api.steps(desk.instance.id) if s.withdrawn_at] == ["reply"]


CUT = flow(
    START
    + lanes("work", "other")
    + WORK
    + '<userTask id="other" name="Khác"/>'
    + timed('boundaryEvent id="late" attachedToRef="work"', "deadline", form="timeDate")
    + '<boundaryEvent id="gone" attachedToRef="work"><messageEventDefinition messageRef="m2"/>'
    + "</boundaryEvent>"
    + END
    + line("s", "work", "e")
    + line("late", "other", "e")
    + edge("gone", "e"),
    top=MESSAGES,
)


@pytest.mark.django_db
def test_a_deadline_from_the_dossier_cuts_the_step_off() -> None:
    with clock.at(MOMENT):
        desk = begun(CUT, deadline="2025-07-04T17:00:00+07:00")
        task = desk.task("work")
        assert task.due_at == datetime(2025, 7, 4, 10, 0, tzinfo=UTC)
        assert desk.see().accepts == ("withdrawn",)
    with clock.at(datetime(2025, 7, 4, 10, 0, tzinfo=UTC)):
        assert api.run_due() == 1
    assert desk.open() == ["other"]
    assert desk.see().accepts == ()
    with pytest.raises(Conflict) as refused:
        api.complete(task_id=task.id, data={}, actor=OFFICER)
    assert refused.value.why == "Quy trình đã chuyển sang hướng khác."


@pytest.mark.django_db
def test_a_message_at_the_border_cuts_the_step_off() -> None:
    desk = begun(CUT, deadline="2025-07-04T17:00:00+07:00")
    assert desk.hear("withdrawn").status == "finished"
    assert models.Due.objects.filter(fired_at=None, withdrawn_at=None).count() == 0


@pytest.mark.django_db
def test_a_timer_that_fails_keeps_its_trouble_and_the_others_go_on() -> None:
    xml = flow(
        START
        + lanes("work")
        + timed('intermediateCatchEvent id="wait"', "PT1H")
        + '<exclusiveGateway id="g" default="g_e"/>'
        + WORK
        + END
        + line("s", "wait", "g", "e")
        + line("work", "e")
        + edge("g", "work", "amount &gt; 3")
    )
    with clock.at(MOMENT):
        bad, good = begun(xml, amount="nhiều"), Desk(key="f", data={"amount": 4})
    with clock.at(MOMENT + timedelta(hours=1)):
        assert api.run_due() == 1
        assert api.run_due() == 0
        assert good.open() == ["work"]
        (trouble,) = api.troubles()
    assert (trouble.instance_id, trouble.tries) == (bad.instance.id, 1)
    assert "amount > 3" in trouble.say
    assert trouble.next_try_at == MOMENT + timedelta(hours=1, minutes=5)


@pytest.mark.django_db
def test_a_timer_whose_moment_is_none_refuses_the_step_before_it() -> None:
    with pytest.raises(Invalid) as refused:
        begun(CUT, deadline="mai")
    assert refused.value.code == "workflow.timer_value"
    assert models.Instance.objects.count() == 0


@pytest.mark.parametrize("sequential", ["false", "true"])
@pytest.mark.django_db
def test_consulting_several_agencies_makes_a_step_for_each(sequential: str) -> None:
    xml = flow(
        START
        + lanes("work")
        + '<userTask id="work" name="Xin ý kiến">'
        + f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
        + "<loopCardinality>size(agencies)</loopCardinality>"
        + '<completionCondition>decision == "stop"</completionCondition>'
        + "</multiInstanceLoopCharacteristics></userTask>"
        + END
        + line("s", "work", "e")
    )
    desk = begun(xml, agencies=["a", "b", "c"])
    expected = ["work"] if sequential == "true" else ["work"] * 3
    assert desk.open() == expected
    desk.do("work")
    assert desk.do("work").status == "running"
    assert desk.do("work").status == "finished"
    again = Desk(key="f", data={"agencies": ["a", "b", "c"]})
    assert again.do("work", decision="stop").status == "finished"
    assert Desk(key="f", data={"agencies": []}).instance.status == "finished"


@pytest.mark.django_db
def test_a_step_repeats_while_its_condition_holds() -> None:
    xml = flow(
        START
        + lanes("work")
        + '<userTask id="work" name="Làm"><standardLoopCharacteristics loopMaximum="3">'
        + '<loopCondition>decision == "again"</loopCondition>'
        + "</standardLoopCharacteristics></userTask>"
        + END
        + line("s", "work", "e")
    )
    desk = begun(xml)
    assert desk.do("work", decision="again").status == "running"
    assert desk.do("work", decision="enough").status == "finished"
    other = Desk(key="f")
    other.do("work", decision="again")
    other.do("work", decision="again")
    assert other.do("work", decision="again").status == "finished"


@pytest.mark.django_db
def test_a_service_is_wanted_by_its_operation() -> None:
    xml = flow(
        START + '<serviceTask id="number" name="Lấy số" implementation="population.number"/>'
        + END + line("s", "number", "e")
    )  # fmt: skip
    desk = begun(xml)
    (event,) = payloads("workflow.service_wanted")
    assert event["operation"] == "population.number"
    assert event["task_id"] == str(desk.task("number").id)
    assert desk.do("number").status == "finished"


def test_the_engine_executes_nothing() -> None:
    for refuse in (
        lambda: ENGINE.execute(None, "import os"),
        lambda: ENGINE.call_service(None),
        lambda: ENGINE.environment.execute("import os", {}),
        lambda: ENGINE.environment.call_service({}),
        lambda: ENGINE.environment.evaluate("__import__('os').getcwd()", {}),
        lambda: ENGINE.validate("[x for x in ().__class__.__bases__]"),
    ):
        with pytest.raises(Invalid):
            refuse()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", datetime(2025, 7, 1, 3, 30, tzinfo=UTC)),
        ("P1M", datetime(2025, 8, 1, 2, 0, tzinfo=UTC)),
        ("P1W", datetime(2025, 7, 8, 2, 0, tzinfo=UTC)),
        ("5 ngày làm việc", datetime(2025, 7, 8, 10, 0, tzinfo=UTC)),
        ("2025-07-03T08:00:00", datetime(2025, 7, 3, 1, 0, tzinfo=UTC)),
        ("due", datetime(2025, 7, 9, 10, 0, tzinfo=UTC)),
        ('duration("48h")', MOMENT + timedelta(hours=48)),
        ("timestamp(due)", datetime(2025, 7, 9, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_timer_is_computed_once_from_words_iso_or_data(text: str, due: datetime) -> None:
    data = {"due": "2025-07-09T17:00:00+07:00"}
    timer = Timer(form="duration", text=text)
    assert due_moment(timer, data=data, start=MOMENT) == due
