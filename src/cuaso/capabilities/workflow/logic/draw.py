"""The flow as an accessible SVG: what is done, where it stands, what comes next."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from django.db import connection

from cuaso.capabilities.workflow.logic.diagram import Box, Diagram, Flow, Node, Points
from cuaso.capabilities.workflow.logic.layout import (
    GAP,
    MARGIN,
    Layout,
    as_drawn,
    from_top_to_bottom,
)
from cuaso.capabilities.workflow.logic.locked import flow_of, no_instance
from cuaso.capabilities.workflow.logic.machine import passed
from cuaso.capabilities.workflow.logic.spec import drawing_of

LETTER = 6.0
LINE = 14.0
CAPTION_WIDTH = 96.0
HERE = "(đang ở đây)"
_ASKED: Final = """
select flow_id, state::text, status, array(
  select element from workflow_waiting where instance_id = workflow_instance.id
  and done_at is null and withdrawn_at is null and attached_to = ''
) from workflow_instance where id = %s
"""


@dataclass(frozen=True, kw_only=True)
class Label:
    """Lines of words centred on `x`, the first at `y`."""

    lines: tuple[str, ...]
    x: float
    y: float

    def span(self) -> tuple[float, float, float, float]:
        half = max(len(line) for line in self.lines) * LETTER / 2
        bottom = self.y + (len(self.lines) - 1) * LINE + 4
        return self.x - half, self.y - LINE + 4, self.x + half, bottom

    def svg(self) -> str:
        return "".join(
            f'<text x="{self.x:g}" y="{self.y + place * LINE:g}">{escape(line)}</text>'
            for place, line in enumerate(self.lines)
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Ids of nodes and pairs of ids; `now` wins over `done` where a step is repeated."""

    done: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    following: frozenset[str] = frozenset()
    moves: frozenset[tuple[str, str]] = frozenset()


def drawing(instance_id: UUID, *, wide: bool = False) -> str:
    """Return an instance's SVG: class `flow`, `node done|now|next`, `line past`; raise NotFound.

    It has `role="img"` and says its state in a Vietnamese sentence; styles are the page's. Top
    to bottom for a side column; `wide` keeps the places in which it was drawn.
    """
    flow_id, state, status, now = _standing(instance_id)
    xml = flow_of(flow_id).spec.xml
    done, moves = passed(xml=xml, state=json.loads(state))
    following = frozenset(_steps_after(drawing_of(xml), now)) - now
    progress = Progress(done=done - now, now=now, following=following, moves=moves)
    return _drawn(xml, progress, wide, status)


