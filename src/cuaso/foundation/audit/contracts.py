"""What crosses the audit's door: entries, events, proofs and looks. Frozen, no models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuaso.kernel.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act in the ledger.

    `leaf_index` is None until the sequencer has seen the entry (about a second). After
    erasure `content` is empty, `actor_name` and `reason` are "" and `erased_at` is set.
    """

    id: UUID
    at: datetime
    act: str
    subject: Subject
    actor_kind: str
    actor_name: str
    person_id: UUID | None
    post_id: UUID | None
    agency_id: UUID | None
    reason: str
    content: Mapping[str, object]
    trace: str
    leaf_index: int | None
    erased_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact from the outbox; `position` orders the events of one subject."""

    id: UUID
    position: int
    topic: str
    subject: Subject
    payload: Mapping[str, object]
    key: str | None
    published_at: datetime
    trace: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An event that an act publishes about its own subject; the same `key` twice is one event.

    `heard` is no for what no subscriber of the house hears: it stands in the outbox as settled, and
    wakes nobody.
    """

    topic: str
    payload: Mapping[str, object]
    key: str | None = None
    heard: bool = True


@dataclass(frozen=True, kw_only=True)
class Written:
    """A statement that writes rows of an act, sent to PostgreSQL in one with its entry.

    It sees the rows as they were before; no two of one act may write the same row.
    """

    statement: str
    values: Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A delivery that failed at least once and is waiting for its next try."""

    event_id: UUID
    topic: str
    subject: Subject
    subscriber: str
    attempts: int
    next_try_at: datetime
    error: str


@dataclass(frozen=True, kw_only=True)
class TreeHead:
    """A signed tree head. `checkpoint` is the signed note itself (C2SP tlog-checkpoint)."""

    size: int
    root: str
    signed_at: datetime
    key_id: str
    checkpoint: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """That one entry is in the tree of `checkpoint`; hashes and salt are hex.

    `leaf` is the hashed text. It holds a commitment to `sealed` under `salt`; both are None
    after erasure, and the proof still holds.
    """

    entry_id: UUID
    leaf: str
    sealed: str | None
    salt: str | None
    leaf_index: int
    tree_size: int
    path: tuple[str, ...]
    checkpoint: str


@dataclass(frozen=True, kw_only=True)
class ConsistencyProof:
    """That the tree of `first_size` entries is the beginning of the tree of `second_size`."""

    first_size: int
    first_root: str
    second_size: int
    second_root: str
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that does not fit; `kind` is content, leaf, order, node, head, key or erasure."""

    kind: str
    say: str
    entry_id: UUID | None = None
    leaf_index: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The outcome of recomputing the whole ledger from its rows."""

    ok: bool
    size: int
    waiting: int
    root: str
    faults: tuple[Fault, ...]
    say: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """The answer to an offline check, with the sentence to show."""

    ok: bool
    say: str


@dataclass(frozen=True, kw_only=True)
class KeyStatus:
    """Whether the ledger's signing key may be relied on."""

    ok: bool
    generated: bool
    key_id: str
    say: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at personal data: who, whose (`person_id`), what, why.

    `listed`: the person stood on a page of a list. Looks of one page, or of one file, have one id.
    """

    id: UUID
    at: datetime
    person_id: UUID
    subject: Subject
    actor_kind: str
    actor_name: str
    actor_person_id: UUID | None
    post_id: UUID | None
    agency_id: UUID | None
    purpose: str
    task: str
    trace: str
    listed: bool = False


@dataclass(frozen=True, kw_only=True)
class LookLine:
    """A look as it is told to the person. `times` pages of a list on which the same reader saw them
    on one day for the same purpose are one line, with the newest of these looks.
    """

    look: Look
    times: int = 1
