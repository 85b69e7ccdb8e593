"""Thaw an instance's state into SpiffWorkflow, move it, freeze it again."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from cuaso.capabilities.workflow.contracts import Kind
from cuaso.capabilities.workflow.logic.diagram import Diagram, Node
from cuaso.capabilities.workflow.logic.language import ENGINE, Untyped
from cuaso.capabilities.workflow.logic.spec import Due, drawing_of, spec_of

# Spiff logs every change of every token; the ledger and the outbox say it better.
logging.getLogger("spiff").setLevel(logging.WARNING)

_REGISTRY = BpmnWorkflowSerializer.configure()
_REGISTRY.register(Due, lambda due: {"name": due.name}, lambda kept: Due(kept["name"]))
_REACHED = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.COMPLETED
State = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Token:
    """Where the flow stands: a step that waits, or a timer that runs (`kind` "due")."""

    id: UUID
    node: Node
    kind: Kind | str
    data: Mapping[str, object]


class Machine:
    """One instance in memory."""

    def __init__(self, *, xml: str, workflow: Untyped) -> None:
        self.diagram: Diagram = drawing_of(xml)
        self._flow = workflow

    @classmethod
    def begin(cls, *, xml: str, data: Mapping[str, object]) -> "Machine":
        workflow = BpmnWorkflow(spec_of(xml), script_engine=ENGINE)
        workflow.task_tree.set_data(**data)
        for task in workflow.get_tasks(state=TaskState.READY):
            task.set_data(**data)
        machine = cls(xml=xml, workflow=workflow)
        machine.settle()
        return machine

    @classmethod
    def thaw(cls, *, xml: str, state: State) -> "Machine":
        workflow = BpmnWorkflow(spec_of(xml), script_engine=ENGINE, deserializing=True)
        for row in state["tasks"]:
            workflow.tasks[UUID(row["id"])] = _REGISTRY.restore(row, workflow=workflow)
        workflow.task_tree = workflow.tasks[UUID(state["root"])]
        workflow.last_task = workflow.tasks.get(UUID(state["last"])) if state["last"] else None
        workflow.data = _REGISTRY.restore(state["data"])
        workflow.correlations = state["correlations"]
        workflow.success, workflow.completed = state["success"], state["completed"]
        return cls(xml=xml, workflow=workflow)

    def freeze(self) -> State:
        """Return the state as plain JSON values."""
        # One copy through JSON cuts what Spiff shares between tasks and refuses what is no JSON.
        copied: State = json.loads(self.frozen())
        return copied

    def frozen(self) -> str:
        """Return the state as JSON text."""
        flow = self._flow
        state: State = {
            "tasks": [_REGISTRY.convert(task) for task in flow.tasks.values()],
            "root": str(flow.task_tree.id),
            "last": str(flow.last_task.id) if flow.last_task else None,
            "data": _REGISTRY.convert(flow.data),
            "correlations": flow.correlations,
            "success": flow.success,
            "completed": flow.completed,
        }
        return json.dumps(state, allow_nan=False)

    def settle(self) -> None:
        self._flow.do_engine_steps()

    def finish_step(self, token: UUID, data: Mapping[str, object]) -> None:
        task = self._flow.get_task_from_id(token)
        task.set_data(**data)
        task.run()
        self.settle()

    def hear(self, token: UUID, message: str, data: Mapping[str, object]) -> None:
        """Bring a message to one waiting token."""
        definition = MessageEventDefinition(message)
        self._catch(token, BpmnEvent(definition, payload=dict(data)))

    def ring(self, token: UUID, element: str) -> None:
        """Fire the timer of one waiting token."""
        self._catch(token, BpmnEvent(Due(element)))

    def _catch(self, token: UUID, event: Untyped) -> None:
        task = self._flow.get_task_from_id(token)
        task.task_spec.catch(task, event)
        task.task_spec._update(task)  # noqa: SLF001 as Spiff's own EventManager.catch does
        self.settle()

    def cancel(self) -> None:
        self._flow.cancel()

    @property
    def finished(self) -> bool:
        return bool(self._flow.is_completed())

    def thrown(self) -> tuple[tuple[str, Mapping[str, object]], ...]:
        """Return the messages that the last moves sent out of the flow, once."""
        return tuple((e.event_definition.name, e.payload or {}) for e in self._flow.get_events())

    def data(self) -> Mapping[str, object]:
        """Return the latest data: of the end, else of the last step that was done."""
        if self._flow.data:
            return dict(self._flow.data)
        last = self._flow.last_task or self._flow.task_tree
        return dict(last.data)

    def tokens(self) -> Iterator[Token]:
        for task in self._flow.get_tasks(state=TaskState.READY | TaskState.WAITING):
            node = self.diagram.nodes.get(task.task_spec.bpmn_id or "")
            if node is None:
                continue
            if task.state == TaskState.READY and task.task_spec.manual:
                kind = "service" if node.kind == "serviceTask" else "user"
                yield Token(id=task.id, node=node, kind=kind, data=task.data)
            elif task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
                yield from self._caught_by(task, node)

    def _caught_by(self, task: Untyped, node: Node) -> Iterator[Token]:
        """A gateway on events waits once for each of its next events."""
        awaited = [node]
        if node.kind == "eventBasedGateway":
            awaited = [self.diagram.nodes[flow.target] for flow in self.diagram.outgoing(node.id)]
        for event in awaited:
            kind = "due" if event.timer else "receive"
            yield Token(id=task.id, node=event, kind=kind, data=task.data)


def passed(*, xml: str, state: State) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the nodes that were completed and the moves that were made, by their ids.

    Read from the frozen state: a page that only shows where a flow stands need not move it.
    """
    specs = spec_of(xml).task_specs
    tasks: dict[str, State] = {task["id"]: task for task in state["tasks"]}
    names = {id: specs[task["task_spec"]].bpmn_id for id, task in tasks.items()}
    done: set[str] = set()
    moves: set[tuple[str, str]] = set()
    for id, task in tasks.items():
        name = names[id]
        if name is None or not task["state"] & _REACHED:
            continue
        if task["state"] & TaskState.COMPLETED:
            done.add(name)
        if before := _drawn_before(task, tasks, names):
            moves.add((before, name))
    return frozenset(done), frozenset(moves)


def _drawn_before(task: State, tasks: Mapping[str, State], names: Mapping[str, str | None]) -> str:
    parent = task["parent"]
    while parent is not None and names[parent] is None:
        parent = tasks[parent]["parent"]
    return names[parent] or "" if parent is not None else ""
