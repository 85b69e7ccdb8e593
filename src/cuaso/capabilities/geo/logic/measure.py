"""Shapes that came from outside: checked, measured, made simpler."""

import math
from collections.abc import Mapping
from typing import Any, Final

from cuaso.capabilities.geo.contracts import Measure
from cuaso.kernel.errors import Invalid
from cuaso.kernel.geography import shapes
from cuaso.kernel.geography.shapes import Shape

_METRES_OF_A_DEGREE: Final = 111_320.0


def check(geojson: Mapping[str, Any]) -> Shape:
    """Return the shape of a GeoJSON geometry or feature; raise Invalid in words."""
    shape = shapes.from_geojson(geojson)
    if not all(shapes.is_in_vietnam(one) for one in shape.positions):
        raise Invalid(
            code="geo.outside",
            what="Hình có điểm nằm ngoài lãnh thổ Việt Nam.",
            mend="Hãy xem lại tọa độ; GeoJSON ghi kinh độ trước vĩ độ.",
        )
    wrong, at = shapes.fault(shape) if shape.kind == "Polygon" else ("", None)
    if wrong:
        near = f" gần kinh độ {at[0]:.6f}, vĩ độ {at[1]:.6f}" if at else ""
        raise Invalid(
            code="geo.crossing",
            what=f"Vùng {wrong}{near}.",
            mend="Hãy ghi các điểm góc theo thứ tự đi quanh vùng.",
        )
    return shape


def measure(shape: Shape) -> Measure:
    """Return the sizes of a shape on the ellipsoid."""
    return Measure(area_m2=shapes.area(shape), length_m=shapes.length(shape), bounds=shape.bounds)


def simplify(shape: Shape, *, tolerance_m: float) -> Shape:
    """Return the shape with fewer positions, none further off than the tolerance."""
    if shape.kind == "Point" or tolerance_m <= 0:
        return shape
    across = math.cos(math.radians(shape.centre[1]))
    return shapes.simplified(shape, tolerance=tolerance_m / (_METRES_OF_A_DEGREE * across))
