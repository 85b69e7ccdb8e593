"""What a registry of officials, and one of decisions on them, tell to who acts on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OfficialFile:
    """An official as the registry's record now says.

    `code` is the record's own number. Who is `working` holds the post from the day `since`; it is
    None while they have not begun. `until` is the last day of who left, `standing` in which words.
    `basis` says why the record is so: the decision, the reason of the change, or the registry;
    `decided` when it was written by another record, such as a decision.
    `agency_id` is who keeps the record.
    """

    registry: str
    id: UUID
    revision: int
    code: str
    name: str
    personal_number: str
    birth_date: date | None
    sex: str
    email: str
    working: bool
    standing: str
    since: date | None
    until: date | None
    organisation_code: str
    organisation_name: str
    title: str
    roles: frozenset[str]
    agency_id: UUID
    basis: str
    decided: bool


@dataclass(frozen=True, kw_only=True)
class DecisionFile:
    """A decision on an official. `open`: issued, its step `move` not taken yet; `taken`: it was,
    and the decision stands where the step leads.
    """

    registry: str
    id: UUID
    number: str
    act: str
    official_id: UUID | None
    official_name: str
    effective: date
    open: bool
    taken: bool
    move: str
    agency_id: UUID


@dataclass(frozen=True, kw_only=True)
class Told:
    """One field that a national database is told, as people call it and as machines write it."""

    path: str
    title: str
    value: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NationalFile:
    """A record as the national database is told of it, by its key."""

    registry: str
    id: UUID
    revision: int
    code: str
    name: str
    gone: bool
    fields: Mapping[str, Told]
