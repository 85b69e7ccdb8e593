"""What crosses the registries' door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from cuaso.capabilities.registries.logic.designing.edits import Edit
from cuaso.capabilities.registries.logic.designing.shapes import (
    BinField,
    BinView,
    Break,
    DesignCard,
    DesignDifference,
    DesignView,
    FailingLine,
    FailingValue,
    Impact,
    NewRegistry,
    Recomputed,
    TypeChange,
    WithdrawnCard,
)
from cuaso.capabilities.registries.logic.exchanging.shapes import (
    SheetChoice,
    SheetColumn,
    SheetFault,
    SheetReport,
)
from cuaso.capabilities.registries.logic.feeding.shapes import (
    DecisionFile,
    NationalFile,
    OfficialFile,
    Told,
)
from cuaso.capabilities.registries.logic.printing.shapes import (
    FiledPaper,
    PaperLine,
    PaperOffer,
    PrintedPaper,
    RecordPapers,
)
from cuaso.capabilities.registries.logic.seeing.page_shapes import (
    BesideRecord,
    BulkDone,
    BulkLine,
    CalendarEntry,
    CalendarView,
    ChangeLine,
    Choice,
    Clash,
    Difference,
    Facet,
    FacetChoice,
    FieldOffer,
    FieldShown,
    FormPage,
    ListOffer,
    MapFeature,
    MapView,
    MoveForm,
    MoveOffer,
    Noticed,
    PartOffer,
    RecordPage,
    RecordView,
    SavedViewCard,
    TurnView,
    ValueLine,
    ValuePage,
    ViewOffer,
    WaitingRecord,
)
from cuaso.capabilities.registries.logic.seeing.shapes import (
    Dataset,
    DatasetCard,
    OpenColumn,
    OwnLook,
    OwnOffer,
    OwnRegistry,
    OwnShelf,
    Verified,
    VerifyOffer,
)
from cuaso.capabilities.registries.logic.shapes import (
    AddedLine,
    AddedMany,
    FeedChange,
    FeedPage,
    FeedRecord,
    VersionLine,
)
from cuaso.declarations.registries import Act
from cuaso.declarations.shape import Loose

Origin = Literal[
    "form", "api", "import", "dossier", "pack", "undo", "national", "sample", "record", "design"
]
Texts = Mapping[str, str | list[str]]

__all__ = [
    "Act",
    "AddedLine",
    "AddedMany",
    "BesideRecord",
    "BinField",
    "BinView",
    "BoardColumn",
    "Break",
    "BulkDone",
    "BulkLine",
    "CalendarEntry",
    "CalendarView",
    "Cell",
    "ChangeLine",
    "Choice",
    "Clash",
    "Dataset",
    "DatasetCard",
    "DecisionFile",
    "DesignCard",
    "DesignDifference",
    "DesignView",
    "Difference",
    "Edit",
    "Facet",
    "FacetChoice",
    "FailingLine",
    "FailingValue",
    "FeedChange",
    "FeedPage",
    "FeedRecord",
    "FieldOffer",
    "FieldShown",
    "FigureCell",
    "FigureView",
    "FiledPaper",
    "Filter",
    "FormPage",
    "Impact",
    "ListOffer",
    "ListPage",
    "ListQuery",
    "MapFeature",
    "MapView",
    "MoveForm",
    "MoveOffer",
    "NationalFile",
    "NewRegistry",
    "Noticed",
    "OfficialFile",
    "OpenColumn",
    "Origin",
    "Outline",
    "OwnLook",
    "OwnOffer",
    "OwnRegistry",
    "OwnShelf",
    "PaperLine",
    "PaperOffer",
    "PartOffer",
    "PrintedPaper",
    "Recomputed",
    "RecordPage",
    "RecordPapers",
    "RecordView",
    "RegistryCard",
    "RegistryShape",
    "RowView",
    "SavedViewCard",
    "SheetChoice",
    "SheetColumn",
    "SheetFault",
    "SheetReport",
    "Source",
    "Texts",
    "Told",
    "TurnView",
    "TypeChange",
    "ValueLine",
    "ValuePage",
    "Verified",
    "VerifyOffer",
    "VersionLine",
    "ViewOffer",
    "WaitingRecord",
    "WithdrawnCard",
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
class Filter:
    """One condition of a list: `has` any of the codes, `is`, `from`, `to`, `words`, `blank`."""

    path: str
    how: Literal["is", "any", "from", "to", "begins", "blank", "filled", "not"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """What a reader asks of a list. `after` is the cursor that the page before gave; the one
    column `*` is every field.
    """

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

    def __hash__(self) -> int:
        """Values of cells may be lists; a record at a revision is shown in few ways at a time."""
        return hash((self.id, self.revision))


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page. `count` is exact up to the cap, None beyond it, and where it is `untold` since
    counting took too long; `after` "" on the last page. `cut`: looking went on for as long as a
    page may take, and `after` goes on from there, whatever was found so far.
    """

    registry: str
    version: int
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[RowView, ...]
    count: int | None
    after: str
    sort: tuple[str, ...]
    facets: Mapping[str, tuple[tuple[str, str, int], ...]] = field(default_factory=dict)
    cut: bool = False
    untold: bool = False


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a registry is made of, in the words of one reader's language.

    `owes_purpose`: this reader says why before seeing anything.
    """

    card: RegistryCard
    title: str
    item: str
    about: str
    legal: tuple[str, ...]
    unverified: bool
    sharing: str
    keep: str
    lists: tuple[ListOffer, ...]
    fields: tuple[FieldOffer, ...]
    parts: tuple[PartOffer, ...]
    calendars: tuple[ViewOffer, ...]
    maps: tuple[ViewOffer, ...]
    figures: tuple[ViewOffer, ...]
    prints: tuple[ViewOffer, ...]
    status: str
    owes_purpose: bool

    @cached_property
    def _number(self) -> int:
        return hash((self.card, self.title, self.lists, self.fields))

    def __hash__(self) -> int:
        """Pages look up by an outline what they have drawn of it; it is worked out once."""
        return self._number


@dataclass(frozen=True, kw_only=True)
class FigureCell:
    """One number; `filters` make the list of the records it was made of."""

    value: Decimal | int | None
    text: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """A declared figure: a line for each value of the first field, a column for the second's."""

    name: str
    title: str
    unit: str
    by: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[FigureCell, ...]], ...]
    total: FigureCell


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """A status and the first records that stand there; `count` is None beyond what is counted."""

    code: str
    label: str
    count: int | None
    rows: tuple[RowView, ...]


@dataclass(frozen=True, kw_only=True)
class RegistryShape:
    """A version for programs: `sent` and `given` are JSON Schemas of the values of a record,
    `filters` the ways in which a path may be asked for, `moves` the steps of status by name.
    """

    card: RegistryCard
    version: int
    key: tuple[str, ...]
    sent: Mapping[str, Any]
    given: Mapping[str, Any]
    filters: Mapping[str, tuple[str, ...]]
    sorts: tuple[str, ...]
    paths: tuple[str, ...]
    lists: tuple[str, ...]
    moves: Mapping[str, str]
    versions: tuple[VersionLine, ...]
    legal: tuple[str, ...]
    figures: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    board: bool = False
