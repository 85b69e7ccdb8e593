"""A drawing as SpiffWorkflow's specification, built once a process for the same bytes."""

from functools import lru_cache

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
    ReceiveTaskParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    ExclusiveGateway,
    IntermediateCatchEvent,
    ManualTask,
    ParallelGateway,
    ReceiveTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from cuaso.capabilities.workflow.logic.diagram import Diagram
from cuaso.capabilities.workflow.logic.language import Untyped
from cuaso.capabilities.workflow.logic.source import read


class Due(EventDefinition):  # type: ignore[misc] # Spiff has no types
    """A timer that never looks at a clock: it has fired when `run_due` says so."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Due) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class _Still:
    """Order of flows is the file's, never the drawing's: Spiff would sort choices by height."""

    def get_position(self, *_: object) -> dict[str, float]:
        return {"x": 0.0, "y": 0.0}


class _Timers:
    node: Untyped

    def parse_timer_event(self, *_: object) -> Due:
        return Due(self.node.get("id"))


class _Task(_Still, TaskParser):  # type: ignore[misc]
    pass


class _Gateway(_Still, GatewayParser):  # type: ignore[misc]
    pass


class _Choice(_Still, ConditionalGatewayParser):  # type: ignore[misc]
    pass


class _Catch(_Still, _Timers, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Boundary(_Still, _Timers, BoundaryEventParser):  # type: ignore[misc]
    pass


class _Receive(_Still, ReceiveTaskParser):  # type: ignore[misc]
    pass


class _EventGateway(_Still, EventBasedGatewayParser):  # type: ignore[misc]
    pass


class ProfileParser(BpmnParser):  # type: ignore[misc] # Spiff has no types
    """Builds only what the profile knows; a service task waits like a person's."""

    OVERRIDE_PARSER_CLASSES = {
        full_tag("userTask"): (_Task, UserTask),
        full_tag("manualTask"): (_Task, ManualTask),
        full_tag("serviceTask"): (_Task, UserTask),
        full_tag("receiveTask"): (_Receive, ReceiveTask),
        full_tag("exclusiveGateway"): (_Choice, ExclusiveGateway),
        full_tag("parallelGateway"): (_Gateway, ParallelGateway),
        full_tag("eventBasedGateway"): (_EventGateway, EventBasedGateway),
        full_tag("intermediateCatchEvent"): (_Catch, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_Boundary, BoundaryEvent),
        **dict.fromkeys(
            map(full_tag, ("scriptTask", "subProcess", "transaction", "callActivity", "task")),
            (None, None),
        ),
    }


@lru_cache(maxsize=256)
def drawing_of(xml: str) -> Diagram:
    return read(xml.encode())


@lru_cache(maxsize=256)
def spec_of(xml: str) -> Untyped:
    """Return Spiff's specification; shared by threads, so nothing may change it afterwards."""
    diagram = drawing_of(xml)
    parser = ProfileParser()
    parser.add_bpmn_xml(_root(xml))
    spec = parser.get_spec(diagram.process_id)
    _connect_loops(spec)
    return spec


def _root(xml: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(xml.encode(), parser)


def _connect_loops(spec: Untyped) -> None:
    """Spiff connects a loop to its rounds only when it makes the first: lost on a restore."""
    for task in spec.task_specs.values():
        if isinstance(task, LoopTask):
            spec.task_specs[task.task_spec].completed_event.connect(task.merge_child)
