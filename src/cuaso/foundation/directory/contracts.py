"""What crosses the directory's door."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from cuaso.kernel.periods import Period

Level = Literal["province", "district", "commune"]
PersonKind = Literal["person", "business"]


@dataclass(frozen=True, kw_only=True)
class PlaceLink:
    """A place that came before or after another; `partial` when only a part of it went over."""

    id: UUID
    code: str
    full_name: str
    partial: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """An administrative unit in one period. Codes are reused: `id`, or code and day, names it."""

    id: UUID
    code: str
    name: str
    full_name: str
    kind: str
    level: Level
    parent_code: str
    valid: Period
    predecessors: tuple[PlaceLink, ...]
    successors: tuple[PlaceLink, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceToday:
    """A place as somebody named it, and the communes that stand for it on the day asked.

    `within` names what it lay in. `say` is the sentence for people ("… nay thuộc …"), `""` where
    the place itself stands.
    """

    asked: Place
    within: str
    now: tuple[Place, ...]
    say: str


@dataclass(frozen=True, kw_only=True)
class Agency:
    """An agency in one period. `kind`: committee, department, office, board, inspectorate,
    branch (of a department), one_stop_centre. `unverified` when its code, name or dates stand in
    no source we read.
    """

    id: UUID
    code: str
    code_old_style: str
    name: str
    name_en: str
    short_name: str
    kind: str
    level: Level
    parent_id: UUID | None
    place_code: str
    seal_name: str
    valid: Period
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit inside an agency."""

    id: UUID
    agency_id: UUID
    name: str
    valid: Period
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or a business. Text that is not known is `""`; sex is male, female or `""`.

    `invented` marks demonstration data.
    """

    id: UUID
    kind: PersonKind
    name: str
    personal_number: str
    tax_code: str
    birth_date: date | None
    sex: str
    place_code: str
    address: str
    phone: str
    email: str
    invented: bool


@dataclass(frozen=True, kw_only=True)
class Post:
    """One person's post in one agency. `person_id` None is a vacant post.

    Roles: reception, handler, leader (signs), clerk (numbers and seals), admin, auditor.
    """

    id: UUID
    agency_id: UUID
    unit_id: UUID | None
    title: str
    roles: frozenset[str]
    person_id: UUID | None
    valid: Period


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A post with the person who holds it."""

    post: Post
    person: Person

    @property
    def agency_id(self) -> UUID:
        return self.post.agency_id


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A post as the public sees it; `holder` `""` is vacant."""

    title: str
    holder: str
    leads: bool


@dataclass(frozen=True, kw_only=True)
class ChartUnit:
    """A unit of an agency with its posts."""

    unit: Unit
    seats: tuple[Seat, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One agency on one day: its own posts, its units, what stands above and below it."""

    agency: Agency
    parent: Agency | None
    seats: tuple[Seat, ...]
    units: tuple[ChartUnit, ...]
    below: tuple[Agency, ...]


@dataclass(frozen=True, kw_only=True)
class ChartPost:
    """A post with the agency in which it is."""

    seat: Seat
    agency: Agency


@dataclass(frozen=True, kw_only=True)
class ChartFound:
    """What was found by a name or a code."""

    agencies: tuple[Agency, ...]
    posts: tuple[ChartPost, ...]


@dataclass(frozen=True, kw_only=True)
class Province:
    """The province itself, as it was on a day."""

    name: str
    code: str
    place_code: str
    committee_id: UUID
    committee_name: str
    seal_name: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A day that differs from the statutory calendar; `agency_id` None is for all agencies."""

    day: date
    worked: bool
    reason: str
    source: str
    agency_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What an installation did with the rows of one table."""

    table: str
    added: int
    changed: int
    same: int


@dataclass(frozen=True)
class PlaceRow:
    """`places.csv`. In every table `to` is the last day of validity."""

    code: str
    name: str
    full_name: str
    kind: str
    level: str
    parent_code: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool


@dataclass(frozen=True)
class PlaceSuccessionRow:
    """`place_successions.csv`: on `date` the old place (or a part of it) became the new one."""

    old_code: str
    new_code: str
    date: date
    partial: bool
    source: str
    unverified: bool


@dataclass(frozen=True)
class AgencyRow:
    """`agencies.csv`; `key` is the agency's name in packs and never changes."""

    key: str
    code: str
    code_old_style: str
    name: str
    name_en: str
    short_name: str
    kind: str
    level: str
    parent_key: str
    place_code: str
    seal_name: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool


@dataclass(frozen=True)
class AgencySuccessionRow:
    """`agency_successions.csv`."""

    old_key: str
    new_key: str
    date: date
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationRow:
    """An organisation as its register knows it. `inside`: a section within an agency; `until` is
    the first day on which it is no more; `heir_code` who took over.
    """

    code: str
    name: str
    kind: str
    short_name: str = ""
    parent_code: str = ""
    place_code: str = ""
    inside: bool = False
    start: date | None = None
    until: date | None = None
    heir_code: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Where an organisation stands in the directory: its agency, and its unit when it is one."""

    agency_id: UUID
    unit_id: UUID | None = None


@dataclass(frozen=True)
class UnitRow:
    """`units.csv`."""

    key: str
    agency_key: str
    name: str
    from_: date | None
    to: date | None
    unverified: bool


@dataclass(frozen=True)
class PersonRow:
    """`people.csv`."""

    key: str
    kind: str
    name: str
    personal_number: str
    tax_code: str
    birth_date: date | None
    sex: str
    place_code: str
    address: str
    phone: str
    email: str
    invented: bool
    note: str


@dataclass(frozen=True)
class PostRow:
    """`posts.csv`; `roles` with spaces between."""

    key: str
    agency_key: str
    unit_key: str
    title: str
    roles: frozenset[str]
    person_key: str
    from_: date | None
    to: date | None


@dataclass(frozen=True)
class TieRow:
    """`ties.csv`: `kind` guardian (of a ward) or representative (of a business)."""

    kind: str
    person_key: str
    other_key: str
    basis: str
    from_: date | None
    to: date | None
