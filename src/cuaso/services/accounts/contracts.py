"""What crosses the door of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

CheckState = Literal["waiting", "agrees", "differs", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """How an account stands against the registers; `say` is the sentence for its person."""

    account_id: UUID
    kind: str
    state: CheckState
    differing: tuple[str, ...]
    businesses: int
    checked_at: datetime | None
    say: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stays after an erasure, with how many there are. `term` is for people to read.

    `unverified`: the source was not read in the official text.
    """

    what: str
    count: int
    where: str
    reason: str
    source: str
    term: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What an erasure has come to; `erased` counts by what it was called."""

    id: UUID
    at: datetime
    erased: tuple[tuple[str, int], ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One ZIP for its person."""

    name: str
    content: bytes
    sha256: str
