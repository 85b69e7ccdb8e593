"""Rules on single elements: which there may be, and what each needs."""

import re
from collections.abc import Iterator

from cuaso.capabilities.workflow.contracts import Finding
from cuaso.capabilities.workflow.logic.diagram import PEOPLE, Diagram, Node
from cuaso.capabilities.workflow.logic.lint.saying import finding, on_whole

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,119}", re.ASCII)
# Names that the engine gives to steps of its own.
_TAKEN = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_SUBPROCESS = (
    "là quy trình con, hiện chưa chạy được.",
    "Hãy vẽ thẳng các bước bên trong vào quy trình này.",
)
_DATA = (
    "có gắn đối tượng dữ liệu.",
    "Hãy bỏ đi: biểu mẫu và giấy tờ nằm trong hồ sơ, quy trình chỉ giữ vài biến như decision.",
)
KEY_LENGTH = 200
REFUSED = {
    "scriptTask": (
        "là bước chạy mã, điều này không được phép.",
        "Hãy dùng bước dịch vụ (serviceTask), hoặc đưa phép tính vào điều kiện CEL.",
    ),
    "task": (
        "chưa nói ai làm.",
        "Hãy đổi thành bước người làm (userTask) hoặc bước dịch vụ (serviceTask).",
    ),
    "businessRuleTask": (
        "là bảng quyết định, hiện chưa chạy được.",
        "Hãy dùng cổng rẽ nhánh với điều kiện CEL.",
    ),
    "inclusiveGateway": (
        "là cổng chọn nhiều nhánh, hiện chưa chạy được.",
        "Hãy dùng cổng song song, và đặt cổng rẽ nhánh trong mỗi nhánh có thể bỏ qua.",
    ),
    "complexGateway": (
        "là cổng phức hợp, không chạy được.",
        "Hãy dùng cổng rẽ nhánh hoặc cổng song song.",
    ),
    **dict.fromkeys(("subProcess", "transaction", "adHocSubProcess", "callActivity"), _SUBPROCESS),
    **dict.fromkeys(
        (
            "dataObject",
            "dataObjectReference",
            "dataStoreReference",
            "dataInputAssociation",
            "dataOutputAssociation",
            "ioSpecification",
        ),
        _DATA,
    ),
}
EVENT_KINDS = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminateEventDefinition", "messageEventDefinition"}),
    "intermediateCatchEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
    "intermediateThrowEvent": frozenset({"messageEventDefinition"}),
    "boundaryEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
}
_NEEDS_EVENT = frozenset({"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})


def whole(diagram: Diagram) -> Iterator[Finding]:
    if diagram.processes > 1:
        yield on_whole(
            rule="bpmn.several_processes",
            say=f"Tệp có {diagram.processes} quy trình có bước; mỗi tệp chỉ chạy một.",
            mend="Hãy tách mỗi quy trình ra một tệp.",
        )
    if not diagram.executable:
        yield on_whole(
            rule="bpmn.not_executable",
            say=f"Quy trình “{diagram.title}” chưa được đánh dấu là chạy được.",
            mend='Hãy bật thuộc tính “Executable” (isExecutable="true") của quy trình.',
        )
    for name in diagram.doubled:
        yield on_whole(
            rule="bpmn.id_twice",
            say=f"Mã “{name}” dùng cho nhiều phần tử.",
            mend="Hãy đặt cho mỗi phần tử một mã riêng.",
        )
    if not diagram.shapes:
        yield on_whole(
            rule="bpmn.no_drawing",
            severity="warning",
            say="Tệp không có hình vẽ; hệ thống sẽ tự xếp hình khi hiển thị.",
            mend="Nếu muốn giữ cách trình bày riêng, hãy mở tệp bằng công cụ vẽ và lưu lại.",
        )


def strangers(diagram: Diagram) -> Iterator[Finding]:
    for stranger in diagram.strangers:
        say, mend = REFUSED.get(
            stranger.kind,
            (
                f"có phần tử “{stranger.kind}” không thuộc tập được dùng.",
                "Hãy thay bằng bước, sự kiện hoặc cổng trong tập được dùng.",
            ),
        )
        yield finding(stranger, rule=f"element.{stranger.kind}", say=say, mend=mend)


def identifiers(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if not _ID.fullmatch(node.id) or node.id in _TAKEN:
            yield finding(
                node,
                rule="element.id",
                say="có mã không dùng được.",
                mend="Mã bắt đầu bằng chữ cái không dấu, chỉ có chữ, số và dấu gạch dưới, "
                "và không trùng mã riêng của máy (Start, End, Root).",
            )


def lengths(diagram: Diagram) -> Iterator[Finding]:
    """What a step is found by must fit its column whole."""
    for node in diagram.nodes.values():
        keys = (node.lane, node.operation, diagram.message_of(node))
        if max(map(len, keys)) > KEY_LENGTH:
            yield finding(
                node,
                rule="element.key_too_long",
                say=f"có mã làn, tên tin hoặc tên dịch vụ dài quá {KEY_LENGTH} ký tự.",
                mend="Hãy rút ngắn tên đó.",
            )


def people(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if node.kind in PEOPLE and not node.lane:
            yield finding(
                node,
                rule="user_task.no_lane",
                say="không nằm trong làn nào nên không biết ai làm.",
                mend="Hãy đặt bước vào làn của người hoặc bộ phận làm việc này.",
            )
        if node.kind in PEOPLE and not node.name:
            yield finding(
                node,
                rule="user_task.no_name",
                say="chưa có tên để hiện cho người làm.",
                mend="Hãy đặt tên bằng một động từ, ví dụ “Thẩm tra hồ sơ”.",
            )


def ends(diagram: Diagram) -> Iterator[Finding]:
    starts = [n for n in diagram.nodes.values() if n.kind == "startEvent"]
    if len(starts) != 1:
        yield on_whole(
            rule="start.count",
            say=f"Quy trình có {len(starts)} điểm bắt đầu; cần đúng một.",
            mend="Hãy giữ một điểm bắt đầu và nối các đường vào đó.",
        )
    if not any(n.kind == "endEvent" for n in diagram.nodes.values()):
        yield on_whole(
            rule="end.none",
            say="Quy trình không có điểm kết thúc nên hồ sơ không bao giờ xong.",
            mend="Hãy thêm điểm kết thúc sau bước cuối cùng.",
        )


def events(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        allowed = EVENT_KINDS.get(node.kind)
        if allowed is None:
            continue
        for kind in node.definitions:
            if kind not in allowed:
                yield finding(
                    node,
                    rule="event.kind",
                    say=f"thuộc loại “{kind}” chưa chạy được.",
                    mend="Điểm bắt đầu để trống; điểm chờ và sự kiện gắn mép dùng tin hoặc "
                    "hẹn giờ; điểm phát dùng tin.",
                )
        if node.kind in _NEEDS_EVENT and len(node.definitions) != 1:
            yield finding(
                node,
                rule="event.count",
                say=f"có {len(node.definitions)} loại sự kiện; cần đúng một.",
                mend="Hãy chọn cho nó một tin hoặc một hẹn giờ.",
            )


def messages(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if _speaks(node) and not diagram.message_of(node):
            lack = "chưa chọn tin" if not node.message_ref else "trỏ đến một tin không có"
            yield finding(
                node,
                rule="message.unresolved",
                say=f"{lack} (messageRef “{node.message_ref}”).",
                mend="Hãy khai báo phần tử “message” có tên và chọn nó ở đây.",
            )


def _speaks(node: Node) -> bool:
    return node.kind in ("receiveTask", "sendTask") or "messageEventDefinition" in node.definitions


def borders(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes.values():
        if node.kind != "boundaryEvent":
            continue
        host = diagram.nodes.get(node.attached_to)
        if host is None or not host.kind.endswith("Task"):
            yield finding(
                node,
                rule="boundary.host",
                say="không gắn vào bước nào.",
                mend="Hãy gắn nó vào mép của một bước.",
            )


RULES = (whole, strangers, identifiers, lengths, people, ends, events, messages, borders)
