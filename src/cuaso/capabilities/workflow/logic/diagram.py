"""A BPMN file as plain values: what the linter, the engine and the drawing read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TASKS = frozenset({"userTask", "manualTask", "serviceTask", "receiveTask", "sendTask"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
CHOICES = frozenset({"exclusiveGateway"})
GATEWAYS = CHOICES | {"parallelGateway", "eventBasedGateway"}
NODES = TASKS | EVENTS | GATEWAYS
PEOPLE = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, kw_only=True)
class Timer:
    """`form` is date, duration or cycle."""

    form: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Expressions of a repeated step by their BPMN name; `attributes` as written."""

    kind: str
    expressions: Mapping[str, str]
    attributes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Node:
    id: str
    kind: str
    name: str
    line: int
    lane: str = ""
    default: str = ""
    attached_to: str = ""
    interrupts: bool = True
    message_ref: str = ""
    timer: Timer | None = None
    definitions: tuple[str, ...] = ()
    loop: Loop | None = None
    operation: str = ""

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, kw_only=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    condition: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """An element that the profile does not know."""

    kind: str
    id: str
    name: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Box:
    x: float
    y: float
    width: float
    height: float


Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """`doubled` are ids used twice; `processes` counts those with steps; `correlations` are
    retrieval expressions by the id of their property.
    """

    process_id: str
    title: str
    processes: int
    executable: bool
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    messages: Mapping[str, str]
    properties: frozenset[str]
    strangers: tuple[Stranger, ...]
    doubled: tuple[str, ...]
    correlations: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, Box] = field(default_factory=dict)
    edges: Mapping[str, Points] = field(default_factory=dict)

    @property
    def timed(self) -> bool:
        """Say whether any node waits for a moment."""
        return any(node.timer is not None for node in self.nodes.values())

    def outgoing(self, node_id: str) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if flow.source == node_id)

    def incoming(self, node_id: str) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if flow.target == node_id)

    def boundaries(self, node_id: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes.values() if node.attached_to == node_id)

    def message_of(self, node: Node) -> str:
        return self.messages.get(node.message_ref, "")

    def next_to(self, node_id: str) -> tuple[str, ...]:
        """Return the nodes that a token in `node_id` may go to in one move."""
        moves = [flow.target for flow in self.outgoing(node_id)]
        return (*moves, *(event.id for event in self.boundaries(node_id)))
