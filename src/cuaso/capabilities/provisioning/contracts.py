"""What crosses the door of provisioning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["person", "agency", "unit", "post"]
Operator = Literal["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"]


@dataclass(frozen=True, kw_only=True)
class System:
    """A system outside. `agency_id` None: the whole province; `scope` is what it may see of it."""

    id: UUID
    name: str
    agency_id: UUID | None
    scope: frozenset[UUID]
    may_write: bool
    token_ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostHeld:
    """A post as a person's entry shows it."""

    id: UUID
    title: str
    agency_id: UUID
    agency_code: str
    agency: str
    unit_id: UUID | None
    unit: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A value in a system's own words; `value` None: the system took it away."""

    value: object


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A person, agency, unit or post as other systems see it.

    `said` holds, by name of the fact, what a system said where the house still agrees with it.
    `version` changes with everything that is shown. `photo_id` is the file of a person's picture.
    """

    id: UUID
    kind: Kind
    name: str
    external_id: str
    display_name: str
    full_name: str
    title: str
    email: str
    phone: str
    active: bool
    parent_id: UUID | None
    holder_id: UUID | None
    code: str
    short_name: str
    roles: tuple[str, ...]
    posts: tuple[PostHeld, ...]
    group_ids: tuple[UUID, ...]
    said: Mapping[str, Told]
    version: str
    created_at: datetime
    changed_at: datetime
    photo_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Belonging:
    """A person or a unit that belongs to a group."""

    id: UUID
    kind: Kind
    name: str


@dataclass(frozen=True, kw_only=True)
class Compare:
    """One comparison of a filter; `pr` asks whether there is a value."""

    name: str
    operator: Operator
    value: str | bool | datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Not:
    of: "Condition"


@dataclass(frozen=True, kw_only=True)
class Every:
    of: tuple["Condition", ...]


@dataclass(frozen=True, kw_only=True)
class Some:
    of: tuple["Condition", ...]


Condition = Compare | Not | Every | Some


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which entries, in which order, and which stretch of them.

    `start` counts from 0. `after` and `before` are the sort value and id of an entry of another
    page; they take the place of `start`.
    """

    kinds: tuple[Kind, ...]
    where: Condition | None = None
    sort_by: str = ""
    descending: bool = False
    start: int = 0
    count: int | None = None
    after: tuple[str, str] | None = None
    before: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page: `total` of all that match; `first` and `last` are its ends for the next search."""

    total: int
    entries: tuple[Entry, ...]
    first: tuple[str, str] | None
    last: tuple[str, str] | None
    more_before: bool
    more_after: bool


@dataclass(frozen=True, kw_only=True)
class PersonWanted:
    """A person's account as a system wants it: whole, what is None is taken away."""

    user_name: str
    external_id: str | None = None
    display_name: str | None = None
    full_name: str | None = None
    name: Mapping[str, object] | None = None
    title: str | None = None
    employee_number: str | None = None
    active: bool | None = None
    emails: tuple[Mapping[str, object], ...] = ()
    phones: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnitWanted:
    """A unit and its people as a system wants them; `members` are ids of accounts."""

    name: str
    external_id: str | None = None
    short_name: str | None = None
    members: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a follower has what it is told; `behind` is how many entries wait for it."""

    name: str
    way: str
    address: str
    behind: int
    failures: int
    trouble: str
    told_at: datetime | None
