"""Points, lines and polygons on the earth, kept as GeoJSON with the text that people typed."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from cuaso.declarations import expressions
from cuaso.declarations.expressions import Shape as CelShape
from cuaso.declarations.fields import coordinates
from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong
from cuaso.declarations.shape import Loose
from cuaso.kernel.geography import shapes
from cuaso.kernel.geography.shapes import Kind, Shape

_HECTARE: Final = 10_000
_KILOMETRE: Final = 10_000
_CENTI: Final = Decimal("0.01")
_DEGREE: Final = Decimal("0.000001")
# A point of survey results (KoboToolbox, ODK): latitude, longitude, altitude, accuracy in metres.
_GEOPOINT: Final = re.compile(
    r"(-?\d+\.\d+ -?\d+\.\d+) -?\d{1,4}(?:\.\d+)? \d{1,4}(?:\.\d+)?", re.ASCII
)
_MEMBERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "Point": ("longitude", "latitude"),
    "LineString": ("length",),
    "Polygon": ("area", "length"),
}


@dataclass(frozen=True, kw_only=True)
class Located:
    """A shape in WGS 84, as it was typed, and its VN-2000 zone when it was typed in metres."""

    shape: Shape
    text: str
    zone: str = ""

    @cached_property
    def area(self) -> Decimal:
        """Square metres on the ellipsoid."""
        return Decimal(str(shapes.area(self.shape))).quantize(_CENTI)

    @cached_property
    def length(self) -> Decimal:
        """Metres along the line, or around the polygon."""
        return Decimal(str(shapes.length(self.shape))).quantize(_CENTI)

    def for_cel(self) -> Mapping[str, object]:
        """Return what an expression may read: degrees, metres, square metres."""
        if self.shape.kind == "Point":
            position = (Decimal(str(one)).quantize(_DEGREE) for one in self.shape.rings[0][0])
            return dict(zip(_MEMBERS["Point"], position, strict=True))
        return {name: getattr(self, name) for name in _MEMBERS[self.shape.kind]}

    def __str__(self) -> str:
        return self.text


class Geometry(FieldType):
    """One kind of shape; the three registered types differ only in it."""

    cel: expressions.Kind = "map"
    longest = 200_000
    inputs = ("text", "geometry", "zone")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.input = "text" if kind == "Point" else "textarea"

    def shape(self, one: Field) -> CelShape:  # noqa: ARG002
        members = {name: CelShape(kind="decimal") for name in _MEMBERS[self.kind]}
        return CelShape(kind="map", members=members)

    def gather(self, one: Field, texts: Mapping[str, str]) -> str:
        text = texts[""] or texts["text"] or texts["geometry"]
        zone = texts["zone"]
        if not text or not zone or zone == one.zone or text.lstrip().startswith(("{", "VN")):
            return text
        return f"VN-2000 {zone}: {text}"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        if len(typed) >= self.longest:
            raise Wrong(f"{one.title} có quá nhiều điểm. Hãy làm đơn giản hình vẽ rồi gửi lại.")
        surveyed = _GEOPOINT.fullmatch(typed.strip()) if self.kind == "Point" else None
        text = surveyed[1] if surveyed else typed
        found = coordinates.read(
            one.title, text, kind=self.kind, zone=one.zone, anywhere=one.anywhere
        )
        return Located(shape=found.shape, text=found.text, zone=found.zone)

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return str(value.text)

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        said = _size(value, english=context.language == "en")
        return f"{value.text} ({said})" if value.zone and self.kind == "Point" else said

    def store(self, value: Loose) -> Loose:
        return {"geometry": value.shape.geojson, "text": value.text, "zone": value.zone}

    def load(self, kept: Loose) -> object:
        shape = shapes.from_geojson(kept["geometry"])
        return Located(shape=shape, text=kept["text"], zone=kept.get("zone", ""))

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        geometry = {
            "type": "object",
            "properties": {"type": {"const": self.kind}, "coordinates": {"type": "array"}},
            "required": ["type", "coordinates"],
            "additionalProperties": False,
        }
        text = {"type": "string"}
        return {
            "type": "object",
            "properties": {"geometry": geometry, "text": text, "zone": text},
            "required": ["geometry", "text", "zone"],
            "additionalProperties": False,
        }

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        north, east = dice.randint(13_600, 14_000), dice.randint(108_900, 109_150)
        steps = {
            "Point": ((0, 0),),
            "LineString": ((0, 0), (4, 3), (9, 5)),
            "Polygon": ((0, 0), (0, 3), (2, 3), (2, 0)),
        }[self.kind]
        return "\n".join(
            coordinates.pair(((east + right) / 1000, (north + up) / 1000)) for up, right in steps
        )

    def advice(self, one: Field, context: Context) -> str:
        meridian = "" if one.zone else "VN-2000 108°15': "
        example = f"13,776; 109,223 / {meridian}1523703,603; 605049,761"
        if context.language == "en":
            lines = "" if self.kind == "Point" else " One vertex a line."
            return f"Latitude; longitude, or VN-2000 X; Y: {example}.{lines}"
        lines = "" if self.kind == "Point" else " Mỗi điểm một dòng."
        return f"Vĩ độ; kinh độ, hoặc X; Y theo VN-2000, ví dụ {example}.{lines}"


def _size(value: Located, *, english: bool) -> str:
    if value.shape.kind == "Point":
        return coordinates.pair(value.shape.rings[0][0], 6)
    count = len(value.shape.positions) - (len(value.shape.rings) if value.area else 0)
    if value.shape.kind == "LineString":
        words = "{} vertices, length {}" if english else "{} điểm, dài {}"
        return words.format(count, metres(value.length))
    words = "{} vertices, area {}, around {}" if english else "{} điểm góc, diện tích {}, chu vi {}"
    return words.format(count, square_metres(value.area), metres(value.length))


def metres(value: Decimal) -> str:
    """Return 1.234,5 m, from ten kilometres on 12,35 km."""
    return f"{_grouped(value / 1000, 2)} km" if value >= _KILOMETRE else f"{_grouped(value, 1)} m"


def square_metres(value: Decimal) -> str:
    """Return 1.234,5 m², from one hectare on 12,35 ha."""
    return (
        f"{_grouped(value / _HECTARE, 2)} ha" if value >= _HECTARE else f"{_grouped(value, 1)} m²"
    )


def _grouped(value: Decimal, digits: int) -> str:
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
