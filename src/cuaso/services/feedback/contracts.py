"""What crosses the feedback engine's door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

Kind = Literal["complaint", "suggestion"]
ComplaintState = Literal["open", "late", "answered"]

SCORES: Final[Mapping[int, str]] = MappingProxyType(
    {
        5: "Rất hài lòng",
        4: "Hài lòng",
        3: "Bình thường",
        2: "Không hài lòng",
        1: "Rất không hài lòng",
    }
)
CRITERIA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attitude": "Thái độ của cán bộ",
        "time": "Thời gian giải quyết",
        "guidance": "Hướng dẫn, giải thích",
    }
)
KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {"complaint": "Phản ánh", "suggestion": "Kiến nghị"}
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an applicant says: a score of 1 to 5, criteria of CRITERIA likewise, a remark."""

    score: int
    criteria: Mapping[str, int]
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class RatingView:
    """The rating of one dossier as its applicant sees it; `verdict` None until it is rated.

    `until_at` is when a given rating can no longer be changed.
    """

    dossier_id: UUID
    tracking_code: str
    procedure_title: str
    agency_name: str
    asked_at: datetime
    verdict: Verdict | None
    rated_at: datetime | None
    until_at: datetime | None
    may_rate: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Satisfaction with an agency (or one procedure of it) over delivered dossiers.

    `mean` is of the scores, with two decimals; `share_satisfied` the percentage of delivered
    dossiers that were neither rated 1 or 2, nor complained about, nor late, with one decimal.
    `withheld`: fewer than five people stand behind the row, or it would tell of such a row by
    subtraction; then `count`, `mean` and `share_satisfied` are None.
    """

    procedure_code: str
    procedure_title: str
    delivered: int
    count: int | None
    mean: Decimal | None
    share_satisfied: Decimal | None
    withheld: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """An agency's figures over legal days, both ends included, and those of its procedures."""

    agency_id: UUID
    since: date
    until: date
    whole: Figures
    procedures: tuple[Figures, ...]
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class ActChoice:
    """One act of an officer that a complaint may be about."""

    entry_id: UUID
    say: str


@dataclass(frozen=True, kw_only=True)
class ComplaintView:
    """A complaint or suggestion as its author or who answers sees it."""

    id: UUID
    dossier_id: UUID
    code: str
    procedure_title: str
    kind: Kind
    kind_say: str
    text: str
    act_say: str
    author_name: str
    agency_name: str
    answering_agency_name: str
    made_at: datetime
    due_at: datetime | None
    due_steps: tuple[str, ...]
    due_source: str
    due_unverified: bool
    state: ComplaintState
    answer: str
    answered_at: datetime | None
    answered_by: str
    may_answer: bool


@dataclass(frozen=True, kw_only=True)
class OwnFeedback:
    """What one person said of how they were served: ratings that were given, and complaints."""

    ratings: tuple[RatingView, ...]
    complaints: tuple[ComplaintView, ...]
