"""What a sheet is made of, whatever file it stands in; and what is said of a file refused."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Final

from cuaso.kernel.errors import Invalid

MOST_BYTES: Final = 200 * 1024 * 1024
MOST_COLUMNS: Final = 400
EXAMPLE: Final = "VÍ DỤ"
AGAIN: Final = "Hãy mở bằng phần mềm bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."


@dataclass(slots=True)
class Line:
    """One row: its number in the file, a text a cell, and what is wrong with single cells."""

    number: int
    cells: list[str]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet that may be read again from the start; `remarks` tells what was guessed or done."""

    name: str
    read: Callable[[], Generator[Line, None, None]]
    remarks: tuple[str, ...] = ()


def refused(why: str, mend: str) -> Invalid:
    """Return the refusal of a file that is not read."""
    return Invalid(
        code="registries.sheet_refused",
        what="Chưa đọc được bảng tính này.",
        why=why,
        mend=mend,
    )
