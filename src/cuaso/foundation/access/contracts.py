"""The words in which rights are declared: conditions, grants, policies; and what a decision says.

A condition is true or false, never unknown: a field or an actor's value that is empty equals
nothing. So the SQL filter and the decision in memory say the same of every row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Model

from cuaso.kernel.actors import Actor, Capacity

EVERY_ACT = frozenset({"*"})
EVERYBODY: frozenset[Capacity] = frozenset(
    {"citizen", "business", "guardian", "official", "system", "anonymous"}
)


@dataclass(frozen=True, kw_only=True)
class ActorValue:
    """A value that the actor brings: `person_id`, `party_id`, `agency_scope` ..."""

    name: str


def of_actor(name: str) -> ActorValue:
    return ActorValue(name=name)


@dataclass(frozen=True, kw_only=True)
class Always:
    pass


@dataclass(frozen=True, kw_only=True)
class Equals:
    path: str
    value: object


@dataclass(frozen=True, kw_only=True)
class OneOf:
    path: str
    values: ActorValue | frozenset[Any]


@dataclass(frozen=True, kw_only=True)
class Filled:
    path: str


@dataclass(frozen=True, kw_only=True)
class Within:
    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class ActorHas:
    name: str
    value: object


@dataclass(frozen=True, kw_only=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, kw_only=True)
class Negate:
    part: "Condition"


@dataclass(frozen=True, kw_only=True)
class Exists:
    relation: str
    where: "Condition"


@dataclass(frozen=True, kw_only=True)
class Linked:
    model: type[Model]
    theirs: str
    mine: str
    where: "Condition"


Condition = (
    Always | Equals | OneOf | Filled | Within | ActorHas | AllOf | AnyOf | Negate | Exists | Linked
)


def always() -> Always:
    return Always()


def equals(path: str, value: object) -> Equals:
    """The field at `path` (`folder__agency_id`, to-one steps only) equals a constant or an
    actor's single value.
    """
    return Equals(path=path, value=value)


def one_of(path: str, values: ActorValue | Iterable[Any]) -> OneOf:
    """The field at `path` is among constants, or among an actor's set (`agency_scope`)."""
    given = values if isinstance(values, ActorValue) else frozenset(values)
    return OneOf(path=path, values=given)


def filled(path: str) -> Filled:
    """The field at `path` is not NULL."""
    return Filled(path=path)


def within(start: str, end: str) -> Within:
    """The day asked about lies in the row's period: from the date at `start` on, up to, but
    without, the date at `end`. An empty date is no bound.
    """
    return Within(start=start, end=end)


def actor_has(name: str, value: object) -> ActorHas:
    """The actor's set or single value `name` holds a constant, whatever the row."""
    return ActorHas(name=name, value=value)


def all_of(*parts: Condition) -> AllOf:
    return AllOf(parts=parts)


def any_of(*parts: Condition) -> AnyOf:
    return AnyOf(parts=parts)


def negate(part: Condition) -> Negate:
    return Negate(part=part)


def exists(relation: str, where: Condition | None = None) -> Exists:
    """Some row of a to-many relation (reverse foreign key or many-to-many) meets `where`."""
    return Exists(relation=relation, where=where or Always())


