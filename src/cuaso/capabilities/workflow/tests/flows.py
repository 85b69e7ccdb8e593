"""Small drawings for tests, written as people would draw a dossier's way."""

from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
    'targetNamespace="https://cuaso.vn">\n'
)

BIRTH = (
    HEAD
    + """  <message id="m_supplement" name="supplement_submitted"/>
  <message id="m_withdraw" name="withdrawn"/>
  <process id="birth" name="Đăng ký khai sinh" isExecutable="true">
    <laneSet id="ls">
      <lane id="reception" name="Một cửa"><flowNodeRef>receive</flowNodeRef></lane>
      <lane id="handler" name="Tư pháp">
        <flowNodeRef> examine </flowNodeRef><flowNodeRef>consult</flowNodeRef>
      </lane>
      <lane id="leader" name="Lãnh đạo"><flowNodeRef>approve</flowNodeRef></lane>
      <lane id="clerk" name="Văn thư"><flowNodeRef>seal</flowNodeRef></lane>
    </laneSet>
    <startEvent id="submitted" name="Nộp"><outgoing>f1</outgoing></startEvent>
    <userTask id="receive" name="Tiếp nhận"/>
    <userTask id="examine" name="Thẩm tra"/>
    <exclusiveGateway id="examined" name="Đủ điều kiện?" default="f_refused"/>
    <receiveTask id="wait_supplement" name="Chờ bổ sung" messageRef="m_supplement"/>
    <parallelGateway id="split"/>
    <userTask id="consult" name="Xin ý kiến"/>
    <serviceTask id="personal_number" name="Lấy số định danh"/>
    <parallelGateway id="joined"/>
    <userTask id="approve" name="Trình ký"/>
    <boundaryEvent id="late" name="Quá hạn" attachedToRef="approve" cancelActivity="false">
      <timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <sendTask id="remind" name="Nhắc" messageRef="m_withdraw"/>
    <userTask id="seal" name="Đóng dấu"/>
    <endEvent id="delivered" name="Trả kết quả"/>
    <endEvent id="reminded"/>
    <endEvent id="refused" name="Từ chối"/>
    <sequenceFlow id="f1" sourceRef="submitted" targetRef="receive"/>
    <sequenceFlow id="f2" sourceRef="receive" targetRef="examine"/>
    <sequenceFlow id="f3" sourceRef="examine" targetRef="examined"/>
    <sequenceFlow id="f_refused" name="Không" sourceRef="examined" targetRef="refused"/>
    <sequenceFlow id="f_more" name="Thiếu" sourceRef="examined" targetRef="wait_supplement">
      <conditionExpression>decision == "supplement"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f_ok" name="Đủ" sourceRef="examined" targetRef="split">
      <conditionExpression>decision == "approve"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f4" sourceRef="wait_supplement" targetRef="examine"/>
    <sequenceFlow id="f5" sourceRef="split" targetRef="consult"/>
    <sequenceFlow id="f6" sourceRef="split" targetRef="personal_number"/>
    <sequenceFlow id="f7" sourceRef="consult" targetRef="joined"/>
    <sequenceFlow id="f8" sourceRef="personal_number" targetRef="joined"/>
    <sequenceFlow id="f9" sourceRef="joined" targetRef="approve"/>
    <sequenceFlow id="f10" sourceRef="approve" targetRef="seal"/>
    <sequenceFlow id="f11" sourceRef="seal" targetRef="delivered"/>
    <sequenceFlow id="f12" sourceRef="late" targetRef="remind"/>
    <sequenceFlow id="f13" sourceRef="remind" targetRef="reminded"/>
  </process>
</definitions>
"""
)


def flow(body: str, *, top: str = "", executable: bool = True) -> bytes:
    """Return a file whose process holds `body`; `top` stands beside the process."""
    yes = "true" if executable else "false"
    head = f'{HEAD}{top}<process id="p" name="Thử" isExecutable="{yes}">'
    return f"{head}{body}</process></definitions>".encode()


def line(*nodes: str) -> str:
    """Return sequence flows that join the nodes one after another."""
    pairs = pairwise(nodes)
    return "".join(edge(source, target) for source, target in pairs)


def edge(source: str, target: str, condition: str = "") -> str:
    name = f"{source}_{target}"
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return (
        f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</sequenceFlow>"
    )


def lanes(*nodes: str) -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    return f'<laneSet id="ls"><lane id="l" name="handler">{refs}</lane></laneSet>'


START = '<startEvent id="s"/>'
END = '<endEvent id="e"/>'
WORK = '<userTask id="work" name="Làm"/>'
