"""What is found when rights are looked at again: leaves by the api."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cuaso.foundation.access.contracts import PairView


@dataclass(frozen=True, kw_only=True)
class AuthorityProof:
    """An act of the ledger that rested on authority: what was said of it then, what is found now
    from the dated mandates. `agrees`: both say that it held.
    """

    at: datetime
    act: str
    name: str
    said_then: str
    found_now: str
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class RoleConflict:
    """Two roles that one person holds over one agency though they stand apart: from before the
    pair was declared. `due`: somebody must say again that it cannot be otherwise, or end a post.
    """

    person_id: UUID
    person_name: str
    pair: PairView
    one_held_as: str
    other_held_as: str
    check_date: date | None
    checked_by: str
    check_reason: str
    due: bool
