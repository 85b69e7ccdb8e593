"""VN-2000 into WGS 84 and back."""

from cuaso.capabilities.geo.contracts import Degrees, Metres
from cuaso.kernel.errors import Invalid
from cuaso.kernel.geography import shapes, vn2000
from cuaso.kernel.geography.vn2000 import ACCURACY_METRES, Zone


def to_wgs84(*, x: float, y: float, meridian: str) -> Degrees:
    """Return the degrees of an X (north) and a Y (east) in metres; raise Invalid."""
    zone = _zone(meridian)
    if not vn2000.reaches(zone, east=y):
        raise Invalid(
            code="geo.out_of_zone",
            what=f"Y = {y:.3f} nằm ngoài múi chiếu của kinh tuyến trục {zone.meridian}.",
            mend="Hãy xem lại Y và kinh tuyến trục trên giấy tờ.",
        )
    place = vn2000.to_wgs84(north=x, east=y, zone=zone)
    _in_vietnam(place)
    return Degrees(longitude=place[0], latitude=place[1], accuracy_m=ACCURACY_METRES)


def to_vn2000(*, longitude: float, latitude: float, meridian: str) -> Metres:
    """Return the X and Y of degrees in the zone of a central meridian; raise Invalid."""
    zone = _zone(meridian)
    _in_vietnam((longitude, latitude))
    north, east = vn2000.to_vn2000(longitude=longitude, latitude=latitude, zone=zone)
    return Metres(x=north, y=east, meridian=zone.name, accuracy_m=ACCURACY_METRES)


def _zone(meridian: str) -> Zone:
    zone = vn2000.find_zone(meridian)
    if zone is None:
        raise Invalid(
            code="geo.no_meridian",
            what=f"Hệ VN-2000 không có kinh tuyến trục “{meridian}”.",
            mend=f"Hãy chọn một trong: {', '.join(vn2000.ZONES)}.",
        )
    return zone


def _in_vietnam(place: shapes.Position) -> None:
    if not shapes.is_in_vietnam(place):
        raise Invalid(
            code="geo.outside",
            what="Vị trí nằm ngoài lãnh thổ Việt Nam.",
            mend="Hãy xem lại tọa độ và kinh tuyến trục.",
        )
