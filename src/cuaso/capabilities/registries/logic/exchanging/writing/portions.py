"""What is known of the lines of a sheet on their way into a registry, and what became of them."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.values.columnwise import ReadRows
from cuaso.capabilities.registries.logic.exchanging.writing.loading import Key
from cuaso.capabilities.registries.logic.storing.building import Row

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of one row; `path` "" is the row as a whole."""

    line: int
    path: str
    text: str
    say: str


@dataclass(kw_only=True)
class Tally:
    """What became of the rows of a sheet. `faults` holds the first ones."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    faults: list[Fault] = field(default_factory=list)

    def count(self, one: "Brought") -> None:
        """Count a line that was looked at by itself."""
        if one.faults:
            self.bad += 1
            self.faults += one.faults[: max(0, SHOWN - len(self.faults))]
        elif one.row is None:
            self.added += 1
        elif one.agency is None:
            self.same += 1
        else:
            self.changed += 1


@dataclass(slots=True)
class Brought:
    """What one line would do: `row` is the record that is there, `agency` keeps what is written
    (None where nothing is).
    """

    line: Line
    row: Row | None
    agency: UUID | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Portion:
    """Lines on their way: their texts by column, their keys, what stands under them already (id,
    keeper, and what rights depend on), and what a new record would hold.
    """

    lines: list[Line]
    table: list[list[str]]
    keys: list[Key | None]
    standing: dict[Key, tuple[Any, ...]]
    read: ReadRows
    # What is settled without a look at single lines: new ones with who keeps them, unchanged ones.
    added: dict[int, UUID] = field(default_factory=dict)
    same: frozenset[int] = frozenset()

    def cells(self, at: int) -> list[str]:
        """Return the texts of a line."""
        return [texts[at] for texts in self.table]
