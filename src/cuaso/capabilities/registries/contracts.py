"""What crosses the registries' door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cuaso.declarations.registries import Act
from cuaso.declarations.shape import Loose

Origin = Literal["form", "api", "import", "dossier", "pack", "undo", "national", "sample"]
Texts = Mapping[str, str | list[str]]

__all__ = [
    "Act",
    "Cell",
    "ChangeLine",
    "Difference",
    "FieldShown",
    "Filter",
    "ListPage",
    "ListQuery",
    "MoveOffer",
    "Origin",
    "RecordView",
    "RegistryCard",
    "RowView",
    "Source",
    "Texts",
]


@dataclass(frozen=True, kw_only=True)
class Source:
    """From what a change comes: a form, a sheet (its batch), a dossier, a national database."""

    kind: Origin = "form"
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class RegistryCard:
    """A registry in a list of registries; `may` are the reader's acts on it as a whole."""

    id: UUID
    key: str
    title: str
    title_en: str
    about: str
    pack: str
    owner_name: str
    systems: tuple[str, ...]
    version: int
    may: frozenset[Act]


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
class MoveOffer:
    """A step of status that the reader may take now."""

    name: str
    title: str
    to: str
    needs_reason: bool


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
class Filter:
    """One condition of a list: `has` any of the codes, `is`, `from`, `to`, `words`, `blank`."""

    path: str
    how: Literal["is", "any", "from", "to", "begins", "blank", "filled", "not"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """What a reader asks of a list. `after` is the cursor that the page before gave."""

    list: str = "default"
    filters: tuple[Filter, ...] = ()
    words: str = ""
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    after: str = ""
    size: int = 50
    as_of: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    text: str
    value: Loose
    masked: bool = False


@dataclass(frozen=True, kw_only=True)
class RowView:
    id: UUID
    name: str
    cells: tuple[Cell, ...]
    revision: int


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page. `count` is exact up to the cap, None beyond it; `after` "" on the last page."""

    registry: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[RowView, ...]
    count: int | None
    after: str
    sort: tuple[str, ...]
    facets: Mapping[str, tuple[tuple[str, str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field that a change gave another value."""

    path: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change in the history of a record: who, when, what, why, from what."""

    id: UUID
    at: datetime
    act: str
    who: str
    reason: str
    origin: str
    origin_id: str
    differences: tuple[Difference, ...]
    undone: bool = False
