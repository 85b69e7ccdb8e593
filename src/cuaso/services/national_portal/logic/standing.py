from django.db.models import Min

from cuaso.services.national_portal.contracts import FailedUpdate, Reconciled, Standing
from cuaso.services.national_portal.logic import reconcile, surroundings
from cuaso.services.national_portal.models import Reconciliation, Update

CAP = 1000
MOST_SHOWN = 50


def standing() -> Standing:
    """Say how the synchronisation stands, without asking the portal; counts end at a thousand."""
    waits = Update.objects.filter(state__in=["waiting", "sending"])
    waiting = waits.order_by()[:CAP].count()
    oldest = waits.aggregate(at=Min("made_at"))["at"] if waiting else None
    troubled = waits.exclude(trouble="").order_by("-next_try_at").first()
    return Standing(
        configured=bool(surroundings.base()),
        say=_say(waiting, Update.objects.filter(state="failed").order_by()[:CAP].count()),
        waiting=waiting,
        oldest_at=oldest,
        trouble=troubled.trouble if troubled else "",
        failed=_failed(),
        last=_last(),
    )


def _say(waiting: int, failed: int) -> str:
    if not surroundings.base():
        return "Chưa cấu hình Cổng Dịch vụ công quốc gia (CUASO_NATIONAL_URL)."
    parts = []
    if failed:
        parts.append(f"{_count(failed)} trạng thái bị từ chối, cần người xem lại.")
    if waiting:
        parts.append(f"{_count(waiting)} trạng thái đang chờ gửi.")
    return " ".join(parts) or "Cổng Dịch vụ công quốc gia đã có mọi trạng thái."


def _count(number: int) -> str:
    return f"{number}" if number < CAP else f"Ít nhất {CAP}"


def _failed() -> tuple[FailedUpdate, ...]:
    rows = Update.objects.filter(state="failed").select_related("link").order_by("-made_at")
    return tuple(
        FailedUpdate(
            id=row.id,
            code=row.link.code,
            status=row.status,
            made_at=row.made_at,
            tries=row.tries,
            trouble=row.trouble,
        )
        for row in rows[:MOST_SHOWN]
    )


def _last() -> Reconciled | None:
    row = Reconciliation.objects.order_by("-at").first()
    return reconcile.seen(row) if row else None
