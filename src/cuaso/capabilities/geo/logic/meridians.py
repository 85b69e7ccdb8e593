"""Which central meridian the papers of a province use: dated data beside this engine."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from cuaso.capabilities.geo.contracts import ProvinceMeridian
from cuaso.kernel import tables

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "meridians.csv"


@dataclass(frozen=True)
class _Row:
    province: str
    meridian: str
    from_: date | None
    to: date | None
    note: str
    source: str
    unverified: bool


def meridians(*, province: str, on: date) -> tuple[ProvinceMeridian, ...]:
    """Return the meridians of a province's code on a day, the usual one first; none if unknown."""
    return tuple(
        one
        for one in _all()
        if one.province == province
        and (one.since is None or one.since <= on)
        and (one.until is None or on <= one.until)
    )


@cache
def _all() -> tuple[ProvinceMeridian, ...]:
    return tuple(
        ProvinceMeridian(
            province=row.province,
            meridian=row.meridian,
            since=row.from_,
            until=row.to,
            note=row.note,
            source=row.source,
            unverified=row.unverified,
        )
        for row in tables.read(FILE, _Row)
    )
