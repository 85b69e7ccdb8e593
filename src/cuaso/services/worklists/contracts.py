"""What crosses the worklists engine's door."""

from dataclasses import dataclass
from uuid import UUID


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
