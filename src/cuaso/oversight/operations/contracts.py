"""What crosses the door of operations."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One finding about the house; `mend` is what to do unless the state is ok."""

    name: str
    state: State
    say: str
    mend: str = ""


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    process: str
    beaten_at: datetime


@dataclass(frozen=True, kw_only=True)
class FailedJob:
    """A background job that gave up. `asked` is what it was to work on, as JSON."""

    id: int
    task: str
    attempts: int
    asked: str
    failed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One encrypted file of a backup. `sha256` is of the encrypted bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. The ledger's size and root are those of the dumped moment."""

    made_at: str
    product: str
    server: str
    ledger_size: int
    ledger_root: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one house keeps what is backed up. `programs` holds pg_dump and pg_restore.

    url: database address of a role that may read (write, to restore) every table. owned: the
    server has the four roles of the house, so that ownership and rights are kept.
    """

    url: str
    owned: bool
    programs: Path
    files: Path
    keys: Path


@dataclass(frozen=True, kw_only=True)
class Restored:
    manifest: Manifest
    seconds: float
