from django.db.models import Min

from cuaso.services.national_portal.contracts import (
    FailedUpdate,
    MissingDossier,
    Reconciled,
    Standing,
)
from cuaso.services.national_portal.logic import reconcile, surroundings
from cuaso.services.national_portal.models import FeeRefund, Missing, Reconciliation, Update

CAP = 1000
MOST_SHOWN = 50


def standing() -> Standing:
    """Say how the synchronisation stands, without asking the portal; counts end at a thousand."""
    waits = Update.objects.filter(state__in=["waiting", "sending"])
    waiting = waits.order_by()[:CAP].count()
    oldest = waits.aggregate(at=Min("made_at"))["at"] if waiting else None
    troubled = waits.exclude(trouble="").order_by("-next_try_at").first()
    refunds = FeeRefund.objects.filter(state__in=["waiting", "sending", "taken"])
    going_back = refunds.order_by()[:CAP].count()
    return Standing(
        configured=bool(surroundings.base()),
        say=_say(
            waiting,
            _capped(Update, "failed"),
            lost=_capped(Missing, "refused"),
            going_back=going_back,
        ),
        refunds_waiting=going_back,
        waiting=waiting,
        oldest_at=oldest,
        trouble=troubled.trouble if troubled else "",
        failed=_failed(),
        missing=_missing(),
        last=_last(),
    )


def _capped(model: type[Update] | type[Missing], state: str) -> int:
    return model.objects.filter(state=state).order_by()[:CAP].count()


def _say(waiting: int, failed: int, *, lost: int, going_back: int) -> str:
    if not surroundings.base():
        return "Chưa cấu hình Cổng Dịch vụ công quốc gia (CUASO_NATIONAL_URL)."
    parts = []
    if failed:
        parts.append(f"{_count(failed)} trạng thái bị từ chối, cần người xem lại.")
    if lost:
        parts.append(f"{_count(lost)} hồ sơ của Cổng chưa về được tỉnh, cần người xem lại.")
    if waiting:
        parts.append(f"{_count(waiting)} trạng thái đang chờ gửi.")
    if going_back:
        parts.append(f"{_count(going_back)} khoản hoàn tiền đang chờ Cổng.")
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


def _missing() -> tuple[MissingDossier, ...]:
    rows = Missing.objects.filter(state__in=["waiting", "refused"]).order_by("-found_at")
    return tuple(
        MissingDossier(
            id=row.id,
            code=row.code,
            state="refused" if row.state == "refused" else "waiting",
            found_at=row.found_at,
            tries=row.tries,
            trouble=row.trouble,
        )
        for row in rows[:MOST_SHOWN]
    )


def _last() -> Reconciled | None:
    row = Reconciliation.objects.order_by("-at").first()
    return reconcile.seen(row) if row else None
