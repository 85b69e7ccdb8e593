"""What crosses the worklists engine's door."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

PHRASE_ACTS: Final = ("any", "supplement", "refuse", "return", "opinion")
BLANKS: Final = ("họ tên", "mã hồ sơ", "thủ tục")
MOST_PHRASES: Final = 50
LONGEST_PHRASE: Final = 2000
LONGEST_PHRASE_NAME: Final = 80
Whose = Literal["own", "agency", "suggested"]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter of the queue: the list, typed words and a procedure's code; `""` for none."""

    view: str
    text: str = ""
    procedure: str = ""


@dataclass(frozen=True, kw_only=True)
class SavedFilter:
    """A filter under the title that its post gave it."""

    id: UUID
    title: str
    filter: Filter


@dataclass(frozen=True, kw_only=True)
class AtList:
    """What a post has beside a list: its filters in the order of their making, and the dossiers
    that went on since it saw them.
    """

    saved: tuple[SavedFilter, ...] = ()
    changed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A text to begin an opinion or a reason with.

    `key` names it among those offered; `id` is None for a suggestion of the product.
    `act` is one of `PHRASE_ACTS`; `text` may have blanks (`BLANKS`) in braces. `may_change` says
    whether who asked may change and remove it.
    """

    key: str
    id: UUID | None
    whose: Whose
    name: str
    name_en: str
    text: str
    act: str
    may_change: bool = False
