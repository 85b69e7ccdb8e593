"""One record of an export as it stands, whatever the file's form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cuaso.kernel import text

CODE: Final = "ma_thu_tuc"
MOST_RECORDS: Final = 200_000


@lru_cache(maxsize=1_000)
def column_of(heading: str) -> str:
    """Return a heading by the export's own name: "Mã thủ tục" is called `ma_thu_tuc`."""
    return "_".join(text.fold(heading).replace("_", " ").split())


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One record: the line where it begins and its columns."""

    line: int
    values: Mapping[str, object]