def _standing(instance_id: UUID) -> tuple[UUID, str, str, frozenset[str]]:
    """Return an instance's flow, frozen state and status, and the elements that wait."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [instance_id])
        found = cursor.fetchone()
    if found is None:
        raise no_instance()
    flow_id, state, status, now = found
    return flow_id, state, status, frozenset(now)


@lru_cache(maxsize=1024)
def _drawn(xml: str, progress: Progress, wide: bool, ended: str) -> str:  # noqa: FBT001 a key of the memory
    """Dossiers of one flow that stand alike share their drawing."""
    return _svg(drawing_of(xml), progress, _placed(xml, wide), ended=ended)


@lru_cache(maxsize=256)
def _placed(xml: str, wide: bool) -> Layout:  # noqa: FBT001 a key of the memory
    place = as_drawn if wide else from_top_to_bottom
    return place(drawing_of(xml))


def picture(xml: bytes, *, wide: bool = True) -> str:
    """Return the SVG of a drawing that nobody walks; raise Unreadable for what is no BPMN."""
    diagram = drawing_of(xml.decode())
    place = as_drawn if wide else from_top_to_bottom
    return _svg(diagram, Progress(), place(diagram), ended="")


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


def _svg(diagram: Diagram, progress: Progress, placed: Layout, *, ended: str) -> str:
    # What sits on a border is drawn over its step.
    nodes = sorted(diagram.nodes.values(), key=lambda node: bool(node.attached_to))
    marks = [
        *(_line(diagram, f, placed.lines.get(f.id, ()), progress) for f in diagram.flows),
        *(_shape(node, placed.boxes[node.id], _state(node.id, progress)) for node in nodes),
    ]
    labels = [
        *(_name(flow, placed) for flow in diagram.flows),
        *(_caption(node, placed, here=node.id in progress.now) for node in nodes),
    ]
    said = [label for label in labels if label.lines]
    label = quoteattr(_sentence(diagram, progress, ended=ended))
    opening = f'<svg class="flow" viewBox="{_frame(placed, said)}" role="img" aria-label={label}>'
    return "".join((opening, *marks, *(label.svg() for label in said), "</svg>"))


def _frame(placed: Layout, labels: Iterable[Label]) -> str:
    """Return the viewBox around boxes, lines and words."""
    spans = [
        *((b.x, b.y, b.x + b.width, b.y + b.height) for b in placed.boxes.values()),
        *((x, y, x, y) for line in placed.lines.values() for x, y in line),
        *(label.span() for label in labels),
    ]
    left, top = min(s[0] for s in spans) - MARGIN, min(s[1] for s in spans) - MARGIN
    right, bottom = max(s[2] for s in spans) + MARGIN, max(s[3] for s in spans) + MARGIN
    return f"{left:g} {top:g} {right - left:g} {bottom - top:g}"


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
    if len(points) <= 1:
        return ""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + _arrow(points)
    past = " past" if _was_walked(diagram, flow, progress) else ""
    return f'<path class="line{past}" d="{path}"/>'


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


def _name(flow: Flow, placed: Layout) -> Label:
    """In our own layout a way's name stands by its end, where ways have parted."""
    points = placed.lines.get(flow.id, ())
    if not flow.name or len(points) <= 1:
        return Label(lines=(), x=0, y=0)
    half = len(flow.name) * LETTER / 2
    if not placed.narrow:
        (x0, y0), (x1, y1) = points[len(points) // 2 - 1], points[len(points) // 2]
        return Label(lines=(flow.name,), x=(x0 + x1) / 2, y=(y0 + y1) / 2 - 4)
    if len(points) == len(("down", "side", "down", "in")):
        (x0, y0), (x1, _) = points[1], points[2]
        aside = half + 3 if x1 > x0 else -half - 3
        return Label(lines=(flow.name,), x=x0 + aside + (x1 - x0) / 3, y=y0 - 4)
    if len(points) > len(("down", "side", "down", "in")):
        return Label(lines=(flow.name,), x=points[2][0] - half - 4, y=points[2][1] - 4)
    x, y = points[0]
    return Label(lines=(flow.name,), x=x + half + 5, y=y + LINE + 3)


def _shape(node: Node, box: Box, state: str) -> str:
    css = f"node {state}".strip()
    x, y = box.x + box.width / 2, box.y + box.height / 2
    if node.kind.endswith("Task"):
        size = f'width="{box.width:g}" height="{box.height:g}"'
        return f'<rect class="{css}" x="{box.x:g}" y="{box.y:g}" {size} rx="4"/>'
    if node.kind.endswith("Gateway"):
        half = box.width / 2
        d = f"m{x:g} {box.y:g} {half:g} {half:g}-{half:g} {half:g}-{half:g}-{half:g}z"
        return f'<path class="{css}" d="{d}"/>'
    heavy = ' stroke-width="3"' if node.kind == "endEvent" else ""
    return f'<circle class="{css}" cx="{x:g}" cy="{y:g}" r="{box.width / 2:g}"{heavy}/>'


def _caption(node: Node, placed: Layout, *, here: bool) -> Label:
    """Return a node's words: inside a step, beside or below what is too small to hold them."""
    box = placed.boxes[node.id]
    room = box.width if node.kind.endswith("Task") else CAPTION_WIDTH
    lines = (*_wrapped(node.name, int(room / LETTER)), *((HERE,) if here else ()))
    x, y = box.x + box.width / 2, box.y + box.height / 2
    if node.kind.endswith("Task"):
        return Label(lines=lines, x=x, y=y - (len(lines) - 1) * LINE / 2 + 4)
    if not placed.narrow:
        return Label(lines=lines, x=x, y=box.y + box.height + 13)
    widest = max((len(line) for line in lines), default=0) * LETTER / 2
    lift = GAP if node.kind.endswith("Gateway") else 0
    return Label(
        lines=lines,
        x=box.x + box.width + widest + 5,
        y=y - lift - (len(lines) - 1) * LINE / 2 + 4,
    )


@lru_cache(maxsize=4096)
def _wrapped(words: str, width: int) -> tuple[str, ...]:
    return tuple(wrap(words, width=width))


def _state(node_id: str, progress: Progress) -> str:
    if node_id in progress.now:
        return "now"
    if node_id in progress.done:
        return "done"
    return "next" if node_id in progress.following else ""
