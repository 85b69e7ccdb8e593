"""Read the bytes of a BPMN file, suspecting them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.diagram import (
    NODES,
    Box,
    Diagram,
    Flow,
    Loop,
    Node,
    Points,
    Stranger,
    Timer,
)

LIMIT_BYTES = 1024 * 1024
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
LAYOUT = "http://www.omg.org/spec/DD/20100524/DI"

TIMER_FORMS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
# Parts of a process or a node that carry no behaviour, or that are read with their owner.
SILENT = frozenset(
    {
        "sequenceFlow",
        "laneSet",
        "documentation",
        "extensionElements",
        "textAnnotation",
        "association",
        "group",
        "property",
        "incoming",
        "outgoing",
        "category",
        "auditing",
        "monitoring",
        "correlationSubscription",
        *LOOPS,
    }
)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class Unreadable(Exception):
    """The bytes are no BPMN file that may be read; `finding` says why."""

    def __init__(self, *, rule: str, say: str, mend: str, line: int = 0) -> None:
        super().__init__(say)
        self.finding = Finding(rule=rule, element="", title="", line=line, say=say, mend=mend)


def read(xml: bytes) -> Diagram:
    """Return the file as plain values; raise Unreadable for what is dangerous or broken."""
    root = _parse(xml)
    processes = [p for p in _children(root, "process") if any(True for _ in _steps(p))]
    if not processes:
        raise Unreadable(
            rule="bpmn.no_process",
            say="Tệp không có quy trình nào có bước.",
            mend="Hãy vẽ ít nhất một quy trình từ điểm bắt đầu đến điểm kết thúc.",
        )
    process = processes[0]
    lanes = dict(_lanes(process))
    nodes = {node.id: node for node in _nodes(process, lanes)}
    ids = Counter(e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id"))
    return Diagram(
        process_id=process.get("id", ""),
        title=_named(process),
        processes=len(processes),
        executable=process.get("isExecutable") == "true",
        nodes=nodes,
        flows=tuple(_flows(process)),
        messages={m.get("id", ""): m.get("name", "") for m in _children(root, "message")},
        properties=frozenset(_named(p) for p in _children(process, "property")),
        strangers=tuple(_strangers(process)),
        doubled=tuple(sorted(str(name) for name, count in ids.items() if count > 1)),
        correlations=dict(_correlations(root)),
        shapes=dict(_shapes(root)),
        edges=dict(_edges(root)),
    )


def _parse(xml: bytes) -> etree._Element:
    if len(xml) > LIMIT_BYTES:
        raise Unreadable(
            rule="xml.too_large",
            say=f"Tệp lớn {len(xml)} byte, vượt giới hạn {LIMIT_BYTES} byte.",
            mend="Hãy bỏ hình ảnh và phần mở rộng nhúng trong tệp, hoặc tách quy trình.",
        )
    _refuse_encoding(xml)
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise _dangerous()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            rule="xml.broken",
            line=error.lineno or 0,
            say=f"Tệp không phải XML đúng quy tắc (dòng {error.lineno}): {error.msg}.",
            mend="Hãy mở lại bằng công cụ vẽ BPMN và xuất tệp mới.",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _dangerous()
    if root.tag != f"{{{BPMN}}}definitions":
        raise Unreadable(
            rule="bpmn.not_bpmn",
            say="Tệp không phải BPMN 2.0: phần tử gốc không phải “definitions” của BPMN.",
            mend="Hãy xuất tệp ở dạng BPMN 2.0 XML.",
        )
    return root


def _refuse_encoding(xml: bytes) -> None:
    """Only UTF-8: in any other encoding the search for a DOCTYPE could be passed by."""
    declared = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf"))
    named = declared.group(1).lower() if declared else b"utf-8"
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        named = b"?"
    if named not in (b"utf-8", b"utf8", b"us-ascii") or b"\x00" in xml:
        raise Unreadable(
            rule="xml.encoding",
            say="Tệp không ở bảng mã UTF-8.",
            mend="Hãy lưu lại tệp ở bảng mã UTF-8.",
        )


def _dangerous() -> Unreadable:
    return Unreadable(
        rule="xml.dangerous",
        say="Tệp có khai báo DOCTYPE hoặc ENTITY, có thể dùng để đọc trộm hoặc làm treo máy.",
        mend="Hãy bỏ các khai báo đó; BPMN không cần đến chúng.",
    )


def _children(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{{BPMN}}}{name}")


def _local(element: etree._Element) -> str:
    """Return the BPMN name of an element; "" for comments and other vocabularies."""
    if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{BPMN}}}"):
        return ""
    return etree.QName(element).localname


def _steps(process: etree._Element) -> Iterator[etree._Element]:
    return (child for child in process if _local(child) and _local(child) not in SILENT)


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _named(element: etree._Element) -> str:
    return element.get("name") or element.get("id") or ""


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _lanes(process: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield node id and lane id, by which packs name who works there; an inner lane wins."""
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for ref in _children(lane, "flowNodeRef"):
            yield _text(ref), lane.get("id") or _named(lane)


