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
_OWN_RULES: Final = "Tệp quy trình khai báo DOCTYPE hoặc ENTITY, có thể kéo theo nội dung lạ."
_NO_RULES: Final = "Hãy mở lại bằng công cụ vẽ BPMN và xuất tệp mới."


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
    # Names that conditions read, with the line of each.
    variables: tuple[tuple[str, int], ...] = ()

    @property
    def people_steps(self) -> dict[str, FlowStep]:
        """The steps that wait for a person, by id."""
        return {step.id: step for step in self.steps if step.kind == "userTask"}


def read_flow(path: Path) -> FlowFile:
    """Read a BPMN file, suspecting it; raise BadDeclaration."""
    return flow_of(path.read_bytes(), path=path)


def flow_of(xml: bytes, *, path: Path) -> FlowFile:
    """Read the bytes of a BPMN file as `read_flow` does; `path` is where they would stand."""
    if len(xml) > LIMIT_BYTES:
        raise _bad(path, "Tệp quy trình lớn quá 1 MB.", "Hãy bỏ hình ảnh nhúng rồi xuất lại tệp.")
    _refuse_own_rules(path, xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise _bad(path, "Tệp không phải XML đúng quy tắc.", "Hãy xuất lại tệp.", line) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _bad(path, _OWN_RULES, _NO_RULES, 1)
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        raise _bad(path, "Tệp không có quy trình BPMN nào.", "Hãy vẽ một quy trình.")
    return FlowFile(
        path=path,
        process_id=process.get("id", ""),
        title=process.get("name", ""),
        steps=tuple(_steps(process)),
        xml=xml,
        variables=tuple(
            (one.get("name", ""), getattr(one, "sourceline", None) or 0)
            for one in process.findall(f"{{{BPMN}}}property")
        ),
    )


def _refuse_own_rules(path: Path, xml: bytes) -> None:
    found = [at for word in (b"<!DOCTYPE", b"<!ENTITY") if (at := xml.find(word)) >= 0]
    if found:
        raise _bad(path, _OWN_RULES, _NO_RULES, xml.count(b"\n", 0, min(found)) + 1)


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
