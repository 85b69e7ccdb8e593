"""What crosses the door of personnel."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Kind = Literal["joined", "moved", "left", "back"]


@dataclass(frozen=True, kw_only=True)
class MovementLine:
    """One thing that befell an official, or should have: `trouble` says why not, "" when done.

    `code` is the official's number in the registry. `late_days` is how long after its day the act
    was done, 0 for in time.
    """

    id: UUID
    kind: Kind
    code: str
    name: str
    title: str
    organisation: str
    basis: str
    effective_date: date
    late_days: int
    username: str
    made_at: datetime
    trouble_code: str
    trouble: str


@dataclass(frozen=True, kw_only=True)
class WaitingAccount:
    """An account that waits for its owner to activate it; `code_given_at` None: no code yet."""

    official_id: UUID
    code: str
    name: str
    username: str
    organisation: str
    code_given_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StuckDecision:
    """A decision whose day has come and that could not be carried out."""

    id: UUID
    number: str
    act: str
    official_name: str
    effective_date: date
    trouble: str


@dataclass(frozen=True, kw_only=True)
class ComingDecision:
    """An issued decision whose day is still to come."""

    number: str
    act: str
    official_name: str
    effective_date: date


@dataclass(frozen=True, kw_only=True)
class Comings:
    """What an administrator sees of joiners, movers and leavers of the last days."""

    stuck: tuple[MovementLine, ...]
    stuck_decisions: tuple[StuckDecision, ...]
    waiting: tuple[WaitingAccount, ...]
    coming: tuple[ComingDecision, ...]
    done: tuple[MovementLine, ...]
    days: int


Choice = Literal["send_again", "enter_here", "not_ours", "keep_ours", "take_theirs"]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One comparison with the national database; `trouble` is "" when it was done."""

    day: date
    at: datetime
    same: int
    on_their_way: int
    only_here: int
    only_there: int
    other_values: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class DifferenceLine:
    """Something on which the two sides differ, and what a person may decide."""

    id: UUID
    kind: Literal["only_here", "only_there", "other_value"]
    registry: str
    record_id: UUID | None
    code: str
    name: str
    title: str
    here: str
    there: str
    found_at: datetime
    choices: tuple[Choice, ...]

    @property
    def pack(self) -> str:
        return self.registry.partition("/")[0]

    @property
    def registry_name(self) -> str:
        return self.registry.partition("/")[2]


@dataclass(frozen=True, kw_only=True)
class RefusedMessage:
    """What the national database will not take as it stands."""

    id: UUID
    code: str
    made_at: datetime
    trouble: str


@dataclass(frozen=True, kw_only=True)
class Synchronisation:
    """How the synchronisation stands; counts end at a thousand."""

    configured: bool
    waiting: int
    oldest_at: datetime | None
    trouble: str
    refused: tuple[RefusedMessage, ...]
    differences: tuple[DifferenceLine, ...]
    open_count: int
    last: Compared | None
    last_done: Compared | None
