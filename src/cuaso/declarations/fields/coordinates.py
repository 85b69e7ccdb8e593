"""Coordinates as people have them: degrees, degrees-minutes-seconds, VN-2000 X and Y, WKT, GeoJSON.

Latitude stands before longitude and X (north) before Y (east), as papers print them. One vertex a
line; an empty line begins the next ring of a polygon. A table of vertices may be pasted with its
ordinal numbers and lengths of sides: of a line with metres only the two coordinates count.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from cuaso.declarations.fields.kind import Wrong
from cuaso.kernel.errors import Invalid
from cuaso.kernel.geography import shapes, vn2000
from cuaso.kernel.geography.shapes import DIGITS, Kind, Position, Shape
from cuaso.kernel.geography.vn2000 import Zone
from cuaso.kernel.text import nfc, one_line

_SIGNS: Final = (("độ", "°"), ("phút", "'"), ("giây", '"'), ("º", "°"), ("′", "'"), ("’", "'"))
_MERIDIAN: Final = (
    r"(?:10[2-8]\s*(?:(?:[°-]\s*\d{1,2}\s*'?)|[.,](?:25|5|50|75|0|00)|°)?(?!\d)|4[89]N)"
)
_ZONE: Final = re.compile(
    rf"(?:(?:vn[\s-]*2000|ktt|kinh tuyến(?: trục)?|múi(?: chiếu)?)[\s:,;]*)+"
    rf"(?P<named>{_MERIDIAN})?[\s:,;]*|(?<![\d.,])(?P<bare>10[2-8]-\d\d)(?!\d)[\s:,;]*",
    re.IGNORECASE,
)
_WIDTH: Final = re.compile(r"[\s,;(]*múi (?:chiếu )?[36]\s*°\)?[\s:,;]*", re.IGNORECASE)
_ANGLE: Final = re.compile(
    r"(-?\d{1,3}(?:[.,]\d+)?)\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*')?"
    r"\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''))?\s*([BNĐESTW])?(?![A-Za-zÀ-ỹ])",
    re.IGNORECASE,
)
_HEMISPHERE: Final = re.compile(r"(?<!°)(\d[.,]\d+)\s*([BNĐE])(?![A-Za-zÀ-ỹ])", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?<![A-Za-zÀ-ỹ])[XYxy]\s*[=:]\s*")
_EAST_FIRST: Final = re.compile(r"\bY\s*[=:].*\bX\s*[=:]", re.IGNORECASE | re.DOTALL)
_GROUPED: Final = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN: Final = re.compile(r"-?\d+(?:[.,]\d+)?")
_HALF_CIRCLE: Final = 180.0
_PAIR_AND_NUMBER: Final = 3
_LEAST_METRES: Final = 100_000
_LEAST_NORTH: Final = 900_000
_FULL: Final = 60
_EASTERN: Final = frozenset("ĐEđeTtWw")
_NEGATIVE: Final = frozenset("TtWwSs")


@dataclass(frozen=True, kw_only=True)
class Read:
    """A shape in WGS 84, the text that gives it again, and its VN-2000 zone (`""` for degrees)."""

    shape: Shape
    text: str
    zone: str


def read(title: str, typed: str, *, kind: Kind, zone: str, anywhere: bool = False) -> Read:
    """Read a shape of a kind; `zone` serves X and Y that name none. Raise Wrong in words, also for
    a place outside Vietnam unless it may be `anywhere` on earth.
    """
    try:
        found = _of_machine(title, typed, kind) or _of_people(title, typed, kind, zone)
    except Invalid as refusal:
        raise Wrong(f"{title}: {refusal.what} {refusal.mend}") from None
    _check(title, found.shape, anywhere=anywhere)
    return found


def written(shape: Shape) -> str:
    """Return the shape as a person would type it: `13,7757; 109,2233`, a vertex a line."""
    return "\n\n".join("\n".join(pair(position) for position in ring) for ring in shape.rings)


def pair(position: Position, digits: int = DIGITS) -> str:
    """Return latitude and longitude with a decimal comma."""
    longitude, latitude = position
    return f"{_comma(latitude, digits)}; {_comma(longitude, digits)}"


def _comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".").replace(".", ",")


def _of_machine(title: str, typed: str, kind: Kind) -> Read | None:
    text = typed.strip()
    shape = _geojson(title, text) if text.startswith("{") else shapes.from_wkt(text)
    if shape is None:
        return None
    if shape.kind != kind:
        asked = {"Point": "một điểm", "LineString": "một đường", "Polygon": "một vùng"}
        raise Wrong(f"{title} phải là {asked[kind]}, đang là {asked[shape.kind]}.")
    return Read(shape=shape, text=written(shape), zone="")


def _geojson(title: str, text: str) -> Shape:
    try:
        given = json.loads(text)
    except ValueError:
        raise Wrong(f"{title}: GeoJSON không đọc được. Hãy vẽ lại hoặc gõ tọa độ.") from None
    if not isinstance(given, dict):
        raise Wrong(f"{title}: GeoJSON không đọc được. Hãy vẽ lại hoặc gõ tọa độ.")
    return shapes.from_geojson(given)


def _of_people(title: str, typed: str, kind: Kind, zone: str) -> Read:
    text = _tidied(typed, kind)
    rest, said = _zone_in(title, text)
    pairs = [[_pairs(title, line) for line in block.split("\n")] for block in rest.split("\n\n")]
    rings = [[one for line in block for one in line] for block in pairs]
    metric = {abs(first) > _HALF_CIRCLE for ring in rings for first, _ in ring}
    if len(metric) != 1:
        raise Wrong(f"{title}: hãy ghi mọi điểm theo cùng một hệ tọa độ.")
    if metric == {False}:
        degrees = [[(east, north) for north, east in ring] for ring in rings]
        return Read(shape=shapes.make(kind, _cut(kind, degrees)), text=text, zone="")
    used = said or vn2000.find_zone(zone)
    if used is None:
        raise Wrong(
            f"{title} là tọa độ VN-2000 mà chưa có kinh tuyến trục."
            " Hãy ghi thêm, ví dụ VN-2000 108°15': 1523703,603; 605049,761."
        )
    moved = [[_moved(title, north, east, used) for north, east in ring] for ring in rings]
    kept = text if said else f"VN-2000 {_name(used)}: {text}"
    return Read(shape=shapes.make(kind, _cut(kind, moved)), text=kept, zone=used.name)


def _cut(kind: Kind, rings: list[list[Position]]) -> list[list[Position]]:
    """Only a polygon has rings; an empty line in a point or a line means nothing."""
    return rings if kind == "Polygon" else [[one for ring in rings for one in ring]]


def _name(zone: Zone) -> str:
    return zone.name if zone.name.endswith("N") else zone.meridian


def _tidied(typed: str, kind: Kind) -> str:
    lines = [one_line(line) for line in nfc(typed).replace("\t", " ; ").strip().splitlines()]
    if kind == "Point":
        return "; ".join(line for line in lines if line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _zone_in(title: str, text: str) -> tuple[str, Zone | None]:
    """Return the text without what names the zone, and the zone."""
    plain = text
    for word, sign in _SIGNS:
        plain = re.sub(word, sign, plain, flags=re.IGNORECASE)
    plain = _WIDTH.sub(" ", _HEMISPHERE.sub(r"\1°\2", plain))
    said = [found["named"] or found["bare"] for found in _ZONE.finditer(plain)]
    named = list(dict.fromkeys(one for one in said if one))
    zones = {vn2000.find_zone(one) for one in named}
    if len(zones) > 1 or None in zones:
        raise Wrong(
            f"{title}: kinh tuyến trục “{', '.join(named)}” không có trong hệ VN-2000."
            " Hãy xem lại trên bản đồ hoặc giấy tờ."
        )
    rest = re.sub(r"^\n+", "", _ZONE.sub(" ", plain).strip())
    return rest, next(iter(zones), None)


def _pairs(title: str, line: str) -> list[tuple[float, float]]:
    """Return the pairs of one line, north before east."""
    east_first = bool(_EAST_FIRST.search(line))
    found = list(_ANGLE.finditer(line))
    if found:
        numbers = [_angle(title, one) for one in found]
        east_first = bool(found[0][4]) and found[0][4] in _EASTERN
    else:
        numbers = _numbers(title, _LABEL.sub(" ", line))
    if any(abs(number) >= _LEAST_METRES for number in numbers):
        numbers = [number for number in numbers if abs(number) >= _LEAST_METRES]
    elif len(numbers) == _PAIR_AND_NUMBER and shapes.is_in_vietnam((numbers[2], numbers[1])):
        numbers = numbers[1:]
    if not numbers and not line.strip():
        raise Wrong(f"{title} chưa có tọa độ nào. Hãy ghi, ví dụ 13,776; 109,223.")
    if not numbers or len(numbers) % 2:
        raise Wrong(f"{title}: “{line[:60]}” không phải một cặp tọa độ, ví dụ 13,776; 109,223.")
    both = [(numbers[at], numbers[at + 1]) for at in range(0, len(numbers), 2)]
    return [_in_order(title, pair[::-1] if east_first else pair) for pair in both]


def _angle(title: str, found: re.Match[str]) -> float:
    degrees, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in found.groups()[:3]
    )
    if minutes >= _FULL or seconds >= _FULL:
        raise Wrong(f"{title}: “{found[0].strip()}” có phút hoặc giây từ 60 trở lên.")
    value = abs(degrees) + minutes / _FULL + seconds / _FULL**2
    negative = degrees < 0 or (found[4] or " ") in _NEGATIVE
    return -value if negative else value


def _numbers(title: str, line: str) -> list[float]:
    parts = [part.strip(",") for part in re.split(r"[;|()\s]+", line)]
    numbers: list[float] = []
    for place, part in enumerate(parts):
        found = _number(part)
        # A vertex may begin with its name: `M1; 1523703,6; 605049,8`.
        if part and not found and (place or len(parts) == 1):
            raise Wrong(f"{title}: “{part[:40]}” không phải tọa độ, ví dụ 13,776; 109,223.")
        numbers += found
    return numbers


def _number(part: str) -> list[float]:
    """Read one number, `1.523.703,6` or `13,776`; or two, run together by a comma."""
    if _PLAIN.fullmatch(part):
        plain = float(part.replace(",", "."))
        grouped = _GROUPED.fullmatch(part) and "." in part and abs(plain) > _HALF_CIRCLE
        return [float(part.replace(".", "")) if grouped else plain]
    if _GROUPED.fullmatch(part):
        return [float(part.replace(".", "").replace(",", "."))]
    if re.fullmatch(rf"{_PLAIN.pattern},{_PLAIN.pattern}", part):
        return [float(one[0].replace(",", ".")) for one in _PLAIN.finditer(part)]
    return []


def _in_order(title: str, both: tuple[float, float]) -> tuple[float, float]:
    north, east = both
    west, south, last_east, last_north = shapes.VIETNAM
    if west <= north <= last_east and south <= east <= last_north:
        right = pair((north, east))
        raise Wrong(f"{title} đang ghi kinh độ trước vĩ độ. Hãy đổi lại thứ tự: {right}.")
    if _LEAST_METRES <= north < _LEAST_NORTH <= east:
        raise Wrong(
            f"{title} đang ghi Y (hướng đông) trước X (hướng bắc). Hãy đổi lại thứ tự: X; Y."
        )
    return north, east


def _moved(title: str, north: float, east: float, zone: Zone) -> Position:
    if not vn2000.reaches(zone, east=east):
        raise Wrong(
            f"{title}: Y = {_comma(east, 3)} nằm ngoài múi chiếu của kinh tuyến trục"
            f" {zone.meridian}. Hãy xem lại Y và kinh tuyến trục."
        )
    return vn2000.to_wgs84(north=north, east=east, zone=zone)


def _check(title: str, shape: Shape, *, anywhere: bool) -> None:
    within = shapes.is_on_earth if anywhere else shapes.is_in_vietnam
    strange = next((one for one in shape.positions if not within(one)), None)
    if strange is not None:
        limits = "phạm vi vĩ độ -90 đến 90, kinh độ -180 đến 180"
        place = limits if anywhere else "lãnh thổ Việt Nam"
        raise Wrong(
            f"{title}: điểm {pair(strange, 5)} nằm ngoài {place}. Hãy xem lại tọa độ"
            " và kinh tuyến trục."
        )
    if shape.kind != "Polygon":
        return
    wrong, at = shapes.fault(shape)
    if wrong:
        near = f" gần điểm {pair(at, 6)}" if at else ""
        raise Wrong(f"{title} {wrong}{near}. Hãy ghi các điểm góc theo thứ tự đi quanh vùng.")
