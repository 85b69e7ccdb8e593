"""One record of an export as it stands, whatever the file's form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CODE: Final = "ma_thu_tuc"
MOST_RECORDS: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One record: the line where it begins and its columns."""

    line: int
    values: Mapping[str, object]
