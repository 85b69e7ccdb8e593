from cuaso.capabilities.exchange.contracts import Evidence, SourceStatus
from cuaso.capabilities.exchange.logic.person_facts import seen
from cuaso.capabilities.exchange.logic.source import BREAKER, configured
from cuaso.capabilities.exchange.models import Evidence as EvidenceRow
from cuaso.capabilities.exchange.models import Pending
from cuaso.kernel.subjects import Subject


def status() -> SourceStatus:
    """Say how the population source stands, without asking it."""
    resting = BREAKER.resting_until()
    waiting = Pending.objects.filter(state="waiting").count()
    if not configured():
        say = "Chưa cấu hình nguồn dữ liệu dân cư (CUASO_POPULATION_URL)."
    elif resting is not None:
        say = "Nguồn dữ liệu dân cư đang gián đoạn; hệ thống tự thử lại."
    else:
        say = "Nguồn dữ liệu dân cư hoạt động bình thường."
    return SourceStatus(
        ok=configured() and resting is None,
        configured=configured(),
        waiting=waiting,
        resting_until=resting,
        say=f"{say} {waiting} yêu cầu cấp số đang chờ." if waiting else say,
    )


def evidence_about(subject: Subject) -> tuple[Evidence, ...]:
    """Return what was asked for a subject, newest first."""
    rows = EvidenceRow.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return tuple(seen(row) for row in rows.order_by("-asked_at", "-id"))
