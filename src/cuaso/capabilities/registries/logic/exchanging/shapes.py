"""What is told of a sheet that came in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column of a sheet and the field that it holds; `path` "" where it is passed over."""

    heading: str
    path: str
    title: str


@dataclass(frozen=True, kw_only=True)
class SheetFault:
    """What is wrong in one row, and what to do."""

    line: int
    heading: str
    text: str
    say: str


@dataclass(frozen=True, kw_only=True)
class SheetChoice:
    """Texts of a choice column that are in no list, and what they may be mapped to."""

    path: str
    title: str
    texts: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SheetReport:
    """A sheet that was read or brought in. `state`: read, done, undone. `faults` are the first
    ones; the answer file has all. `missing` are required fields without a column. `letters`: "old"
    where cells are written for old fonts, "converted" where they were written in Unicode, else "".
    """

    id: UUID
    registry: str
    title: str
    file_name: str
    state: str
    made_at: datetime | None
    rows: int
    added: int
    changed: int
    same: int
    bad: int
    columns: tuple[SheetColumn, ...]
    missing: tuple[str, ...]
    offered: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    faults: tuple[SheetFault, ...]
    strange: tuple[SheetChoice, ...]
    change_id: UUID | None
    letters: str = ""
