"""What the catalogue shows to others: frozen views, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

TimeUnit = Literal["working_day", "working_hour", "day", "hour", "week", "month", "year", "minute"]
FeeKind = Literal["amount", "free"]

UNIT_NAMES: Mapping[TimeUnit, str] = {
    "working_day": "ngày làm việc",
    "working_hour": "giờ làm việc",
    "day": "ngày",
    "hour": "giờ",
    "week": "tuần",
    "month": "tháng",
    "year": "năm",
    "minute": "phút",
}


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A part of a record that no reader understood: kept as it stands, with the reason."""

    column: str
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """A time limit as the record says it; a plain "Ngày" stays a day, never a working day."""

    amount: int
    unit: TimeUnit

    @property
    def say(self) -> str:
        return f"{self.amount} {UNIT_NAMES[self.unit]}"


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What a way of submitting costs; `amount_vnd` is None for another currency."""

    kind: FeeKind
    amount_vnd: int | None = None
    said: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way of submitting.

    `time` and `fee` are None where the record gives none or it was not read; `time_text` and
    `fee_text` are then what stands there.
    """

    method: str
    time: TimeLimit | None
    fee: Fee | None
    time_text: str = ""
    fee_text: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ComponentLine:
    """One paper; counts are None and `template` is "" where they were not read or not given."""

    name: str
    template: str = ""
    originals: int | None = None
    copies: int | None = None


@dataclass(frozen=True, kw_only=True)
class ComponentGroup:
    """The papers of one case; `caption` names the case, "" when there is only one."""

    caption: str
    lines: tuple[ComponentLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """A document on which the procedure stands; `number` is "" where it was not read."""

    title: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultLine:
    """A result and its code in the national list."""

    title: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the procedure: its label ("Bước 1", or "") and its paragraphs."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that was read of a record."""

    levels: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    channels: tuple[Channel, ...] = ()
    components: tuple[ComponentGroup, ...] = ()
    legal: tuple[LegalBasis, ...] = ()
    results: tuple[ResultLine, ...] = ()
    conditions: tuple[str, ...] = ()
    agencies: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    ministry: str = ""


@dataclass(frozen=True, kw_only=True)
class Share:
    """How much of one thing was read: items read, items that give nothing, items not read."""

    read: int = 0
    absent: int = 0
    unread: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(
            read=self.read + other.read,
            absent=self.absent + other.absent,
            unread=self.unread + other.unread,
        )

    @property
    def percent(self) -> int:
        """Read among what the records give, rounded down; 100 when they give nothing."""
        given = self.read + self.unread
        return self.read * 100 // given if given else 100


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A record as the readers understood it; `shares` counts by the name of the thing."""

    content: Content
    unread: tuple[Unread, ...]
    shares: Mapping[str, Share]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import found and did. With `dry_run` nothing was kept."""

    file: str
    sha256: str
    records: int
    new: int
    changed: int
    same: int
    read_again: int
    repeated: tuple[str, ...]
    absent: tuple[str, ...]
    unused_columns: tuple[str, ...]
    with_unread: int
    shares: Mapping[str, Share]
    dry_run: bool


@dataclass(frozen=True, kw_only=True)
class DescribedCard:
    """A published procedure in a list of finds."""

    code: str
    title: str
    field: str
    levels: tuple[str, ...]
    limit_say: str
    fee_say: str
    agency_say: str


@dataclass(frozen=True, kw_only=True)
class Finds:
    """A page of finds; `after` asks for the next page, "" on the last one."""

    cards: tuple[DescribedCard, ...]
    after: str


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many finds there are of one field at the same levels."""

    field: str
    levels: tuple[str, ...]
    number: int


@dataclass(frozen=True, kw_only=True)
class Described:
    """A published procedure as its latest record describes it."""

    code: str
    title: str
    field: str
    decision: str
    address: str
    content: Content
    unread: tuple[Unread, ...]
    imported_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class UnreadProcedure:
    """A procedure whose latest record has parts that were not read."""

    code: str
    title: str
    parts: tuple[Unread, ...]


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The catalogue in figures."""

    procedures: int
    versions: int
    with_unread: int
    imported_at: datetime | None
    by_level: Mapping[str, int] = field(default_factory=dict)
