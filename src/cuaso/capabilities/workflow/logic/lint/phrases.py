"""Rules on expressions: conditions, timers, loops and correlation keys are CEL that compiles."""

from collections.abc import Callable, Iterator
from functools import partial

from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.diagram import Diagram, Node, Timer
from cuaso.capabilities.workflow.logic.language import compiled
from cuaso.capabilities.workflow.logic.lint.saying import finding, on_whole
from cuaso.capabilities.workflow.logic.moments import check_text
from cuaso.kernel.errors import Refusal

# Every step may leave its answer here; a flow need not declare it.
ALWAYS = frozenset({"decision"})
_MEND = 'Hãy viết bằng CEL, ví dụ decision == "approve"; bỏ ${ } và dấu = ở đầu nếu có.'


def _fault(work: Callable[[], object]) -> str:
    try:
        work()
    except Refusal as refusal:
        return str(refusal)
    except ValueError as error:
        return str(error)
    return ""


def conditions(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        source = diagram.nodes.get(flow.source)
        if source is None or not flow.condition:
            continue
        where = f"có điều kiện “{flow.condition}” trên đường “{flow.name or flow.id}”"
        yield from _checked(diagram, source, text=flow.condition, where=where, rule="condition")


def _checked(
    diagram: Diagram, node: Node, *, text: str, where: str, rule: str
) -> Iterator[Finding]:
    """A process that declares its variables (`property`) may use no others."""
    names = diagram.properties | ALWAYS if diagram.properties else None
    if fault := _fault(lambda: compiled(text, names)):
        yield finding(node, rule=f"{rule}.cel", say=f"{where} không dùng được: {fault}", mend=_MEND)


def timers(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if "timerEventDefinition" not in node.definitions:
            continue
        if node.timer is None or not node.timer.text or node.timer.form == "cycle":
            yield finding(
                node,
                rule="timer.form",
                say="chưa có thời điểm hoặc khoảng thời gian.",
                mend="Hãy ghi timeDuration (P5D, “5 ngày làm việc”) hoặc timeDate; "
                "hẹn giờ lặp (timeCycle) không dùng được.",
            )
            continue
        yield from _timer(node, node.timer)


def _timer(node: Node, timer: Timer) -> Iterator[Finding]:
    if fault := _fault(lambda: check_text(timer)):
        yield finding(
            node,
            rule="timer.cel",
            say=f"có hẹn giờ “{timer.text}” không đọc được: {fault}",
            mend="Hãy ghi P5D, “5 ngày làm việc”, một thời điểm có múi giờ, hoặc biểu thức CEL.",
        )


def loops(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if node.loop is None:
            continue
        texts = node.loop.expressions
        if not texts and "loopMaximum" not in node.loop.attributes:
            yield finding(
                node,
                rule="loop.unbounded",
                say="lặp lại mà không có điều kiện dừng hay số lần.",
                mend="Hãy ghi loopCardinality, loopCondition hoặc loopMaximum.",
            )
        for name, text in texts.items():
            if name not in ("loopCardinality", "completionCondition", "loopCondition"):
                yield finding(
                    node,
                    rule="loop.data",
                    say=f"lặp theo dữ liệu ({name}), điều này chưa chạy được.",
                    mend="Hãy ghi số lần bằng loopCardinality, ví dụ size(agencies).",
                )
                continue
            where = f"có {name} “{text}”"
            yield from _checked(diagram, node, text=text, where=where, rule="loop")


def correlations(diagram: Diagram) -> Iterator[Finding]:
    for name, text in diagram.correlations.items():
        if fault := _fault(partial(compiled, text)):
            yield on_whole(
                rule="correlation.cel",
                say=f"Khóa ghép tin “{name}” có biểu thức không đọc được: {fault}",
                mend=_MEND,
            )


RULES = (conditions, timers, loops, correlations)
