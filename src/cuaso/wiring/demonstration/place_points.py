"""Where the communes of the province are: `data/place_points.csv`, for invented records."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings

from cuaso.kernel import tables

_FILE: Final = "province/data/place_points.csv"


@dataclass(frozen=True)
class PointRow:
    """A point inside a commune, and how many kilometres around it belong to that."""

    code: str
    latitude: str
    longitude: str
    radius_km: str


@cache
def around() -> Mapping[str, tuple[float, float, float]]:
    """Return latitude, longitude and radius in kilometres by a commune's code."""
    file = settings.PACKS / _FILE
    rows = tables.read(file, PointRow) if file.is_file() else ()
    return {
        row.code: (float(row.latitude), float(row.longitude), float(row.radius_km)) for row in rows
    }
