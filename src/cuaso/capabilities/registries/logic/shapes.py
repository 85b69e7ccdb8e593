"""What crosses the registries' door to programs: many at once, and what changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from cuaso.kernel.errors import Problem


@dataclass(frozen=True, kw_only=True)
class AddedLine:
    """What became of one record of many that were sent; `held` is a right one that was not written
    since another was refused and all were to be written or none.
    """

    id: UUID | None
    outcome: Literal["added", "refused", "held"]
    say: str = ""
    code: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddedMany:
    """`change_id` undoes all of it at once; None when nothing was added."""

    change_id: UUID | None
    lines: tuple[AddedLine, ...]

    @property
    def added(self) -> int:
        return sum(one.outcome == "added" for one in self.lines)


@dataclass(frozen=True, kw_only=True)
class FeedRecord:
    """A record in a change: it stands, rests in the bin, or left the reader's sight."""

    id: UUID
    revision: int | None
    state: Literal["there", "binned", "left"]


@dataclass(frozen=True, kw_only=True)
class FeedChange:
    """One change and the records of it that the reader may see."""

    id: UUID
    at: datetime
    act: str
    version: int
    who: str
    reason: str
    origin: str
    origin_id: str
    records: tuple[FeedRecord, ...]


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """`next` is where to go on; `more` says that there is something behind it already."""

    registry: str
    changes: tuple[FeedChange, ...]
    next: str
    more: bool


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    number: int
    state: str
    published_at: datetime | None
