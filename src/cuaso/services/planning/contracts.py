"""What crosses the planning engine's door."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

LineState = Literal["held", "copied", "missing"]
State = Literal["proposed", "approved", "refused", "building", "running", "retired"]
# From each state to those that may follow.
MOVES: Final[Mapping[str, tuple[State, ...]]] = {
    "proposed": ("approved", "refused"),
    "approved": ("building", "running", "retired"),
    "building": ("running", "retired"),
    "running": ("retired",),
    "refused": (),
    "retired": (),
}
DECISIONS: Final = frozenset({"approved", "refused"})


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A system that holds an element, as `source` or as `copy`.

    `known_by`: the plan, or the registry's own fields.
    """

    system: str
    title: str
    sector: str
    role: str
    shared: bool
    published: bool
    known_by: Literal["plan", "registry"]


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One element of one duty: who must hold it by when, and who does.

    `late`: nobody holds it and the year is over.
    """

    obligation_id: UUID
    obligation: str
    sector: str
    element_key: str
    element: str
    steward: str
    year: int
    source: str
    unverified: bool
    holders: tuple[Holder, ...]
    late: bool

    @property
    def state(self) -> LineState:
        if not self.holders:
            return "missing"
        return "held" if any(one.role == "source" for one in self.holders) else "copied"

    @property
    def shared(self) -> bool:
        return any(one.shared for one in self.holders)

    @property
    def published(self) -> bool:
        return any(one.published for one in self.holders)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Counts of lines; they add up."""

    must: int = 0
    held: int = 0
    copied: int = 0
    missing: int = 0
    late: int = 0
    shared: int = 0
    published: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        names = [field.name for field in fields(self)]
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class SectorPlan:
    """The plan of one sector; a code of the list `sector`, and its title."""

    sector: str
    title: str
    title_en: str
    lines: tuple[PlanLine, ...]
    totals: Totals


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """An element that several systems hold as its source."""

    element_key: str
    element: str
    sources: tuple[Holder, ...]
    say: str

    @property
    def across_sectors(self) -> bool:
        return len({one.sector for one in self.sources}) > 1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The province's plan on a day, or that of one sector: the sum of `sectors`."""

    on: date
    sectors: tuple[SectorPlan, ...]
    duplicates: tuple[Duplicate, ...]
    totals: Totals
    by_year: tuple[tuple[int, Totals], ...]


@dataclass(frozen=True, kw_only=True)
class ApplicationDraft:
    """An application that somebody means to register."""

    title: str
    purpose: str
    elements: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    level: int = 1
    cost_vnd: int = 0
    contract: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Something that exists and resembles a draft; each reason is a sentence."""

    application_id: UUID
    title: str
    agency: str
    state: str
    reasons: tuple[str, ...]
    score: int


@dataclass(frozen=True, kw_only=True)
class ApplicationView:
    """An application as it is read. `moves` are the states to which this reader may move it."""

    id: UUID
    title: str
    purpose: str
    agency_id: UUID
    agency: str
    state: str
    elements: tuple[tuple[str, str], ...]
    interfaces: tuple[str, ...]
    level: int
    cost_vnd: int
    contract: str
    since: date | None
    until: date | None
    justification: str
    resembled: tuple[str, ...]
    unverified: bool
    registrar_name: str
    registered_at: datetime
    version: int
    moves: tuple[State, ...] = ()
