"""Where the communes of the province are: `data/place_points.csv`, for invented records.

Their real boundaries are not here: those of a demonstration are invented from the points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings

from cuaso.kernel import tables
from cuaso.kernel.geography import shapes

_FILE: Final = "province/data/place_points.csv"
# How far beyond the outermost points the invented province goes, about five kilometres.
_BEYOND: Final = 0.045
_DIGITS: Final = 4


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


@cache
def borders() -> Mapping[str, str]:
    """Return an invented boundary by a commune's code, a corner a line: what lies nearer to its
    point than to any other.
    """
    points = {code: (longitude, latitude) for code, (latitude, longitude, _) in around().items()}
    cells = shapes.nearest_to(points, beyond=_BEYOND)
    return {code: "\n".join(map(_corner, cell.rings[0][:-1])) for code, cell in cells.items()}


def _corner(position: shapes.Position) -> str:
    longitude, latitude = (f"{one:.{_DIGITS}f}".replace(".", ",") for one in position)
    return f"{latitude}; {longitude}"
