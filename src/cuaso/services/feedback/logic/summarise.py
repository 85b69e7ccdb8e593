from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.services.feedback.contracts import Figures, Summary
from cuaso.services.feedback.models import Complaint, Rating
from cuaso.services.procedures import api as procedures

# The house's own choice: fewer people than these might be told apart.
LEAST: Final = 5
HIGHEST_DISSATISFIED: Final = 2
SOURCE: Final = (
    "Quyết định 766/QĐ-TTg ngày 23/6/2022, nhóm “Mức độ hài lòng”: hồ sơ bị đánh giá không hài "
    "lòng, bị phản ánh hoặc quá hạn được tính là không hài lòng"
)


def summary(*, agency_id: UUID, since: date, until: date) -> Summary:
    """Return how satisfied an agency's applicants were with results delivered on legal days.

    Both ends are included. Figures only: no person, no remark, no dossier. How 766/QĐ-TTg counts
    was read in a secondary source, so it is `unverified`.
    """
    rows = _delivered(agency_id, since, until)
    told = {name: rows.aggregate(**{name: how})[name] for name, how in _measures().items()}
    each = rows.values("procedure_code").annotate(**_measures()).order_by("procedure_code")
    return Summary(
        agency_id=agency_id,
        since=since,
        until=until,
        whole=_figures("", told),
        procedures=tuple(_figures(str(one["procedure_code"]), one) for one in each),
        source=SOURCE,
        unverified=True,
    )


def _delivered(agency_id: UUID, since: date, until: date) -> QuerySet[Rating]:
    complained = Complaint.objects.filter(dossier_id=OuterRef("dossier_id"), kind="complaint")
    return Rating.objects.filter(
        agency_id=agency_id,
        asked_at__gte=_midnight(since),
        asked_at__lt=_midnight(until + timedelta(days=1)),
    ).annotate(complained=Exists(complained))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.VIETNAM)


def _measures() -> dict[str, Count | Avg]:
    unhappy = Q(score__lte=HIGHEST_DISSATISFIED) | Q(complained=True) | Q(late=True)
    return {
        "delivered": Count("id"),
        "rated": Count("score"),
        "average": Avg("score"),
        "dissatisfied": Count("id", filter=unhappy),
    }


def _figures(code: str, told: Mapping[str, object]) -> Figures:
    delivered, rated, unhappy = (
        int(str(told[name])) for name in ("delivered", "rated", "dissatisfied")
    )
    enough = rated >= LEAST
    return Figures(
        procedure_code=code,
        procedure_title=_title(code) if code else "",
        delivered=delivered,
        count=rated,
        mean=_rounded(told["average"], "0.01") if enough else None,
        share_satisfied=(
            _rounded(Decimal(100) * (delivered - unhappy) / delivered, "0.1")
            if delivered >= LEAST
            else None
        ),
    )


def _rounded(value: object, step: str) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _title(code: str) -> str:
    try:
        return procedures.procedure(code=code).title
    except NotFound:
        return code
