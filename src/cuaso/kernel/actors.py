"""Who acts, in which capacity. Every act of the house names its actor."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Capacity = Literal["citizen", "business", "guardian", "official", "system", "anonymous"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One person or system in one capacity.

    `person_id` is who acts. A business's representative or a guardian acts for `for_id`
    (the business or the ward). An official acts from one post of one agency and has that
    post's `roles`. `place_codes` and `agency_scope` are the places and agencies that the
    post answers for. `by_id` is the administrator who looks with this person's eyes.
    """

    kind: Capacity
    name: str
    person_id: UUID | None = None
    for_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None
    agency_scope: frozenset[UUID] = frozenset()
    place_codes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    trace: str = ""
    by_id: UUID | None = None

    @property
    def party_id(self) -> UUID | None:
        """Whose affairs the actor conducts: the business or ward, else the actor's own."""
        return self.for_id or self.person_id

    @property
    def looks_are_told(self) -> bool:
        """Whether a person is told that this actor read their data: officials are, and programs of
        agencies; not the house at its own work, nor people about their own affairs.
        """
        return self.kind == "official" or (self.kind == "system" and self.agency_id is not None)


ANONYMOUS = Actor(kind="anonymous", name="Khách")


def system(name: str, *, trace: str = "") -> Actor:
    """Return the actor for work that the house does by itself."""
    return Actor(kind="system", name=name, trace=trace)
