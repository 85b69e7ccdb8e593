"""The same vessels as a CSV sheet, in each side's own way of writing values."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import uuid4

from bench.measuring import fleet

# Numbers that no other vessel of a measurement has.
FIRST: Final = 50_000
_SPOKEN: Final = {"registered": "02/03/2020", "length": "10,8", "width": "3,2", "risk": "Không"}


def spoken(rows: int) -> bytes:
    """Return the sheet as officials write it: days and decimals the Vietnamese way."""
    return _file(
        {**values, **_SPOKEN, "engines": f"YANMAR 6HA | M{number:08d} | 150"}
        for number, values in _vessels(rows)
    )


def plain(rows: int) -> bytes:
    """Return the sheet as a program writes it, each row with an id of its own."""
    return _file(
        {"row_id": str(uuid4()), **values, "risk": "false", "engines": "[]"}
        for _, values in _vessels(rows)
    )


def _vessels(rows: int) -> Iterator[tuple[int, dict[str, object]]]:
    for number in range(FIRST, FIRST + rows):
        yield number, fleet.values(number)


def _file(rows: Iterator[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    first = next(rows)
    writer = csv.DictWriter(text, list(first))
    writer.writeheader()
    writer.writerow(first)
    writer.writerows(rows)
    return text.getvalue().encode()
