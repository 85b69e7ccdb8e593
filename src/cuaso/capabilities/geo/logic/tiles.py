"""Map Vector Tiles: what lies in one square of the web map, encoded by PostGIS.

Source: Mapbox Vector Tile specification 2.1; tiles are numbered as on every web map, from the
north-west, in EPSG:3857.
"""

import json
import math
from collections.abc import Iterable
from typing import Final

from django.db import connection

from cuaso.capabilities.geo.contracts import Bounds, Feature, Square
from cuaso.capabilities.geo.logic.need_postgis import need_postgis
from cuaso.kernel.errors import Invalid

FINEST: Final = 22
EXTENT: Final = 4096
# What is drawn beyond the edge of a square, so that marks on the edge stay whole.
_BEYOND: Final = 256
_ENCODE: Final = """
select ST_AsMVT(drawn, %s, %s, 'shape', 'number') from (
  select number, properties, ST_AsMVTGeom(
    ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(geometry), 4326), 3857),
    ST_TileEnvelope(%s, %s, %s), %s, %s, true) as shape
  from jsonb_to_recordset(%s) as given (number bigint, geometry jsonb, properties jsonb)
) drawn where shape is not null
"""


def square(zoom: int, column: int, row: int) -> Square:
    """Return one square of the web map by its address; raise Invalid for none."""
    if not (0 <= zoom <= FINEST and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
        raise Invalid(
            code="geo.no_square",
            what=f"Bản đồ không có ô {zoom}/{column}/{row}.",
            mend="Hãy gửi mức phóng từ 0 đến 22, cột và hàng trong phạm vi của mức ấy.",
        )
    return Square(zoom=zoom, column=column, row=row)


def frame_of(one: Square) -> Bounds:
    """Return the degrees that a square shows, with what is drawn beyond its edges."""
    across = 2**one.zoom
    beyond = _BEYOND / EXTENT
    west, east = (360 * at / across - 180 for at in (one.column - beyond, one.column + 1 + beyond))
    north, south = (_latitude(at / across) for at in (one.row - beyond, one.row + 1 + beyond))
    return max(west, -180.0), south, min(east, 180.0), north


def tile(features: Iterable[Feature], *, square: Square, layer: str) -> bytes:
    """Return the tile of some features; those outside the square are left out. Empty for none.

    Raises Unavailable where the database has no PostGIS.
    """
    need_postgis()
    given = [
        {"number": number, "geometry": one.shape.geojson, "properties": dict(one.properties)}
        for number, one in enumerate(features, start=1)
    ]
    if not given:
        return b""
    place = (square.zoom, square.column, square.row)
    with connection.cursor() as cursor:
        cursor.execute(
            _ENCODE,
            [layer, EXTENT, *place, EXTENT, _BEYOND, json.dumps(given, ensure_ascii=False)],
        )
        return bytes(cursor.fetchone()[0] or b"")


def _latitude(share: float) -> float:
    """Return the latitude of a share of the map's height from the north, within its ends."""
    reached = min(max(share, 0.0), 1.0)
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * reached))))
