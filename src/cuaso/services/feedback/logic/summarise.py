from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
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


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What the rows of one procedure, or of the whole agency, add up to."""

    code: str
    delivered: int
    rated: int
    average: float | None
    dissatisfied: int

    @property
    def few(self) -> bool:
        """Whether fewer people stand behind it than may be told of."""
        return 0 < self.delivered < LEAST or 0 < self.rated < LEAST


def summary(*, agency_id: UUID, since: date, until: date) -> Summary:
    """Return how satisfied an agency's applicants were with results delivered on legal days.

    Both ends are included. Figures only: no person, no remark, no dossier; nothing of fewer than
    five people, nor what gives it away when taken from the whole. How 766/QĐ-TTg counts was read
    in a secondary source, so it is `unverified`.
    """
    rows = _delivered(agency_id, since, until)
    whole = _Told(code="", **rows.aggregate(**_measures()))
    each = rows.values("procedure_code").annotate(**_measures()).order_by("procedure_code")
    told = [_told(one) for one in each]
    kept_back = _kept_back(told)
    return Summary(
        agency_id=agency_id,
        since=since,
        until=until,
        whole=_figures(whole, withheld=whole.few),
        procedures=tuple(_figures(one, withheld=one.code in kept_back) for one in told),
        source=SOURCE,
        unverified=True,
    )


def _told(row: Mapping[str, Any]) -> _Told:
    measured = {name: row[name] for name in _measures()}
    return _Told(code=row["procedure_code"], **measured)


def _kept_back(told: Sequence[_Told]) -> frozenset[str]:
    """Return the procedures to be silent of: those of few people, then the smallest others until
    those kept back are, taken together, no longer few.
    """
    back = [one for one in told if one.few]
    others = sorted((one for one in told if not one.few), key=_size)
    while back and others and _few_together(back):
        back.append(others.pop(0))
    return frozenset(one.code for one in back)


def _size(one: _Told) -> tuple[int, int]:
    return one.rated, one.delivered


def _few_together(back: Sequence[_Told]) -> bool:
    rated = sum(one.rated for one in back)
    return sum(one.delivered for one in back) < LEAST or 0 < rated < LEAST


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


def _figures(told: _Told, *, withheld: bool) -> Figures:
    return Figures(
        procedure_code=told.code,
        procedure_title=_title(told.code) if told.code else "",
        delivered=told.delivered,
        count=None if withheld else told.rated,
        mean=None if withheld or told.average is None else _rounded(told.average, "0.01"),
        share_satisfied=None if withheld else _share(told),
        withheld=withheld,
    )


def _share(told: _Told) -> Decimal | None:
    if not told.delivered:
        return None
    return _rounded(Decimal(100) * (told.delivered - told.dissatisfied) / told.delivered, "0.1")


def _rounded(value: object, step: str) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _title(code: str) -> str:
    try:
        return procedures.procedure(code=code).title
    except NotFound:
        return code
