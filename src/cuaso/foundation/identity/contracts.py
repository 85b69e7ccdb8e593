"""What crosses the door of identity."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cuaso.kernel.actors import Actor

CapacityKind = Literal["citizen", "guardian", "business", "official"]


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """One way in which an account may act now. `key` is stable while the capacity lasts.

    `current` is set only where a page lists capacities.
    """

    key: str
    kind: CapacityKind
    title: str
    detail: str
    actor: Actor
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the identity provider vouches for. `assurance` is the level of the account, 1 or 2."""

    subject: str
    personal_number: str
    name: str
    birth_date: date | None
    sex: str
    phone: str
    assurance: int


@dataclass(frozen=True, kw_only=True)
class DemonstrationAccount:
    """One account that anybody may try in the demonstration."""

    username: str
    password: str
    name: str
    post: str
    agency: str
