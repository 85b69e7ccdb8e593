"""The flow as an accessible SVG: what is done, where it stands, what comes next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from cuaso.capabilities.workflow.logic.diagram import Box, Diagram, Flow, Node, Points
from cuaso.capabilities.workflow.logic.layout import layout
from cuaso.capabilities.workflow.logic.locked import thaw
from cuaso.capabilities.workflow.logic.show import find
from cuaso.capabilities.workflow.logic.spec import drawing_of
from cuaso.capabilities.workflow.models import Waiting

LETTER = 6.2
LINE = 14.0
HERE = "(đang ở đây)"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Ids of nodes and pairs of ids; `now` wins over `done` where a step is repeated."""

    done: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    following: frozenset[str] = frozenset()
    moves: frozenset[tuple[str, str]] = frozenset()


def drawing(instance_id: UUID) -> str:
    """Return an instance's SVG: class `flow`, `node done|now|next`, `line past`; raise NotFound.

    It has `role="img"` and says its state in a Vietnamese sentence; styles are the page's.
    """
    row = find(instance_id)
    machine = thaw(row)
    done, moves = machine.passed()
    open_steps = Waiting.objects.filter(instance=row, done_at=None, withdrawn_at=None)
    now = frozenset(open_steps.filter(attached_to="").values_list("element", flat=True))
    progress = Progress(
        done=done - now,
        now=now,
        following=frozenset(_steps_after(machine.diagram, now)) - now,
        moves=moves,
    )
    return _svg(machine.diagram, progress, ended=row.status)


def picture(xml: bytes) -> str:
    """Return the SVG of a drawing that nobody walks; raise Unreadable for what is no BPMN."""
    return _svg(drawing_of(xml.decode()), Progress(), ended="")


def _steps_after(diagram: Diagram, nodes: Iterable[str]) -> Iterator[str]:
    """Yield the next steps a person can name, through gateways."""
    seen: set[str] = set()
    waiting = [target for node in nodes for target in _targets(diagram, node)]
    while waiting:
        node_id = waiting.pop()
        if node_id in seen:
            continue
        seen.add(node_id)
        if diagram.nodes[node_id].kind.endswith("Gateway"):
            waiting.extend(_targets(diagram, node_id))
        else:
            yield node_id


def _targets(diagram: Diagram, node_id: str) -> list[str]:
    return [flow.target for flow in diagram.outgoing(node_id) if flow.target in diagram.nodes]


def _svg(diagram: Diagram, progress: Progress, *, ended: str) -> str:
    placed = layout(diagram)
    frame = placed.frame
    box = f"{frame.x:g} {frame.y:g} {frame.width:g} {frame.height:g}"
    label = quoteattr(_sentence(diagram, progress, ended=ended))
    parts = [f'<svg class="flow" viewBox="{box}" role="img" aria-label={label}>']
    parts += [_line(diagram, f, placed.lines.get(f.id, ()), progress) for f in diagram.flows]
    # What sits on a border is drawn over its step.
    nodes = sorted(diagram.nodes.values(), key=lambda node: bool(node.attached_to))
    parts += [_node(node, placed.boxes[node.id], progress) for node in nodes]
    return "".join((*parts, "</svg>"))


def _sentence(diagram: Diagram, progress: Progress, *, ended: str) -> str:
    clauses = [
        _clause(diagram, progress.done, "{} đã xong"),
        _clause(diagram, progress.now, "đang ở bước {}"),
        _clause(diagram, progress.following, "tiếp theo là {}"),
        {"finished": "đã kết thúc", "cancelled": "đã dừng"}.get(ended, ""),
    ]
    said = "; ".join(clause for clause in clauses if clause)
    return f"Quy trình {diagram.title}: {said}." if said else f"Quy trình {diagram.title}."


def _clause(diagram: Diagram, nodes: frozenset[str], words: str) -> str:
    names = [
        node.name
        for node in diagram.nodes.values()
        if node.id in nodes and node.name and not node.kind.endswith("Gateway")
    ]
    return words.format(", ".join(names)) if names else ""


def _line(diagram: Diagram, flow: Flow, points: Points, progress: Progress) -> str:
    if len(points) < 2:  # noqa: PLR2004 a line has two ends
        return ""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + _arrow(points)
    past = " past" if _was_walked(diagram, flow, progress) else ""
    words = ""
    if flow.name:
        x, y = _middle(points)
        words = f'<text x="{x:g}" y="{y:g}">{escape(flow.name)}</text>'
    return f'<path class="line{past}" d="{path}"/>{words}'


def _was_walked(diagram: Diagram, flow: Flow, progress: Progress) -> bool:
    """A join keeps one token of those that came, so its other ways are told by both ends."""
    if (flow.source, flow.target) in progress.moves:
        return True
    target = diagram.nodes.get(flow.target)
    joins = target is not None and target.kind == "parallelGateway"
    return joins and flow.source in progress.done and flow.target in progress.done


def _arrow(points: Points) -> str:
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1.0)
    dx, dy = (x1 - x0) / length * 7, (y1 - y0) / length * 7
    left, right = (x1 - dx - dy * 0.7, y1 - dy + dx * 0.7), (x1 - dx + dy * 0.7, y1 - dy - dx * 0.7)
    return f"M{left[0]:.1f} {left[1]:.1f}L{x1:g} {y1:g}L{right[0]:.1f} {right[1]:.1f}"


def _middle(points: Points) -> tuple[float, float]:
    (x0, y0), (x1, y1) = points[len(points) // 2 - 1], points[len(points) // 2]
    return (x0 + x1) / 2, (y0 + y1) / 2 - 4


def _node(node: Node, box: Box, progress: Progress) -> str:
    state = _state(node.id, progress)
    css = f"node {state}".strip()
    x, y = box.x + box.width / 2, box.y + box.height / 2
    lines = _wrapped(node, box, here=state == "now")
    if node.kind.endswith("Task"):
        shape = (
            f'<rect class="{css}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" '
            f'height="{box.height:g}" rx="4"/>'
        )
        return shape + _text(lines, x=x, y=y - (len(lines) - 1) * LINE / 2 + 4)
    if node.kind.endswith("Gateway"):
        half = box.width / 2
        d = f"m{x:g} {box.y:g} {half:g} {half:g}-{half:g} {half:g}-{half:g}-{half:g}z"
        return f'<path class="{css}" d="{d}"/>' + _text(lines, x=x, y=box.y + box.height + 13)
    heavy = ' stroke-width="3"' if node.kind == "endEvent" else ""
    circle = f'<circle class="{css}" cx="{x:g}" cy="{y:g}" r="{box.width / 2:g}"{heavy}/>'
    return circle + _text(lines, x=x, y=box.y + box.height + 13)


def _state(node_id: str, progress: Progress) -> str:
    if node_id in progress.now:
        return "now"
    if node_id in progress.done:
        return "done"
    return "next" if node_id in progress.following else ""


def _wrapped(node: Node, box: Box, *, here: bool) -> list[str]:
    room = max(box.width, 90.0) / LETTER
    lines = wrap(node.name, width=int(room)) if node.name else []
    return [*lines, HERE] if here else lines


def _text(lines: list[str], *, x: float, y: float) -> str:
    return "".join(
        f'<text x="{x:g}" y="{y + place * LINE:g}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
