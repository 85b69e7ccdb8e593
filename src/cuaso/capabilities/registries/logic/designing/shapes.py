"""What crosses the registries' door about designing them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
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
    """One thing that a version declares otherwise than the version in force; "" for nothing.

    `before` and `after` are texts as in the file of a pack, `old` and `new` the same as plain
    values. A `place` without a name within (`lists`) is the order of what stands there.
    """

    place: str
    title: str
    before: str
    after: str
    old: Any = None
    new: Any = None


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
    # What the draft puts in the place of values that a new type cannot hold: field, old, new.
    replacements: tuple[tuple[str, str, str], ...] = ()


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
class FailingValue:
    """A value that the new type of a field cannot hold, in how many records, and why.

    `replaced` is what the draft puts in its place; `unfit` why that does not fit either.
    """

    value: str
    say: str
    count: int
    examples: tuple[tuple[UUID, str], ...]
    replaced: str = ""
    unfit: str = ""

    @property
    def settled(self) -> bool:
        return bool(self.replaced) and not self.unfit


@dataclass(frozen=True, kw_only=True)
class TypeChange:
    """A field that a version keeps in another type. `fitting` of the `tried` values are read by it,
    empty ones among them; `whole` says whether all records were tried. Values that the reader may
    not read in full are `hidden`, and only counted.
    """

    path: str
    title: str
    before: str
    after: str
    tried: int
    fitting: int
    whole: bool
    hidden: bool = False
    failing: tuple[FailingValue, ...] = ()

    @property
    def unsettled(self) -> int:
        """In how many records a value stands that nothing replaces."""
        return sum(one.count for one in self.failing if not one.settled)

    @property
    def replaced(self) -> int:
        """In how many records a declared value will stand in the place of the old one."""
        return sum(one.count for one in self.failing if one.settled)


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What a version would do. `records` stops at a cap, `tried` were read under both versions."""

    records: int
    tried: int
    failing: tuple[FailingLine, ...] = ()
    breaks: tuple[Break, ...] = field(default=())
    turned: tuple[TypeChange, ...] = ()

    @property
    def blocked(self) -> bool:
        return any(one.blocks for one in self.breaks)

    @property
    def follows(self) -> tuple[Break, ...]:
        """What changes with the version and does not keep it from being published."""
        return tuple(one for one in self.breaks if not one.blocks)

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


@dataclass(frozen=True, kw_only=True)
class BinField:
    """A field that rests in the bin: when it went there, and from which day on it is dropped."""

    path: str
    title: str
    kind: str
    binned_at: datetime
    goes_date: date
    turned: bool = False


@dataclass(frozen=True, kw_only=True)
class BinView:
    """What of a registry rests in the bin, and when it goes. `records` are the removed records,
    the first of which goes on `first_date`; `keep` is how long their history stays, in the words
    of the declaration, and `forever` whether it never goes.
    """

    registry: str
    term: str
    keep: str
    forever: bool
    source: str
    fields: tuple[BinField, ...]
    records: int
    first_date: date | None


@dataclass(frozen=True, kw_only=True)
class WithdrawnCard:
    """A registry that was taken out of use and rests in the bin until `goes_date`."""

    key: str
    title: str
    withdrawn_at: datetime
    withdrawn_by: str
    reason: str
    records: int
    goes_date: date
    keep: str


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """How far records already held have come with fields that a version computes otherwise.

    `titles` name the fields. Of about `records` so many were `seen`; `changed` got another value,
    in `failed` a formula gives none, so that they keep what they had; `failing` are the first of
    those that the reader may see: id, name, why. `done_at` is None while any are left.
    """

    version: int
    version_id: UUID
    titles: tuple[str, ...]
    records: int
    seen: int
    changed: int
    failed: int
    failing: tuple[tuple[UUID, str, str], ...]
    begun_at: datetime
    done_at: datetime | None

    @property
    def left(self) -> int:
        return max(self.records - self.seen, 0)