def linked(
    model: type[Model], *, theirs: str, mine: str = "pk", where: Condition | None = None
) -> Linked:
    """Some row of `model` whose plain field `theirs` holds this row's `mine` meets `where`."""
    return Linked(model=model, theirs=theirs, mine=mine, where=where or Always())


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One reason to let an actor in, or (among a policy's denials) to keep everybody out.

    `acts` are verbs of the engine, EVERY_ACT for all. `roles` empty means any post of the
    capacities. `say` is a full sentence that reads well after "because". `source` is the
    article of law that gives the right. `logged`: this grant lets one look only with a purpose
    that the person concerned will read. `purposes`: the codes of purposes for which it holds;
    none for any. It is in force from `since` on, up to, but without, `until`.
    """

    name: str
    acts: frozenset[str]
    capacities: frozenset[Capacity]
    say: str
    source: str = ""
    roles: frozenset[str] = frozenset()
    where: Condition = field(default_factory=Always)
    logged: bool = False
    purposes: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Circumstance:
    """What a question is asked under: the day (None is today) and the code of the purpose."""

    day: date | None = None
    purpose: str = ""


NOW = Circumstance()
# Where a session keeps the right for a time that it has taken up.
LEASE_SESSION_KEY = "access_lease"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Who may do what with the rows of one model. A denial wins over every grant."""

    name: str
    model: type[Model]
    grants: tuple[Grant, ...]
    denials: tuple[Grant, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`grant` is the name of what decided, "" when no grant fits; `source` its article of law."""

    allowed: bool
    sentence: str
    grant: str = ""
    source: str = ""
    needs_purpose: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenDoor:
    """A second door as who opened it sees it. `secret` is shown this once."""

    id: UUID
    secret: str
    until_at: datetime


Reach = Literal["any", "own", "below", "place", "self"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule on the things that another system keeps, of a kind that it names.

    `reach`: any thing; things of the post's own agency (own), of it and those below (below), of
    the places that the post answers for (place), of the person themselves (self). It is in force
    from `since` on, up to, but without, `until`.
    """

    name: str
    acts: frozenset[str]
    say: str
    source: str
    reach: Reach = "own"
    roles: frozenset[str] = frozenset()
    data_classes: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    denies: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What is asked about: a kind and a key; of another system's thing also what it says of it."""

    kind: str
    key: str
    agency_id: UUID | None = None
    owner_id: UUID | None = None
    place_code: str = ""
    data_class: str = ""
    since: date | None = None
    until: date | None = None


LeaseState = Literal["waiting", "granted", "refused", "ended"]


@dataclass(frozen=True, kw_only=True)
class LeaseView:
    """A right for a time, as lists show it. `in_force` is of the moment it was read.

    `due` says that somebody must look at it again: a right in an emergency at once, another one
    when its day has come.
    """

    id: UUID
    person_id: UUID
    person_name: str
    post_id: UUID
    role: str
    role_say: str
    agency_id: UUID
    agency_name: str
    reason: str
    basis: str
    emergency: bool
    state: LeaseState
    state_say: str
    asked_at: datetime
    from_at: datetime
    until_at: datetime
    decided_by: str
    decision_reason: str
    check_date: date | None
    checked_by: str
    ended_at: datetime | None
    in_force: bool
    due: bool


@dataclass(frozen=True, kw_only=True)
class Stand:
    """From where a person acts: a post, or a right for a time. `term` is its time in words."""

    actor: Actor
    title: str
    agency: str
    term: str
    lease: LeaseView | None = None


@dataclass(frozen=True, kw_only=True)
class PairView:
    """Two roles that nobody may hold together over one agency."""

    one: str
    other: str
    one_say: str
    other_say: str
    reason: str
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class RolePairRow:
    """One line of a pack's `role_pairs.csv`."""

    one: str
    other: str
    reason: str
    source: str
    unverified: bool = False


MandateForm = Literal["KT", "TM", "TL", "TUQ"]


@dataclass(frozen=True, kw_only=True)
class MandateView:
    """Who may sign for whom; `matters` are keys of procedures, none for all."""

    id: UUID
    form: MandateForm
    form_say: str
    post_id: UUID
    holder: str
    title: str
    principal_post_id: UUID | None
    principal: str
    agency_id: UUID
    agency_name: str
    matters: tuple[str, ...]
    basis: str
    from_at: datetime
    until_at: datetime | None
    given_by: str
    ended_at: datetime | None
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Whether a post could sign for an agency at a moment, in a sentence, and by what.

    `form` is "" where the post signs by itself; `mandate_id` names the dated decision. What was
    asked stands beside the answer, so that it can be asked again years later.
    """

    holds: bool
    sentence: str
    form: MandateForm | Literal[""] = ""
    basis: str = ""
    mandate_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None
    matter: str = ""
    role: str = "leader"


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why somebody may or could: the sentences, and each rule that was looked at."""

    allowed: bool
    sentences: tuple[str, ...]
    details: tuple[str, ...] = ()
