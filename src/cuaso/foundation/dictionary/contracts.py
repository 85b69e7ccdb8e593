"""What crosses the dictionary's door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from cuaso.kernel.periods import ALWAYS, Period


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
