"""What a pack must know of its BPMN files: the steps, who does them, the names in conditions.

Whether a flow may run is the workflow engine's own check; here only what packs refer to.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from cuaso.declarations.trouble import BadDeclaration, DeclarationError

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LIMIT_BYTES: Final = 1024 * 1024
_TASKS: Final = ("userTask", "serviceTask", "receiveTask")


@dataclass(frozen=True, kw_only=True)
class FlowStep:
    """A task of a flow; `kind` is the BPMN element, `operation` what a service task asks for."""

    id: str
    kind: str
    title: str
    lane: str
    operation: str
    line: int


@dataclass(frozen=True, kw_only=True)
class FlowFile:
    path: Path
    process_id: str
    title: str
    steps: tuple[FlowStep, ...]
    xml: bytes

    @property
    def people_steps(self) -> dict[str, FlowStep]:
        """The steps that wait for a person, by id."""
        return {step.id: step for step in self.steps if step.kind == "userTask"}


def read_flow(path: Path) -> FlowFile:
    """Read a BPMN file, suspecting it; raise BadDeclaration."""
    xml = path.read_bytes()
    if len(xml) > LIMIT_BYTES or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise _bad(path, "Tệp quy trình quá lớn hoặc có khai báo DOCTYPE.", "Hãy xuất lại tệp.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise _bad(path, "Tệp không phải XML đúng quy tắc.", "Hãy xuất lại tệp.", line) from None
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        raise _bad(path, "Tệp không có quy trình BPMN nào.", "Hãy vẽ một quy trình.")
    return FlowFile(
        path=path,
        process_id=process.get("id", ""),
        title=process.get("name", ""),
        steps=tuple(_steps(process)),
        xml=xml,
    )


def _steps(process: etree._Element) -> list[FlowStep]:
    lanes = {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in process.iter(f"{{{BPMN}}}lane")
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef")
    }
    return [
        FlowStep(
            id=element.get("id", ""),
            kind=kind,
            title=element.get("name", ""),
            lane=lanes.get(element.get("id", ""), ""),
            operation=element.get("implementation", ""),
            line=getattr(element, "sourceline", None) or 0,
        )
        for kind in _TASKS
        for element in process.findall(f"{{{BPMN}}}{kind}")
    ]


def _bad(path: Path, what: str, remedy: str, line: int = 0) -> BadDeclaration:
    return BadDeclaration([DeclarationError(file=path, line=line, what=what, remedy=remedy)])
