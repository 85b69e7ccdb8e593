"""VN-2000 plane coordinates and WGS 84 degrees: the projections of the EPSG register, both ways.

X points north and Y east, in metres, as Vietnamese cadastral papers print them. Between the two
datums stand seven parameters, EPSG operation “VN-2000 to WGS 84 (2)”, good to about one metre.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyproj import Transformer

ACCURACY_METRES: Final = 1.0
FALSE_EASTING: Final = 500_000
_DEGREE: Final = 60
# Half of a sheet's width: what lies further off belongs to another central meridian.
_REACH_METRES: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One projection: its central meridian in minutes of arc and its number in the register."""

    name: str
    minutes: int
    epsg: int

    @property
    def meridian(self) -> str:
        """The central meridian as papers print it: 108°15'."""
        return f"{self.minutes // _DEGREE}°{self.minutes % _DEGREE:02d}'"

    @property
    def label(self) -> str:
        width = "múi 6 độ" if self.name.endswith("N") else "múi 3 độ"
        return f"VN-2000, kinh tuyến trục {self.meridian}, {width}"


def _zone(name: str, epsg: int) -> Zone:
    degrees, minutes = name.split("-")
    return Zone(name=name, minutes=int(degrees) * _DEGREE + int(minutes), epsg=epsg)


ZONES: Final[Mapping[str, Zone]] = {
    **{
        name: _zone(name, epsg)
        for name, epsg in (
            ("102-00", 5896), ("103-00", 9205), ("104-00", 9206), ("104-30", 9207),
            ("104-45", 9208), ("105-00", 5897), ("105-30", 9209), ("105-45", 9210),
            ("106-00", 9211), ("106-15", 9212), ("106-30", 9213), ("107-00", 9214),
            ("107-15", 9215), ("107-30", 9216), ("107-45", 5899), ("108-00", 5898),
            ("108-15", 9217), ("108-30", 9218),
        )
    },
    "48N": Zone(name="48N", minutes=105 * _DEGREE, epsg=3405),
    "49N": Zone(name="49N", minutes=111 * _DEGREE, epsg=3406),
}  # fmt: skip
_MERIDIAN: Final = re.compile(
    r"(10[2-8])\s*(?:°|º|độ|-|,|\.)?\s*(?:(\d{1,2})\s*(?:'|′|’|phút)?)?(?:\s*0{1,2}\s*(?:\"|″|”))?",
    re.IGNORECASE,
)
_DECIMAL: Final = re.compile(r"(10[2-8])[.,](0|00|25|5|50|75)")
_QUARTERS: Final = {"0": 0, "00": 0, "25": 15, "5": 30, "50": 30, "75": 45}


def find_zone(text: str) -> Zone | None:
    """Return the zone of a central meridian as written: `108-15`, `108°15'`, `108.25`, `49N`."""
    written = text.strip()
    if written.upper() in ZONES:
        return ZONES[written.upper()]
    quarter = _DECIMAL.fullmatch(written)
    if quarter:
        return ZONES.get(f"{quarter[1]}-{_QUARTERS[quarter[2]]:02d}")
    found = _MERIDIAN.fullmatch(written)
    return ZONES.get(f"{found[1]}-{int(found[2] or 0):02d}") if found else None


def to_wgs84(*, north: float, east: float, zone: Zone) -> tuple[float, float]:
    """Return longitude and latitude in degrees of VN-2000 X (north) and Y (east) in metres."""
    longitude, latitude = _transformer(zone.epsg).transform(east, north)
    return longitude, latitude


def to_vn2000(*, longitude: float, latitude: float, zone: Zone) -> tuple[float, float]:
    """Return VN-2000 X (north) and Y (east) in metres of WGS 84 degrees."""
    east, north = _transformer(zone.epsg).transform(longitude, latitude, direction="INVERSE")
    return north, east


def reaches(zone: Zone, *, east: float) -> bool:
    """Say whether a Y lies in the width that the zone is meant for."""
    reach = 2 * _REACH_METRES if zone.name.endswith("N") else _REACH_METRES
    return abs(east - FALSE_EASTING) <= reach


@lru_cache(maxsize=32)
def _transformer(epsg: int) -> "Transformer":
    from pyproj import Transformer  # noqa: PLC0415 a heavy library for few pages

    return Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4326", always_xy=True)
