"""What crosses the registries' door about designing them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cuaso.declarations.registries import Registry


@dataclass(frozen=True, kw_only=True)
class DesignCard:
    """One version of a registry as it is made. `state`: draft, waiting, approved, published,
    retired, dropped. `standing` is the number of the version in force, 0 for none; `trouble` says
    why the version came back.
    """

    id: UUID
    key: str
    title: str
    number: int
    state: str
    reason: str
    made_by: str
    made_at: datetime
    approved_by: str
    published_at: datetime | None
    trouble: str
    standing: int


@dataclass(frozen=True, kw_only=True)
class DesignDifference:
    """One thing that a version declares otherwise than the version in force; "" for nothing."""

    place: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DesignView:
    """A version with its declaration, also as the text of a pack's file. `seen` goes with every
    edit; `may` are the acts that this reader may do now: edit, submit, drop, approve, send_back.
    """

    card: DesignCard
    declared: Registry
    text: str
    seen: str
    differences: tuple[DesignDifference, ...]
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class FailingLine:
    """What some records would fail: how many of those tried, and the first of them by name."""

    path: str
    title: str
    say: str
    count: int
    examples: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, kw_only=True)
class Break:
    """What else a version would change or break; `blocks`: it cannot be published so."""

    kind: str
    name: str
    say: str
    blocks: bool = False


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What a version would do. `records` stops at a cap, `tried` were read under both versions."""

    records: int
    tried: int
    failing: tuple[FailingLine, ...] = ()
    breaks: tuple[Break, ...] = field(default=())

    @property
    def blocked(self) -> bool:
        return any(one.blocks for one in self.breaks)

    @property
    def partial(self) -> bool:
        """Whether there are more records than were tried."""
        return self.records > self.tried


@dataclass(frozen=True, kw_only=True)
class NewRegistry:
    """What an official says of a new registry to begin with: one field, the key, is enough."""

    name: str
    title: str
    legal: str
    key: str
    key_title: str
    item: str = ""
    about: str = ""
