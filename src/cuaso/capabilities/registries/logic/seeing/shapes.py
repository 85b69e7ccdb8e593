"""What the public, and the person whom a record is about, are shown of registries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class DatasetCard:
    """A registry with open columns, in a list of them. `unverified`: its texts were not read."""

    key: str
    pack: str
    title: str
    about: str
    owner_name: str
    period: str
    legal: tuple[str, ...]
    unverified: bool
    version: int
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenColumn:
    """A column of a dataset's files. `kind` is a type of Table Schema; `codes` the list that its
    values come from; `label`: it says in words what the column before it says in codes.
    """

    name: str
    title: str
    kind: str
    unit: str = ""
    hint: str = ""
    codes: str = ""
    to: str = ""
    many: bool = False
    key: bool = False
    label: bool = False


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset's page: `rows` are texts, a cell a column without the labels; `count` is None
    beyond what is counted.
    """

    card: DatasetCard
    columns: tuple[OpenColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int | None


@dataclass(frozen=True, kw_only=True)
class OwnRegistry:
    """A registry that keeps something of a person: `records` are id, name and since when they stand
    so; `say` is why the person sees them.
    """

    key: str
    title: str
    about: str
    owner_name: str
    say: str
    records: tuple[tuple[UUID, str, datetime], ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class OwnOffer:
    """A register into which a person may enter themselves; `say` is why."""

    key: str
    title: str
    about: str
    owner_name: str
    say: str


@dataclass(frozen=True, kw_only=True)
class OwnShelf:
    """What the registers keep of a person; `searched` is in how many it was looked for."""

    searched: int
    registries: tuple[OwnRegistry, ...]


@dataclass(frozen=True, kw_only=True)
class OwnLook:
    """A look at a person's record: who, when (at last), what for; `times` on pages of lists that
    day.
    """

    at: datetime
    who: str
    agency_name: str
    purpose: str
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class VerifyOffer:
    """A registry whose records anybody may verify: `by` is what the number and the code are called,
    `say` where they stand on the paper.
    """

    registry: str
    title: str
    item: str
    say: str
    agency_name: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a register says to who holds a paper; `facts` are title and text of what is shown.

    `state`: stands, ended, expired, removed, unknown.
    """

    ok: bool
    state: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
