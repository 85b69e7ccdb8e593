"""How the linter names an element to whoever drew it."""

from typing import Protocol

from cuaso.capabilities.workflow.contracts import Finding, Severity

KINDS = {
    "userTask": "bước người làm",
    "manualTask": "bước làm tay",
    "serviceTask": "bước dịch vụ",
    "receiveTask": "bước chờ tin",
    "sendTask": "bước gửi tin",
    "startEvent": "điểm bắt đầu",
    "endEvent": "điểm kết thúc",
    "intermediateCatchEvent": "điểm chờ",
    "intermediateThrowEvent": "điểm phát tin",
    "boundaryEvent": "sự kiện gắn mép",
    "exclusiveGateway": "cổng rẽ nhánh",
    "parallelGateway": "cổng song song",
    "eventBasedGateway": "cổng chờ sự kiện",
}


class Named(Protocol):
    """What has an id, a kind, a name and a line: nodes and strangers."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def line(self) -> int: ...


def called(element: Named) -> str:
    """Return “Thẩm tra” (bước người làm, mã examine)."""
    kind = KINDS.get(element.kind, element.kind)
    return f"“{element.name or element.id}” ({kind}, mã {element.id or 'chưa có'})"


def finding(
    element: Named, *, rule: str, say: str, mend: str, severity: Severity = "error"
) -> Finding:
    """Return a finding on one element; `say` goes on after its name."""
    return Finding(
        rule=rule,
        element=element.id,
        title=element.name,
        line=element.line,
        say=f"{called(element)} {say}",
        mend=mend,
        severity=severity,
    )


def on_whole(*, rule: str, say: str, mend: str, severity: Severity = "error") -> Finding:
    return Finding(rule=rule, element="", title="", line=0, say=say, mend=mend, severity=severity)
