"""What a map is given to draw: the shapes in its frame, no finer than a screen shows."""

import math
from collections.abc import Iterable
from typing import Any, Final

from cuaso.capabilities.geo.contracts import Bounds, Drawing, Feature
from cuaso.capabilities.geo.logic.measure import simplify
from cuaso.kernel.errors import Invalid

_EQUATOR_M: Final = 40_075_016.7
_PIXELS: Final = 512
_FINEST_ZOOM: Final = 18


def read_bbox(text: str) -> Bounds:
    """Return the frame of `west,south,east,north` in degrees; raise Invalid."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _bad(text) from None
    on_earth = -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004 degrees
    if not on_earth:
        raise _bad(text)
    return west, south, east, north


def draw(
    features: Iterable[Feature], *, bbox: Bounds | None, zoom: float, most: int = 2000
) -> Drawing:
    """Return what touches the frame as GeoJSON, each shape simplified to half a pixel."""
    tolerance = metres_of_a_pixel(zoom) / 2
    drawn: list[dict[str, Any]] = []
    for one in features:
        if bbox is not None and not _touches(one.shape.bounds, bbox):
            continue
        if len(drawn) == most:
            return Drawing(geojson=_collection(drawn) | {"partial": True}, partial=True)
        drawn.append(_feature(one, tolerance))
    return Drawing(geojson=_collection(drawn), partial=False)


def metres_of_a_pixel(zoom: float) -> float:
    """Return how many metres one pixel of a web map shows at the equator; 0 from zoom 18 on."""
    return 0.0 if zoom >= _FINEST_ZOOM else _EQUATOR_M / _PIXELS / math.pow(2, max(zoom, 0))


def _feature(one: Feature, tolerance: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one.id,
        "geometry": simplify(one.shape, tolerance_m=tolerance).geojson,
        "properties": dict(one.properties),
    }


def _collection(drawn: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": drawn}


def _touches(one: Bounds, frame: Bounds) -> bool:
    return one[0] <= frame[2] and frame[0] <= one[2] and one[1] <= frame[3] and frame[1] <= one[3]


def _bad(text: str) -> Invalid:
    return Invalid(
        code="geo.bbox",
        what=f"Khung bản đồ “{text[:60]}” không đọc được.",
        mend="Hãy gửi tây,nam,đông,bắc bằng độ, ví dụ 108.5,13.4,109.4,14.7.",
    )
