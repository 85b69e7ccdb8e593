"""The words in which rights are declared: conditions, grants, policies; and what a decision says.

A condition is true or false, never unknown: a field or an actor's value that is empty equals
nothing. So the SQL filter and the decision in memory say the same of every row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from cuaso.kernel.actors import Capacity

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


Condition = Always | Equals | OneOf | Filled | AllOf | AnyOf | Negate | Exists | Linked


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
    that the person concerned will read.
    """

    name: str
    acts: frozenset[str]
    capacities: frozenset[Capacity]
    say: str
    source: str = ""
    roles: frozenset[str] = frozenset()
    where: Condition = field(default_factory=Always)
    logged: bool = False


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
