"""Where things stand in the picture: as drawn, or from top to bottom for a narrow page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cuaso.capabilities.workflow.logic.diagram import Box, Diagram, Flow, Node, Points
from cuaso.capabilities.workflow.logic.layers import layers

TASK = (116.0, 40.0)
EVENT = 26.0
GATEWAY = 40.0
STEP_DOWN = 84.0
STEP_ASIDE = 134.0
GAP = 13.0
MARGIN = 12.0


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`narrow` is our own: there labels stand beside gateways and lines."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, Points]
    narrow: bool


def as_drawn(diagram: Diagram) -> Layout:
    """Return the file's own places; ours where it does not place every element."""
    if not diagram.nodes.keys() <= diagram.shapes.keys():
        return from_top_to_bottom(diagram)
    boxes = {node: diagram.shapes[node] for node in diagram.nodes}
    lines = {flow.id: diagram.edges.get(flow.id) or _down(boxes, flow) for flow in _joined(diagram)}
    return Layout(boxes=boxes, lines=lines, narrow=False)


def from_top_to_bottom(diagram: Diagram) -> Layout:
    boxes = dict(_placed(diagram))
    boxes |= dict(_borders(diagram, boxes))
    return Layout(boxes=boxes, lines=dict(_routed(diagram, boxes)), narrow=True)


def _placed(diagram: Diagram) -> Iterator[tuple[str, Box]]:
    for depth, row in enumerate(layers(diagram)):
        for place, node_id in enumerate(row):
            width, height = _size(diagram.nodes[node_id])
            middle = (place - (len(row) - 1) / 2) * STEP_ASIDE
            x, y = middle - width / 2, depth * STEP_DOWN - height / 2
            yield node_id, Box(x=x, y=y, width=width, height=height)


def _borders(diagram: Diagram, boxes: Mapping[str, Box]) -> Iterator[tuple[str, Box]]:
    """Events at a border sit on the lower edge of their step, from the right."""
    for host_id, host in boxes.items():
        for place, event in enumerate(diagram.boundaries(host_id)):
            x = host.x + host.width - (EVENT + 4) * (place + 1)
            y = host.y + host.height - EVENT / 2
            yield event.id, Box(x=x, y=y, width=EVENT, height=EVENT)


def _size(node: Node) -> tuple[float, float]:
    if node.kind.endswith("Task"):
        return TASK
    if node.kind.endswith("Gateway"):
        return GATEWAY, GATEWAY
    return EVENT, EVENT


def _joined(diagram: Diagram) -> Iterator[Flow]:
    return (f for f in diagram.flows if f.source in diagram.nodes and f.target in diagram.nodes)


def _routed(diagram: Diagram, boxes: Mapping[str, Box]) -> Iterator[tuple[str, Points]]:
    lane = max((box.x + box.width for box in boxes.values()), default=0.0)
    for flow in _joined(diagram):
        if boxes[flow.target].y > boxes[flow.source].y:
            yield flow.id, _down(boxes, flow)
        else:
            lane += GAP
            yield flow.id, _back(boxes, flow, lane)


def _down(boxes: Mapping[str, Box], flow: Flow) -> Points:
    start, end = boxes[flow.source], boxes[flow.target]
    x_from, x_to = start.x + start.width / 2, end.x + end.width / 2
    y_from, y_to = start.y + start.height, end.y
    if abs(x_from - x_to) < 1:
        return (x_from, y_from), (x_to, y_to)
    turn = y_to - GAP
    return (x_from, y_from), (x_from, turn), (x_to, turn), (x_to, y_to)


def _back(boxes: Mapping[str, Box], flow: Flow, lane: float) -> Points:
    """Out below the step, up a lane of its own on the right, in from the side."""
    start, end = boxes[flow.source], boxes[flow.target]
    x, y = start.x + start.width / 2, start.y + start.height
    entry = end.y + end.height / 2
    return (x, y), (x, y + GAP), (lane, y + GAP), (lane, entry), (end.x + end.width, entry)
