"""What crosses the dictionary's door."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final, Literal, Self
from uuid import UUID

from cuaso.kernel.periods import ALWAYS, Period

STATUSES: Final = (
    *("incomplete", "candidate", "recorded", "qualified", "standard"),
    *("preferred_standard", "superseded", "retired"),
)
Relation = Literal["exact", "broader", "narrower", "related"]
ChangeKind = Literal[
    "code_removed", "pattern", "length", "range", "type", "unit", "codes", "retired"
]


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code of a list in one period; the same code may mean something else in another."""

    list_id: str
    code: str
    label: str
    label_en: str
    valid: Period
    attributes: Mapping[str, str]
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A list by its name in packs (`ethnic_group`); `unverified` counts codes so marked."""

    id: UUID
    list_id: str
    title: str
    title_en: str
    source: str
    size: int
    unverified: int


@dataclass(frozen=True, kw_only=True)
class CodeEntry:
    """A code to install."""

    code: str
    label: str
    label_en: str = ""
    valid: Period = ALWAYS
    attributes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    unverified: bool = False


@dataclass(frozen=True)
class CodeRow:
    """One line of `codes/<list>.csv`; `to` is the last day on which the code is valid."""

    code: str
    label_vi: str
    label_en: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool


@dataclass(frozen=True)
class ListRow:
    """One line of `codes/lists.csv`, which gives every list of the folder its title."""

    list: str
    title_vi: str
    title_en: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What an installation did: codes added, changed, and found unchanged."""

    added: int
    changed: int
    same: int


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The value domain of one version; `type` is a field type of the pack language."""

    type: str = "text"
    codes: str = ""
    unit: str = ""
    pattern: str = ""
    pattern_say: str = ""
    min_length: int = 0
    max_length: int | None = None
    min: str = ""
    max: str = ""
    digits: int | None = None
    examples: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return what differs from the defaults, as JSON keeps it; `load` gives it back."""
        standard = asdict(Domain())
        kept = {name: value for name, value in asdict(self).items() if value != standard[name]}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items()}

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Self:
        """Return the domain that `plain` gave; unknown names are left out."""
        known = {each.name for each in fields(cls)}
        given: dict[str, Any] = {name: v for name, v in kept.items() if name in known}
        return cls(**given | {"examples": tuple(given.get("examples", ()))})


@dataclass(frozen=True, kw_only=True)
class ElementVersion:
    """One version of an element. A draft has `published_at` None and binds nobody."""

    id: UUID
    number: int
    valid: Period
    domain: Domain
    source: str
    unverified: bool
    published: bool
    reason: str
    drafter_name: str
    publisher_name: str


@dataclass(frozen=True, kw_only=True)
class Element:
    """A data element by its key (`person.sex`), versions in the order of their first days."""

    id: UUID
    key: str
    pack: str
    object_class: str
    object_class_en: str
    property_name: str
    title: str
    title_en: str
    definition: str
    aliases: tuple[str, ...]
    status: str
    steward: str
    replaced_by: str
    personal: bool
    versions: tuple[ElementVersion, ...]

    def version_on(self, day: date) -> ElementVersion | None:
        """Return the published version in force on a day."""
        return next((v for v in self.versions if v.published and v.valid.contains(day)), None)

    @property
    def published(self) -> tuple[ElementVersion, ...]:
        return tuple(version for version in self.versions if version.published)

    @property
    def drafts(self) -> tuple[ElementVersion, ...]:
        return tuple(version for version in self.versions if not version.published)


@dataclass(frozen=True, kw_only=True)
class UseEntry:
    """A place that holds data, as another engine writes it down.

    `kind` is what the place is (`registry`, `form`, `report`); `system` and `path` name it,
    `element_key` is "" when nobody has said which element it is.
    """

    kind: str
    system: str
    system_title: str
    path: str
    title: str
    element_key: str = ""
    version: int | None = None
    codes: str = ""


@dataclass(frozen=True, kw_only=True)
class Use(UseEntry):
    """A use as it stands in the dictionary; `source` is who wrote it down."""

    source: str


@dataclass(frozen=True, kw_only=True)
class MappedCode:
    """A counterpart of a code; `relation` reads from the asked code to this one."""

    code: str
    label: str
    relation: Relation
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """What a code is in another list on a day; without codes, `say` tells why."""

    codes: tuple[MappedCode, ...]
    say: str

    @property
    def certain(self) -> bool:
        """Say whether there is exactly one counterpart and nothing was lost on the way."""
        return len(self.codes) == 1 and self.codes[0].relation in ("exact", "broader")


@dataclass(frozen=True, kw_only=True)
class MappingView:
    """One mapping between two lists, with its lines that hold on a day."""

    from_list: str
    to_list: str
    to_title: str
    lines: tuple[tuple[str, str, MappedCode | None], ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change that somebody thinks of. `value` is the code removed, or the new value."""

    kind: ChangeKind
    value: str = ""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Breakage:
    """One place that a change would touch. `breaks` False: somebody should look at it."""

    kind: str
    system: str
    path: str
    title: str
    say: str
    breaks: bool


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that a search found: an element, a list, or a code of a list."""

    kind: Literal["element", "list", "code"]
    key: str
    list_id: str
    title: str
    title_en: str
    detail: str
    unverified: bool = False
