"""The linter names what is wrong and how to mend it; nothing faulty is deployed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuaso.capabilities.workflow import api, models
from cuaso.capabilities.workflow.tests.conftest import OFFICER
from cuaso.capabilities.workflow.tests.flows import BIRTH, END, START, WORK, edge, flow, lanes, line
from cuaso.kernel.errors import Invalid

GOOD = START + lanes("work") + WORK + END + line("s", "work", "e")
TIMER = "<timerEventDefinition>{}</timerEventDefinition>"
GATE = '<exclusiveGateway id="g" name="Đủ?" default="{default}"/>'


def rules(xml: bytes | str) -> list[str]:
    return [finding.rule for finding in api.check(xml) if finding.severity == "error"]


def catch(inner: str) -> bytes:
    event = f'<intermediateCatchEvent id="c">{inner}</intermediateCatchEvent>'
    return flow(START + event + END + line("s", "c", "e"))


def gate(*edges: str, default: str = "g_e") -> bytes:
    return flow(
        START + lanes("work") + WORK + GATE.format(default=default) + END
        + line("s", "g") + "".join(edges) + edge("work", "e")
    )  # fmt: skip


def looped(characteristics: str) -> bytes:
    task = f'<userTask id="work" name="Làm">{characteristics}</userTask>'
    return flow(START + lanes("work") + task + END + line("s", "work", "e"))


FAULTY = {
    "element.scriptTask": flow(
        START
        + '<scriptTask id="x" name="Tính"><script>import os</script></scriptTask>'
        + END
        + line("s", "x", "e")
    ),
    "element.task": flow(START + '<task id="x"/>' + END + line("s", "x", "e")),
    "element.subProcess": flow(START + '<subProcess id="x"/>' + END + line("s", "x", "e")),
    "element.callActivity": flow(
        START + '<callActivity id="x" calledElement="y"/>' + END + line("s", "x", "e")
    ),
    "element.inclusiveGateway": flow(
        START + '<inclusiveGateway id="x"/>' + END + line("s", "x", "e")
    ),
    "element.dataObject": flow(GOOD + '<dataObject id="o"/>'),
    "element.dataInputAssociation": looped(
        '<dataInputAssociation id="da"><sourceRef>x</sourceRef></dataInputAssociation>'
    ),
    "element.choreographyTask": flow(GOOD + '<choreographyTask id="o"/>'),
    "element.id": flow(
        START + lanes("End") + '<userTask id="End" name="A"/>' + END + line("s", "End", "e")
    ),
    "bpmn.not_executable": flow(GOOD, executable=False),
    "bpmn.id_twice": flow(GOOD + '<textAnnotation id="work"/>'),
    "bpmn.no_process": flow(""),
    "element.key_too_long": flow(
        START + f'<serviceTask id="x" implementation="{"y" * 201}"/>' + END + line("s", "x", "e")
    ),
    "user_task.no_lane": flow(START + WORK + END + line("s", "work", "e")),
    "user_task.no_name": flow(
        START + lanes("w") + '<userTask id="w"/>' + END + line("s", "w", "e")
    ),
    "start.count": flow(GOOD + '<startEvent id="s2"/>' + edge("s2", "work")),
    "start.incoming": gate(
        edge("g", "s", "decision == 1"), edge("g", "work", "decision == 2"), edge("g", "e")
    ),
    "end.none": flow(START + lanes("work") + WORK + line("s", "work") + edge("work", "work")),
    "end.outgoing": flow(GOOD + edge("e", "work")),
    "event.kind": catch("<signalEventDefinition/>"),
    "event.count": catch(""),
    "message.unresolved": catch('<messageEventDefinition messageRef="nobody"/>'),
    "boundary.host": flow(
        GOOD
        + '<boundaryEvent id="b" attachedToRef="e">'
        + TIMER.format("<timeDuration>P1D</timeDuration>")
        + "</boundaryEvent>"
        + edge("b", "work")
    ),
    "boundary.incoming": flow(
        GOOD
        + '<boundaryEvent id="b" attachedToRef="work">'
        + TIMER.format("<timeDuration>P1D</timeDuration>")
        + "</boundaryEvent>"
        + edge("b", "e")
        + edge("work", "b")
    ),
    "flow.loose": flow(GOOD + edge("work", "nobody")),
    "flow.dead_end": flow(GOOD + lanes("z") + '<userTask id="z" name="Z"/>' + edge("s", "z")),
    "flow.several": flow(GOOD + edge("work", "s")),
    "gateway.no_default": gate(
        edge("g", "work", "decision == 1"), edge("g", "e", "decision == 2"), default="nothing"
    ),
    "gateway.no_condition": gate(edge("g", "work"), edge("g", "e")),
    "flow.stray_condition": flow(
        START + lanes("work") + WORK + END + edge("s", "work", "decision == 1") + edge("work", "e")
    ),
    "event_gateway.targets": flow(
        START
        + lanes("work")
        + WORK
        + END
        + '<eventBasedGateway id="g"/>'
        + line("s", "g", "work", "e")
    ),
    "reach.never": flow(GOOD + lanes("z") + '<userTask id="z" name="Z"/>' + edge("z", "e")),
    "reach.no_end": flow(
        START
        + lanes("a", "b")
        + '<userTask id="a" name="A"/><userTask id="b" name="B"/>'
        + END
        + line("s", "a", "b", "a")
    ),
    "condition.cel": gate(edge("g", "work", "${decision}"), edge("g", "e")),
    "timer.form": catch(TIMER.format("<timeCycle>R3/PT1H</timeCycle>")),
    "timer.cel": catch(TIMER.format("<timeDuration>năm ngày</timeDuration>")),
    "loop.unbounded": looped("<standardLoopCharacteristics/>"),
    "loop.data": looped(
        "<multiInstanceLoopCharacteristics><loopDataInputRef>x</loopDataInputRef>"
        "</multiInstanceLoopCharacteristics>"
    ),
    "loop.cel": looped(
        "<multiInstanceLoopCharacteristics><loopCardinality>__import__('os')</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    ),
    "xml.dangerous": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "xml.broken": b"<definitions",
    "xml.encoding": BIRTH.encode("utf-16"),
    "xml.too_large": BIRTH.encode() + b" " * 1024 * 1024,
    "bpmn.not_bpmn": b"<html/>",
}


@pytest.mark.parametrize("rule", sorted(FAULTY))
def test_a_faulty_drawing_is_found_with_a_remedy(rule: str) -> None:
    found = [finding for finding in api.check(FAULTY[rule]) if finding.rule == rule]
    assert found, rules(FAULTY[rule])
    assert found[0].severity == "error"
    assert found[0].say.endswith(".")
    assert found[0].mend.endswith(".")


def test_a_finding_names_element_title_and_line() -> None:
    finding = next(f for f in api.check(FAULTY["element.scriptTask"]) if f.rule.endswith("Task"))
    assert (finding.element, finding.title, finding.line) == ("x", "Tính", 3)
    assert finding.say == "“Tính” (scriptTask, mã x) là bước chạy mã, điều này không được phép."


@pytest.mark.parametrize("xml", [BIRTH, flow(GOOD)])
def test_a_sound_drawing_has_no_errors(xml: bytes | str) -> None:
    assert rules(xml) == []
    assert [finding.rule for finding in api.check(xml)] == ["bpmn.no_drawing"]


def test_a_process_that_declares_its_variables_may_use_no_others() -> None:
    body = (
        '<property id="v1" name="amount"/>' + START + lanes("work") + WORK
        + GATE.format(default="g_e") + END + line("s", "work", "g") + edge("g", "e")
    )  # fmt: skip
    assert rules(flow(body + edge("g", "work", 'amount == 1 || decision == "x"'))) == []
    wrong = api.check(flow(body + edge("g", "work", "amonut == 1")))
    assert "amonut" in next(f for f in wrong if f.rule == "condition.cel").say


@pytest.mark.parametrize(
    "text", ["P5D", "PT8H", "5 ngày làm việc", "trong ngày", "due_at", '"P1D"', "duration('48h')"]
)
def test_a_timer_may_be_words_iso_or_cel(text: str) -> None:
    assert rules(catch(TIMER.format(f"<timeDuration>{text}</timeDuration>"))) == []


def test_a_correlation_key_is_cel_too() -> None:
    top = (
        '<message id="m" name="tin"/><correlationProperty id="cp">'
        '<correlationPropertyRetrievalExpression messageRef="m"><messagePath>a +</messagePath>'
        "</correlationPropertyRetrievalExpression></correlationProperty>"
    )
    assert rules(flow(GOOD, top=top)) == ["correlation.cel"]


@pytest.mark.django_db
def test_a_faulty_drawing_is_not_deployed() -> None:
    with pytest.raises(Invalid) as refused:
        api.deploy(key="f", xml=FAULTY["element.scriptTask"], actor=OFFICER)
    assert refused.value.code == "workflow.faulty"
    assert [p.field for p in refused.value.problems] == ["x"]
    assert models.FlowVersion.objects.count() == models.Spec.objects.count() == 0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_get_an_answer(content: bytes | str) -> None:
    assert all(finding.mend for finding in api.check(content))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_drawing_gets_an_answer(data: st.DataObject) -> None:
    text = BIRTH
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        cut = data.draw(st.integers(0, 40))
        text = text[:at] + data.draw(st.sampled_from(["", "x", '"', "<task/>"])) + text[at + cut :]
    assert all(finding.mend for finding in api.check(text))