def _nodes(process: etree._Element, lanes: Mapping[str, str]) -> Iterator[Node]:
    for element in _steps(process):
        if _local(element) in NODES:
            yield _node(element, lanes)


def _node(element: etree._Element, lanes: Mapping[str, str]) -> Node:
    definitions = [c for c in element if _local(c).endswith("EventDefinition")]
    refs = [c.get("messageRef", "") for c in definitions if _local(c) == "messageEventDefinition"]
    implementation = element.get("implementation", "")
    node_id = element.get("id", "")
    return Node(
        id=node_id,
        kind=_local(element),
        name=" ".join(element.get("name", "").split()),
        line=_line(element),
        lane=lanes.get(node_id, ""),
        default=element.get("default", ""),
        attached_to=element.get("attachedToRef", ""),
        interrupts=element.get("cancelActivity", "true") != "false",
        message_ref=element.get("messageRef", "") or next(iter(refs), ""),
        timer=_timer(definitions),
        definitions=tuple(_local(c) for c in definitions),
        loop=_loop(element),
        operation=implementation if not implementation.startswith("##") else "",
    )


def _timer(definitions: list[etree._Element]) -> Timer | None:
    for definition in definitions:
        for child in definition:
            if form := TIMER_FORMS.get(_local(child)):
                return Timer(form=form, text=_text(child))
    return None


def _loop(element: etree._Element) -> Loop | None:
    for kind in LOOPS:
        for loop in _children(element, kind):
            texts = {_local(child): _text(child) for child in loop if _local(child)}
            return Loop(
                kind=kind,
                expressions=texts,
                attributes={str(k): str(v) for k, v in loop.attrib.items()},
            )
    return None


def _flows(process: etree._Element) -> Iterator[Flow]:
    for element in _children(process, "sequenceFlow"):
        yield Flow(
            id=element.get("id", ""),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            name=" ".join(element.get("name", "").split()),
            condition=_text(element.find(f"{{{BPMN}}}conditionExpression")),
            line=_line(element),
        )


def _strangers(process: etree._Element) -> Iterator[Stranger]:
    for element in _steps(process):
        if _local(element) not in NODES:
            yield _stranger(element, owner=element)
            continue
        for child in element:
            name = _local(child)
            if name and name not in SILENT and not name.endswith("EventDefinition"):
                yield _stranger(child, owner=element)


def _stranger(element: etree._Element, *, owner: etree._Element) -> Stranger:
    return Stranger(
        kind=_local(element),
        id=owner.get("id", ""),
        name=owner.get("name", ""),
        line=_line(element),
    )


def _correlations(root: etree._Element) -> Iterator[tuple[str, str]]:
    for prop in _children(root, "correlationProperty"):
        for retrieval in _children(prop, "correlationPropertyRetrievalExpression"):
            yield prop.get("id", ""), _text(next(iter(retrieval), None))


def _number(element: etree._Element, name: str) -> float:
    try:
        return float(element.get(name, "0"))
    except ValueError:
        return 0.0


def _shapes(root: etree._Element) -> Iterator[tuple[str, Box]]:
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            values = {name: _number(bounds, name) for name in ("x", "y", "width", "height")}
            yield shape.get("bpmnElement", ""), Box(**values)


def _edges(root: etree._Element) -> Iterator[tuple[str, Points]]:
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        points = edge.findall(f"{{{LAYOUT}}}waypoint")
        yield edge.get("bpmnElement", ""), tuple((_number(p, "x"), _number(p, "y")) for p in points)
