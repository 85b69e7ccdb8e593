"""What crosses the door of the exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from cuaso.kernel.subjects import Subject

NUMBER_GIVEN = "exchange.personal_number_given"
NUMBER_REFUSED = "exchange.personal_number_refused"

Sex = Literal["male", "female"]
PendingState = Literal["waiting", "given", "refused"]


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A person's leave to read their facts. `scope` names groups of facts: `identity`,
    `residence`, `family`, or `population` for all three.
    """

    id: UUID
    given_at: datetime
    scope: frozenset[str]
    person_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """That a source was asked and answered; the answer itself is not kept."""

    id: UUID
    request_id: UUID
    at: datetime
    sha256: str
    purpose: str
    found: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A person's facts; what the consent does not cover is "" or None.

    Codes are of the province's lists: ethnic_group, nationality, marital_status.
    """

    personal_number: str
    evidence: Evidence
    name: str = ""
    birth_date: date | None = None
    sex: Sex | None = None
    ethnic_group: str = ""
    nationality: str = ""
    residence: str = ""
    place_code: str = ""
    marital_status: str = ""
    spouse_number: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisteredBusiness:
    """A business as the national register has it, for one of its legal representatives."""

    tax_code: str
    name: str
    address: str
    invented: bool


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What the source needs to number a new-born; `province_code` is the three-digit code of
    the place of registration in the number.
    """

    name: str
    birth_date: date
    sex: Sex
    province_code: str = ""
    mother_number: str = ""
    father_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A wish for a personal number; `say` is the sentence for whoever waits."""

    id: UUID
    key: str
    subject: Subject
    state: PendingState
    made_at: datetime
    tries: int
    next_try_at: datetime | None
    personal_number: str
    say: str


@dataclass(frozen=True, kw_only=True)
class SourceStatus:
    """How the source stands, as this process sees it; `resting_until` while the breaker is open."""

    ok: bool
    configured: bool
    waiting: int
    resting_until: datetime | None
    say: str


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A system that shares a secret with us; `name` is as it stands inside a sentence.

    `code` begins the codes of its errors, `settings` the names of its settings (`…_URL`,
    `…_SECRET`); `header` stands in `X-<header>-Key`, `-Time` and `-Signature`.
    """

    name: str
    code: str
    settings: str
    header: str


@dataclass(frozen=True, kw_only=True)
class PeerAnswer:
    """A whole answer of a peer: one JSON object."""

    status: int
    body: Mapping[str, Any]
