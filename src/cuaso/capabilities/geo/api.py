"""The door of geo: projections, checks and sizes of shapes, drawings for maps."""

from cuaso.capabilities.geo.logic.draw import draw, metres_of_a_pixel, read_bbox
from cuaso.capabilities.geo.logic.measure import check, measure, simplify
from cuaso.capabilities.geo.logic.meridians import meridians
from cuaso.capabilities.geo.logic.need_postgis import has_postgis, need_postgis
from cuaso.capabilities.geo.logic.tiles import frame_of, square, tile
from cuaso.capabilities.geo.logic.transform import to_vn2000, to_wgs84

__all__ = [
    "check",
    "draw",
    "frame_of",
    "has_postgis",
    "measure",
    "meridians",
    "metres_of_a_pixel",
    "need_postgis",
    "read_bbox",
    "simplify",
    "square",
    "tile",
    "to_vn2000",
    "to_wgs84",
]
