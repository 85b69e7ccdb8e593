"""Where things stand in the drawing: as drawn, else in layers from top to bottom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cuaso.capabilities.workflow.logic.diagram import Box, Diagram, Flow, Node, Points

TASK = (112.0, 40.0)
EVENT = 26.0
GATEWAY = 40.0
STEP_DOWN = 78.0
STEP_ASIDE = 136.0
LANE_OF_RETURNS = 16.0


@dataclass(frozen=True, kw_only=True)
class Layout:
    boxes: Mapping[str, Box]
    lines: Mapping[str, Points]
    frame: Box


def layout(diagram: Diagram) -> Layout:
    """Return boxes of nodes, lines of flows and the frame around them."""
    if all(node in diagram.shapes for node in diagram.nodes):
        boxes = {node: diagram.shapes[node] for node in diagram.nodes}
        lines = {
            flow.id: diagram.edges.get(flow.id) or _straight(boxes, flow) for flow in diagram.flows
        }
    else:
        boxes = dict(_layered(diagram))
        lines = dict(_routed(diagram, boxes))
    return Layout(boxes=boxes, lines=lines, frame=_frame(boxes, lines))


def _frame(boxes: Mapping[str, Box], lines: Mapping[str, Points]) -> Box:
    points = [point for line in lines.values() for point in line]
    xs = [x for x, _ in points] + [e for b in boxes.values() for e in (b.x, b.x + b.width)]
    ys = [y for _, y in points] + [e for b in boxes.values() for e in (b.y, b.y + b.height)]
    left, top = min(xs, default=0.0) - 40, min(ys, default=0.0) - 24
    return Box(
        x=left,
        y=top,
        width=max(xs, default=0.0) + 40 - left,
        height=max(ys, default=0.0) + 32 - top,
    )


def size(node: Node) -> tuple[float, float]:
    if node.kind.endswith("Task"):
        return TASK
    if node.kind.endswith("Gateway"):
        return GATEWAY, GATEWAY
    return EVENT, EVENT


def _layered(diagram: Diagram) -> Iterator[tuple[str, Box]]:
    layers: dict[int, list[str]] = {}
    for node_id, depth in _depths(diagram).items():
        layers.setdefault(depth, []).append(node_id)
    for depth, members in layers.items():
        for place, node_id in enumerate(members):
            width, height = size(diagram.nodes[node_id])
            middle = (place - (len(members) - 1) / 2) * STEP_ASIDE
            yield (
                node_id,
                Box(
                    x=middle - width / 2,
                    y=depth * STEP_DOWN - height / 2,
                    width=width,
                    height=height,
                ),
            )


def _depths(diagram: Diagram) -> dict[str, int]:
    """Return each node's layer: the longest way to it without going back."""
    returns = _returns(diagram)
    depths = dict.fromkeys(diagram.nodes, 0)
    for _ in diagram.nodes:
        for node_id in diagram.nodes:
            for target in diagram.next_to(node_id):
                if target in depths and (node_id, target) not in returns:
                    depths[target] = max(depths[target], depths[node_id] + 1)
    return depths


def _returns(diagram: Diagram) -> frozenset[tuple[str, str]]:
    """Return the moves that close a circle, found from the start in the file's order."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for root in diagram.nodes:
        if root in seen:
            continue
        seen.add(root)
        trail = [(root, iter(diagram.next_to(root)))]
        open_ids = {root}
        while trail:
            node_id, moves = trail[-1]
            target = next(moves, None)
            if target is None:
                open_ids.discard(node_id)
                trail.pop()
            elif target in open_ids:
                found.add((node_id, target))
            elif target not in seen and target in diagram.nodes:
                seen.add(target)
                open_ids.add(target)
                trail.append((target, iter(diagram.next_to(target))))
    return frozenset(found)


def _routed(diagram: Diagram, boxes: Mapping[str, Box]) -> Iterator[tuple[str, Points]]:
    right = max((box.x + box.width for box in boxes.values()), default=0.0)
    back = 0
    for flow in diagram.flows:
        if flow.source not in boxes or flow.target not in boxes:
            continue
        start, end = boxes[flow.source], boxes[flow.target]
        if end.y > start.y:
            yield flow.id, _straight(boxes, flow)
            continue
        back += 1
        lane = right + LANE_OF_RETURNS * back
        y_from, y_to = start.y + start.height / 2, end.y + end.height / 2
        yield (
            flow.id,
            (
                (start.x + start.width, y_from),
                (lane, y_from),
                (lane, y_to),
                (end.x + end.width, y_to),
            ),
        )


def _straight(boxes: Mapping[str, Box], flow: Flow) -> Points:
    if flow.source not in boxes or flow.target not in boxes:
        return ()
    start, end = boxes[flow.source], boxes[flow.target]
    x_from, x_to = start.x + start.width / 2, end.x + end.width / 2
    y_from, y_to = start.y + start.height, end.y
    if abs(x_from - x_to) < 1:
        return (x_from, y_from), (x_to, y_to)
    half = (y_from + y_to) / 2
    return (x_from, y_from), (x_from, half), (x_to, half), (x_to, y_to)
