"""What crosses the door about papers of a record."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class PaperOffer:
    """A paper that the reader may draw of a record now."""

    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A paper that was drawn of a record; `state`: drawn, signing, signed, sealing, filed,
    replaced, revoked. `stale` says that the record was changed since.
    """

    id: UUID
    name: str
    title: str
    number: str
    code: str
    state: str
    made_at: datetime
    made_by: str
    signer: str
    issued_date: date | None
    ended_why: str
    stale: bool
    may_sign: bool
    may_seal: bool
    may_revoke: bool


@dataclass(frozen=True, kw_only=True)
class RecordPapers:
    """What may be drawn of a record, and what was, newest first."""

    offers: tuple[PaperOffer, ...] = ()
    lines: tuple[PaperLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrintedPaper:
    """A paper as PDF/A-2b, or with its signatures once it is signed."""

    id: UUID
    name: str
    pdf: bytes


@dataclass(frozen=True, kw_only=True)
class FiledPaper:
    """A signed paper as whoever keeps it for its owner reads it; `ended` since it was filed."""

    id: UUID
    registry: str
    kind: str
    title: str
    number: str
    code: str
    owner_id: UUID | None
    agency_id: UUID
    agency_name: str
    record_id: UUID
    issued_date: date
    signer: str
    file_id: UUID
    state: str
    ended_why: str
