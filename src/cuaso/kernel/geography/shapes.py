"""Points, lines and polygons in WGS 84: read from GeoJSON and WKT, checked, measured.

A shape is RFC 7946 geometry: longitude before latitude, rings closed, the outer one first.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from cuaso.kernel.errors import Invalid

if TYPE_CHECKING:
    from pyproj import Geod
    from shapely.geometry.base import BaseGeometry

Kind = Literal["Point", "LineString", "Polygon"]
Position = tuple[float, float]
Ring = tuple[Position, ...]

DIGITS: Final = 8
# The land, the sea and the islands of Vietnam, in whole degrees: west, south, east, north.
VIETNAM: Final = (102.0, 6.0, 118.0, 24.0)
_LEAST_OF_RING: Final = 4
_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_WKT: Final = re.compile(
    r"(?:SRID=4326;)?\s*(POINT|LINESTRING|POLYGON)\s*\(([-+\d.eE,()\s]+)\)\s*", re.IGNORECASE
)
_PAIR: Final = re.compile(rf"\s*({_NUMBER})\s+({_NUMBER})\s*")
_KINDS: Final[Mapping[str, Kind]] = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One geometry. A point has one ring of one position, a line one ring, a polygon closed ones.

    Positions are rounded to eight decimals of a degree, about a millimetre.
    """

    kind: Kind
    rings: tuple[Ring, ...]

    @property
    def geojson(self) -> dict[str, Any]:
        """The geometry as RFC 7946 writes it."""
        rings = [[list(position) for position in ring] for ring in self.rings]
        inside: Any = rings if self.kind == "Polygon" else rings[0]
        return {"type": self.kind, "coordinates": inside[0] if self.kind == "Point" else inside}

    @property
    def positions(self) -> tuple[Position, ...]:
        return tuple(position for ring in self.rings for position in ring)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        longitudes, latitudes = zip(*self.positions, strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

    @property
    def centre(self) -> Position:
        """The middle of the bounds: where a map puts a label."""
        west, south, east, north = self.bounds
        return round((west + east) / 2, DIGITS), round((south + north) / 2, DIGITS)


def refused(what: str, mend: str = "") -> Invalid:
    """Return a refusal of a shape (`geography.shape`)."""
    return Invalid(code="geography.shape", what=what, mend=mend)


def make(kind: Kind, rings: Sequence[Sequence[Sequence[float]]]) -> Shape:
    """Return a shape of positions, rounded, rings closed, checked; raise Invalid."""
    rounded = tuple(_ring(ring, closed=kind == "Polygon") for ring in rings)
    shape = Shape(kind=kind, rings=rounded)
    _check(shape)
    return shape


def from_geojson(given: Mapping[str, Any]) -> Shape:
    """Return the shape of a GeoJSON geometry, or of a feature that has one; raise Invalid."""
    geometry = given.get("geometry") if given.get("type") == "Feature" else given
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    inside = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if kind not in ("Point", "LineString", "Polygon") or not isinstance(inside, list):
        raise refused(
            "GeoJSON này không phải một điểm, một đường hay một vùng.",
            "Hãy gửi Point, LineString hoặc Polygon.",
        )
    rings = inside if kind == "Polygon" else [inside] if kind == "LineString" else [[inside]]
    if not all(_is_ring(ring) for ring in rings):
        raise refused("Tọa độ trong GeoJSON không đọc được.", "Mỗi điểm là [kinh độ, vĩ độ].")
    return make(kind, rings)


def from_wkt(text: str) -> Shape | None:
    """Return the shape of well-known text, None when it is no such text; raise Invalid."""
    found = _WKT.fullmatch(text)
    if found is None:
        return None
    kind = _KINDS[found[1].upper()]
    inside = re.findall(r"\(([^()]*)\)", found[2]) if kind == "Polygon" else [found[2]]
    rings = [[_pair(pair) for pair in ring.split(",")] for ring in inside]
    return make(kind, rings)


def is_on_earth(position: Position) -> bool:
    """Say whether a position has a longitude and a latitude that there are."""
    longitude, latitude = position
    return -180 <= longitude <= 180 and -90 <= latitude <= 90  # noqa: PLR2004 degrees of a globe


def is_in_vietnam(position: Position) -> bool:
    """Say whether a position lies in the frame of Vietnam's land, sea and islands."""
    west, south, east, north = VIETNAM
    return west <= position[0] <= east and south <= position[1] <= north


def area(shape: Shape) -> float:
    """Return the square metres of a polygon on the ellipsoid, holes taken out; 0 for others."""
    if shape.kind != "Polygon":
        return 0.0
    outer, *holes = (_ring_area(ring) for ring in shape.rings)
    return outer - sum(holes)


def length(shape: Shape) -> float:
    """Return the metres of a line, or around a polygon with its holes; 0 for a point."""
    geod = _geod()
    return sum(float(geod.line_length(*_columns(ring))) for ring in shape.rings if ring[1:])


def fault(shape: Shape) -> tuple[str, Position | None]:
    """Say what is wrong with a polygon's rings, and where; ("", None) when all is well."""
    import shapely  # noqa: PLC0415 a heavy library for few pages

    said = str(shapely.is_valid_reason(as_geometry(shape)))
    found = re.search(rf"\[({_NUMBER}) ({_NUMBER})", said)
    at = (float(found[1]), float(found[2])) if found else None
    if said == "Valid Geometry":
        return "", None
    if "Hole" in said or "shells" in said:
        return "có khoảng trống nằm ngoài hoặc chồng lên vùng", at
    return "có cạnh tự cắt", at


def simplified(shape: Shape, *, tolerance: float) -> Shape:
    """Return the shape with fewer positions, none further off than `tolerance` degrees."""
    import shapely  # noqa: PLC0415 a heavy library for few pages

    return of_geometry(shapely.simplify(as_geometry(shape), tolerance, preserve_topology=True))


def nearest_to(points: Mapping[str, Position], *, beyond: float) -> dict[str, Shape]:
    """Return for each point the polygon of what lies nearer to it than to any other, all within the
    hull of the points and `beyond` degrees around it; none for fewer than two points.
    """
    import shapely  # noqa: PLC0415 a heavy library for few pages

    every = shapely.MultiPoint(list(points.values()))
    hull = every.convex_hull.buffer(beyond)
    cells = shapely.STRtree(shapely.voronoi_polygons(every, extend_to=hull).geoms)
    found = {}
    for code, position in points.items():
        inside = cells.query(shapely.Point(position), predicate="intersects")
        if len(inside) == 1 and len(points) > 1:
            found[code] = of_geometry(cells.geometries[inside[0]].intersection(hull))
    return found


def as_geometry(shape: Shape) -> "BaseGeometry":
    """Return the shape as shapely has it."""
    from shapely.geometry import shape as from_mapping  # noqa: PLC0415 as above

    return from_mapping(shape.geojson)


def of_geometry(geometry: "BaseGeometry") -> Shape:
    """Return the shape of a shapely point, line or polygon."""
    kind: Kind = geometry.geom_type
    if kind == "Polygon":
        rings = [geometry.exterior.coords, *(hole.coords for hole in geometry.interiors)]
    else:
        rings = [geometry.coords]
    return Shape(kind=kind, rings=tuple(_ring(ring, closed=False) for ring in rings))


def _ring(ring: Sequence[Sequence[float]], *, closed: bool) -> Ring:
    positions = [(round(float(x), DIGITS), round(float(y), DIGITS)) for x, y, *_ in ring]
    if closed and positions and positions[0] != positions[-1]:
        positions.append(positions[0])
    return tuple(positions)


def _is_ring(ring: object) -> bool:
    return isinstance(ring, list) and all(
        isinstance(position, list)
        and len(position) in (2, 3)
        and all(isinstance(one, int | float) and math.isfinite(one) for one in position)
        for position in ring
    )


def _pair(text: str) -> Position:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise refused("Tọa độ trong WKT không đọc được.", "Mỗi điểm là “kinh độ vĩ độ”.")
    return float(found[1]), float(found[2])


def _check(shape: Shape) -> None:
    for ring in shape.rings:
        distinct = len(dict.fromkeys(ring))
        if shape.kind == "Point" and len(ring) != 1:
            raise refused("Một điểm có đúng một cặp tọa độ.", "Hãy bớt các cặp còn lại.")
        if shape.kind == "LineString" and distinct < 2:  # noqa: PLR2004 a line has two ends
            raise refused("Một đường cần ít nhất hai điểm khác nhau.", "Hãy ghi thêm điểm.")
        if shape.kind == "Polygon" and distinct < _LEAST_OF_RING - 1:
            raise refused("Một vùng cần ít nhất ba điểm khác nhau.", "Hãy ghi thêm điểm góc.")
    if not shape.rings:
        raise refused("Chưa có điểm nào.", "Hãy ghi tọa độ các điểm.")


def _ring_area(ring: Ring) -> float:
    square, _ = _geod().polygon_area_perimeter(*_columns(ring))
    return abs(float(square))


def _columns(ring: Ring) -> tuple[list[float], list[float]]:
    return [position[0] for position in ring], [position[1] for position in ring]


def _geod() -> "Geod":
    from pyproj import Geod  # noqa: PLC0415 a heavy library for few pages

    return Geod(ellps="WGS84")
