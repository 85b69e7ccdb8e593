"""What geo gives away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cuaso.kernel.geography.shapes import Shape

# West, south, east, north in degrees.
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Degrees:
    """A place in WGS 84; `accuracy_m` is how far it may be off because of the datum."""

    longitude: float
    latitude: float
    accuracy_m: float


@dataclass(frozen=True, kw_only=True)
class Metres:
    """A place in VN-2000: X points north, Y east."""

    x: float
    y: float
    meridian: str
    accuracy_m: float


@dataclass(frozen=True, kw_only=True)
class ProvinceMeridian:
    """A central meridian that papers of a province, or of a part of it, use between two days."""

    province: str
    meridian: str
    since: date | None
    until: date | None
    note: str
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Sizes on the ellipsoid: square metres of a polygon, metres of a line or around a polygon."""

    area_m2: float
    length_m: float
    bounds: Bounds


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One thing on a map: its shape, and the words that go with it."""

    id: str
    shape: Shape
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Square:
    """One square of the web map: zoom, column from the west, row from the north."""

    zoom: int
    column: int
    row: int


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A GeoJSON FeatureCollection as plain JSON; `partial`, also in it, when more was there."""

    geojson: dict[str, Any]
    partial: bool
