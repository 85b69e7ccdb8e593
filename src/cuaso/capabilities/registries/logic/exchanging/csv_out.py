"""Writes CSV that Excel opens: UTF-8 with its mark, semicolons, no text that is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.values.cells import guarded

_PORTION: Final = 128 * 1024


def table(
    rows: Iterable[Sequence[str]], *, numeric: frozenset[int] = frozenset()
) -> Iterator[bytes]:
    """Yield the rows as CSV; columns in `numeric` hold numbers and days, which need no guard."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write("\ufeff")
    for row in rows:
        writer.writerow([one if at in numeric else guarded(one) for at, one in enumerate(row)])
        if text.tell() > _PORTION:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
