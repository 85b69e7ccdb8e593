"""Rules on sequence flows: where a token may go, and that it always arrives."""

from collections.abc import Iterator

from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.diagram import CHOICES, GATEWAYS, Diagram, Node
from cuaso.capabilities.workflow.logic.lint.saying import finding, on_whole


def loose(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        for end in (flow.source, flow.target):
            if end not in diagram.nodes:
                yield on_whole(
                    rule="flow.loose",
                    say=f"Đường nối “{flow.name or flow.id}” trỏ đến “{end}” không có "
                    "trong quy trình.",
                    mend="Hãy nối lại đường này giữa hai phần tử, hoặc xóa đi.",
                )


def counts(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        out, into = len(diagram.outgoing(node.id)), len(diagram.incoming(node.id))
        yield from _outgoing(node, out)
        if node.kind == "startEvent" and into:
            yield finding(
                node,
                rule="start.incoming",
                say="có đường đi vào.",
                mend="Hãy cho đường quay lại trỏ vào bước đầu tiên thay vì điểm bắt đầu.",
            )
        if node.kind == "boundaryEvent" and into:
            yield finding(
                node,
                rule="boundary.incoming",
                say="có đường đi vào.",
                mend="Hãy xóa đường đó: sự kiện gắn mép do bước chứa nó mở ra.",
            )


def _outgoing(node: Node, out: int) -> Iterator[Finding]:
    if node.kind == "endEvent":
        if out:
            yield finding(
                node,
                rule="end.outgoing",
                say="có đường đi ra.",
                mend="Hãy xóa đường đó hoặc đổi thành điểm chờ.",
            )
    elif out == 0:
        yield finding(
            node,
            rule="flow.dead_end",
            say="không có đường đi ra nên hồ sơ dừng lại ở đây.",
            mend="Hãy nối nó đến bước sau hoặc đến điểm kết thúc.",
        )
    elif out > 1 and node.kind not in GATEWAYS:
        yield finding(
            node,
            rule="flow.several",
            say=f"có {out} đường đi ra.",
            mend="Hãy nối một đường đến cổng rẽ nhánh hoặc cổng song song, rồi chia từ đó.",
        )


def choices(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        flows = diagram.outgoing(node.id)
        if node.kind not in CHOICES or len(flows) <= 1:
            continue
        if node.default not in {flow.id for flow in flows}:
            yield finding(
                node,
                rule="gateway.no_default",
                say="không có đường mặc định khi không điều kiện nào đúng.",
                mend="Hãy đánh dấu một đường ra là mặc định (default flow).",
            )
        for flow in flows:
            if not flow.condition and flow.id != node.default:
                yield finding(
                    node,
                    rule="gateway.no_condition",
                    say=f"có đường “{flow.name or flow.id}” không có điều kiện.",
                    mend='Hãy ghi điều kiện CEL, ví dụ decision == "approve".',
                )


def stray_conditions(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        source = diagram.nodes.get(flow.source)
        if source is None or not flow.condition:
            continue
        if source.kind not in CHOICES or flow.id == source.default:
            yield finding(
                source,
                rule="flow.stray_condition",
                say=f"có điều kiện trên đường “{flow.name or flow.id}” mà máy không xét.",
                mend="Hãy bỏ điều kiện, hoặc chuyển nó sang đường ra của một cổng rẽ nhánh.",
            )


def event_gateways(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if node.kind != "eventBasedGateway":
            continue
        targets = [diagram.nodes.get(flow.target) for flow in diagram.outgoing(node.id)]
        wrong = [t for t in targets if t is None or t.kind != "intermediateCatchEvent"]
        if wrong or len(targets) <= 1:
            yield finding(
                node,
                rule="event_gateway.targets",
                say="phải dẫn đến ít nhất hai điểm chờ tin hoặc hẹn giờ.",
                mend="Hãy nối nó chỉ đến các điểm chờ.",
            )
        for target in targets:
            if target is not None and len(diagram.incoming(target.id)) > 1:
                yield finding(
                    target,
                    rule="event_gateway.shared",
                    say="nhận nhiều đường vào trong khi đứng sau cổng chờ sự kiện.",
                    mend="Hãy vẽ một điểm chờ riêng cho cổng.",
                )


def reach(diagram: Diagram) -> Iterator[Finding]:
    starts = [n.id for n in diagram.nodes.values() if n.kind == "startEvent"]
    ends = [n.id for n in diagram.nodes.values() if n.kind == "endEvent"]
    if not starts or not ends:
        return
    forward = _closure(starts, {n: diagram.next_to(n) for n in diagram.nodes})
    backward = _closure(ends, _turned(diagram))
    for node in diagram.nodes.values():
        if node.id not in forward:
            yield finding(
                node,
                rule="reach.never",
                say="không bao giờ được đi tới từ điểm bắt đầu.",
                mend="Hãy nối nó vào luồng hoặc xóa đi.",
            )
        elif node.id not in backward and diagram.outgoing(node.id):
            yield finding(
                node,
                rule="reach.no_end",
                say="không dẫn đến điểm kết thúc nào, hồ sơ sẽ quay vòng mãi.",
                mend="Hãy thêm đường thoát khỏi vòng đến điểm kết thúc.",
            )


def _turned(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    turned: dict[str, tuple[str, ...]] = dict.fromkeys(diagram.nodes, ())
    for node_id in diagram.nodes:
        for target in diagram.next_to(node_id):
            turned[target] = (*turned.get(target, ()), node_id)
    return turned


def _closure(seeds: list[str], moves: dict[str, tuple[str, ...]]) -> set[str]:
    seen, waiting = set(seeds), list(seeds)
    while waiting:
        fresh = [n for n in moves.get(waiting.pop(), ()) if n not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return seen


RULES = (loose, counts, choices, stray_conditions, event_gateways, reach)
