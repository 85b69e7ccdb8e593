"""What the locker shows: papers with provenance, shares, looks, verifications."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Content:
    """A document on its way to a reader."""

    name: str
    media_type: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a paper came from and what it is worth in law.

    `legal_value` is one of original, certified_copy, copy (decree 45/2020, articles 13 and 16).
    """

    agency_id: UUID
    agency_name: str
    dossier_id: UUID
    dossier_code: str
    number: str
    issued_date: date
    signed_by: str
    legal_value: str = "original"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper of a locker as its owner sees it."""

    id: UUID
    owner_id: UUID
    kind: str
    title: str
    file_id: UUID
    sha256: str
    number: str
    agency_name: str
    dossier_code: str
    issued_date: date
    valid_from: date
    valid_until: date | None
    valid_say: str
    legal_value: str
    legal_value_say: str
    signed_by: str
    verify_code: str
    kept_at: datetime
    revoked_at: datetime | None
    revoked_reason: str = ""
    replaced_at: datetime | None = None
    replaced_by_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A link that shows one paper for one purpose until one moment.

    `token` is given once, when the link is made; the house keeps its digest only.
    """

    id: UUID
    token: str
    paper_id: UUID
    purpose: str
    until: datetime
    made_at: datetime
    opened: int
    revoked_at: datetime | None
    state_say: str


@dataclass(frozen=True, kw_only=True)
class SharedPaper:
    """What a link's holder sees after the second fact was right."""

    title: str
    agency_name: str
    number: str
    issued_date: date
    purpose: str
    until: datetime
    owner_name: str
    in_force: bool = True
    valid_say: str = ""


@dataclass(frozen=True, kw_only=True)
class LookView:
    """A look at the owner's data: who, when, at what, what for.

    `registry` is the registry whose record was looked at, "" for everything else. `listed`: on
    pages of a list, `times` of them that day, the last one `at`.
    """

    at: datetime
    who: str
    agency_name: str
    what: str
    purpose: str
    registry: str = ""
    listed: bool = False
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The answer to a QR check; it never contains the document."""

    ok: bool
    sentence: str
    title: str = ""
    agency_name: str = ""
    number: str = ""
    issued_date: date | None = None
