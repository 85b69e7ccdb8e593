from cuaso.capabilities.workflow import contracts
from cuaso.capabilities.workflow.logic.deploy import seen
from cuaso.capabilities.workflow.models import FlowVersion
from cuaso.kernel.errors import NotFound


def flows(key: str | None = None) -> tuple[contracts.FlowVersion, ...]:
    """Return deployed versions, of one flow or of all, newest version first in each."""
    rows = FlowVersion.objects.filter(key=key) if key else FlowVersion.objects.all()
    return tuple(seen(row, fresh=False) for row in rows.order_by("key", "-number"))


def xml_of(*, key: str, version: int) -> bytes:
    """Return the bytes of a version as they were deployed; raise NotFound."""
    row = FlowVersion.objects.select_related("spec").filter(key=key, number=version).first()
    if row is None:
        raise NotFound(code="workflow.no_flow", what=f"Không có quy trình “{key}” bản {version}.")
    return row.spec.xml.encode()
