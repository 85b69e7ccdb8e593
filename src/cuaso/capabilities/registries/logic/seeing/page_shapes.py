"""What pages of a registry are made of: offers, views, forms, outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple
from uuid import UUID

from cuaso.declarations.forms import FieldView, FormView
from cuaso.declarations.registries import Act
from cuaso.declarations.shape import Loose


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ViewOffer:
    """A declared calendar, map, figure or print."""

    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ListOffer:
    """A declared list; `quick` are the fields that it offers to filter by at once."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    quick: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FieldOffer:
    """What may be done with a field: `asked` is how a condition on it is given (choice, text,
    number, day, yes_no, reference, "" for none); `changes` says that many records may be given
    one value of it at once; `to` is the registry that a reference leads to.
    """

    path: str
    title: str
    asked: str
    unit: str
    masked: bool
    sortable: bool
    changes: bool
    to: str = ""
    files: bool = False


@dataclass(frozen=True, kw_only=True)
class PartOffer:
    """A heading of the form and of the record page; a `group` holds rows instead of fields, and
    `files` are the titles of what in its rows holds files.
    """

    name: str
    title: str
    hint: str
    fields: tuple[str, ...]
    group: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FacetChoice:
    """One value to filter by; `count` is None beyond what is counted."""

    code: str
    label: str
    count: int | None
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Facet:
    path: str
    title: str
    choices: tuple[FacetChoice, ...]

    @cached_property
    def _number(self) -> int:
        return hash((self.path, self.title, self.choices))

    def __hash__(self) -> int:
        return self._number


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    id: UUID
    day: date
    name: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class CalendarView:
    """The records of one month; `partial` when there are more than are shown."""

    name: str
    title: str
    path: str
    month: date
    entries: tuple[CalendarEntry, ...]
    partial: bool


@dataclass(frozen=True, kw_only=True)
class MapFeature:
    """A record on a map; `geometry` is GeoJSON in WGS 84, `key` the code that colours it."""

    id: UUID
    name: str
    text: str
    key: str
    label: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class MapView:
    """Records on a map; `invented` where boundaries drawn are made up to demonstrate."""

    name: str
    title: str
    features: tuple[MapFeature, ...]
    legend: tuple[Choice, ...]
    partial: bool
    in_tiles: bool = False
    invented: bool = False


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A record's form. `texts` are what was typed, by the form's paths; `revision` is what the
    typist saw (0 for a new record); `saved_at` says from which draft they come.
    """

    view: FormView
    texts: Mapping[str, str | list[str]]
    revision: int
    name: str = ""
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MoveForm:
    """What a step of status asks for, as inputs; `record` is how the record is called."""

    name: str
    title: str
    needs_reason: bool
    revision: int
    record: str
    fields: tuple[FieldView, ...]
    texts: Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A field that stands otherwise now than it was typed. `theirs`: somebody changed it since it
    was seen; `mine`: the typist changed it; both: one has to be chosen.
    """

    path: str
    title: str
    was: str
    now: str
    typed: str
    theirs: bool
    mine: bool


@dataclass(frozen=True, kw_only=True)
class BulkLine:
    """What became of one record of many: `changed`, `same`, `refused` with the reason, or `held`:
    right, but not changed, since another one is refused and all were to be changed or none.
    """

    id: UUID
    name: str
    outcome: Literal["changed", "same", "refused", "held"]
    say: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkDone:
    """`change_id` undoes all of it at once; None when nothing was changed."""

    change_id: UUID | None
    lines: tuple[BulkLine, ...]

    @property
    def changed(self) -> int:
        return sum(one.outcome == "changed" for one in self.lines)


@dataclass(frozen=True, kw_only=True)
class SavedViewCard:
    """A list as somebody keeps it: `query` is the text of the list's address."""

    id: UUID
    title: str
    query: str
    shared: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class BesideRecord:
    """Another record that a notice is about."""

    registry: str
    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """A notice that holds for a record today; `late` says that it is overdue or wrong."""

    name: str
    title: str
    say: str
    late: bool
    beside: tuple[BesideRecord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TurnView:
    """A step of the drawn way at which a record waits; `mine` says that it is the reader's."""

    id: UUID
    title: str
    lane: str
    since_at: datetime
    due_at: datetime | None
    mine: bool


@dataclass(frozen=True, kw_only=True)
class WaitingRecord:
    """A record that waits for the reader, at which step and since when."""

    registry: str
    registry_title: str
    id: UUID
    name: str
    step: str
    lane: str
    since_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field that a change gave another value."""

    path: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change in the history of a record: who, when, what, why, from what. `step` is the step
    of status that it was; `fixed`: one of a drawn way, or what formulas gave, which is not undone;
    `records`: how many records it wrote.
    """

    id: UUID
    at: datetime
    act: str
    who: str
    reason: str
    origin: str
    origin_id: str
    differences: tuple[Difference, ...]
    undone: bool = False
    step: str = ""
    fixed: bool = False
    records: int = 1


@dataclass(frozen=True, kw_only=True)
class MoveOffer:
    """A step of status that the reader may take now."""

    name: str
    title: str
    to: str
    needs_reason: bool
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field as its reader sees it: `text` for people, `value` for machines (None if masked).

    `origin` says where the value came from when that is not the record's last change.
    """

    path: str
    title: str
    text: str
    value: Loose
    masked: bool = False
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordView:
    """A record as its reader sees it. `revision` goes with every change (ETag, If-Match)."""

    id: UUID
    registry: str
    version: int
    name: str
    agency_id: UUID
    revision: int
    since: datetime
    change_id: UUID
    gone_at: datetime | None
    fields: tuple[FieldShown, ...]
    groups: Mapping[str, tuple[tuple[FieldShown, ...], ...]]
    may: frozenset[Act]
    moves: tuple[MoveOffer, ...] = ()
    grant: str = ""
    needs_purpose: bool = False
    turns: tuple[TurnView, ...] = ()

    def __hash__(self) -> int:
        """Values of fields may be lists; a record at a revision is shown in few ways at a time."""
        return hash((self.id, self.revision))

    def value(self, path: str) -> Loose:
        """Return the value of a field by its path, None when there is none."""
        return next((one.value for one in self.fields if one.path == path), None)

    def text(self, path: str) -> str:
        """Return a field as people read it, "" when there is none."""
        return next((one.text for one in self.fields if one.path == path), "")

    @property
    def values(self) -> dict[str, Any]:
        """The values by path, as the API gives them."""
        return {one.path: one.value for one in self.fields}


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """What the page of a record shows. `drawing`: the SVG of its way with where it stands, "" for
    none; `has_papers`: some may be drawn of it, or were.
    """

    record: RecordView
    history: tuple[ChangeLine, ...]
    has_papers: bool
    drawing: str
    notices: tuple[Noticed, ...]


class ValueLine(NamedTuple):
    """A record of a list for programs; `masked` are the places of the columns that hold what its
    reader may not see.
    """

    id: UUID
    revision: int
    name: str
    values: tuple[Any, ...]
    masked: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ValuePage:
    """One page of a list for programs, as `ListPage` has it: values without words."""

    registry: str
    version: int
    columns: tuple[str, ...]
    lines: tuple[ValueLine, ...]
    count: int | None
    after: str
    cut: bool = False
    untold: bool = False
