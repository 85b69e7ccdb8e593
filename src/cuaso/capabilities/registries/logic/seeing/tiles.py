"""A registry with many places as tiles of the web map, in the reader's rights and masks.

Rights, filters and the frame are one statement of the database; a name is made of what the reader
may read in full. Seen from afar, records that lie beside each other are drawn as one mark.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from cuaso.capabilities.geo import api as geo
from cuaso.capabilities.geo.contracts import Bounds, Feature, Square
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.seeing import carried, colours, lists, places, rights
from cuaso.capabilities.registries.logic.storing import definition, sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.registry_views import MapOf
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.geography import shapes

LAYER: Final = "records"
SEEN: Final = "Xem bản đồ."
# So many records of one square are looked at; what is drawn of them are at most 64 × 64 marks.
LOOKED_AT: Final = 20_000
MARKS_ACROSS: Final = 64
# From this zoom on every record is drawn by itself.
SINGLE: Final = 14
_THINNED: Final = """
select * from (
  select few.*, count(*) over (partition by row_spot) as row_near,
    row_number() over (partition by row_spot order by row_id) as row_place
  from (select seen.*, {spot} as row_spot from ({rows} limit {most}) seen) few
) marks where row_place = 1
"""


def in_tiles(built: Built, one: MapOf) -> bool:
    """Say whether a map can be drawn in tiles: its places are drawn, and the house has PostGIS."""
    return one.along is None and _is_drawn(built, one) and geo.has_postgis()


def tile_of(
    *,
    registry: str,
    name: str,
    square: Square,
    query: ListQuery,
    actor: Actor,
    language: str = "vi",
    purpose: str = "",
) -> bytes:
    """Return a square of a declared map as a Map Vector Tile, with one layer `records`.

    A mark has the id and name of a record, its colour as `key` and `about`, and in `near` how many
    other records stand for it. Looks at people are told as those of a list are. Raises NotFound
    for a map that is not declared or not in tiles and for a past day, Unavailable where the
    database has no PostGIS.
    """
    built = sets.built(registry)
    declared = built.declared.maps.get(name)
    past = query.as_of is not None
    if declared is None or past or declared.along is not None or not _is_drawn(built, declared):
        raise NotFound(
            code="registries.no_tiles",
            what=f"Sổ “{built.declared.title}” không có bản đồ “{name}” theo ô.",
            mend="Hãy lấy bản đồ ấy ở dạng GeoJSON.",
        )
    geo.need_postgis()
    hidden = rights.masked(built, actor)
    labels = colours.labels(built, declared.colour, language)
    marks = _marks(built, declared, square, query, actor=actor, hidden=hidden)
    told = places.told(declared)
    carried.shown(built, marks, paths=told, actor=actor, how=SEEN, purpose=purpose)
    features = [_feature(built, declared, row, hidden=hidden, labels=labels) for row in marks]
    return geo.tile(features, square=square, layer=LAYER)


def _is_drawn(built: Built, one: MapOf) -> bool:
    return bool(one.at) and built.column(one.at).kind == "json"


def _marks(
    built: Built,
    one: MapOf,
    square: Square,
    query: ListQuery,
    *,
    actor: Actor,
    hidden: frozenset[str],
) -> Sequence[Row]:
    column = built.column(one.at)
    frame = geo.frame_of(square)
    rows = lists.matching(built, query, actor).filter(places.wanted(built, one, hidden))
    within = _within(built.table, column, frame)
    try:
        text, given = rows.filter(within).order_by().query.sql_with_params()
    except EmptyResultSet:
        return []
    asked = _THINNED.format(spot=_spot(column, square), rows=text, most=LOOKED_AT)
    return list(rows.model.objects.raw(asked, given))


def _within(table: str, column: Column, frame: Bounds) -> RawSQL:
    """Return the condition that a place touches a frame; of a point by its own index."""
    west, south, east, north = frame
    if _is_point(column):
        spelled = f"{definition.spot(column, table)} <@ box(point(%s, %s), point(%s, %s))"
        given = (east, north, west, south)
    else:
        shape = f'''ST_GeomFromGeoJSON("{table}"."{column.name}" -> 'geometry')'''
        spelled = f"{shape} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
        given = (west, south, east, north)
    return RawSQL(spelled, given, output_field=BooleanField())  # noqa: S611 our own columns


def _spot(column: Column, square: Square) -> str:
    """Return what records drawn as one mark share: a small field of the map, else the record."""
    if not _is_point(column) or square.zoom >= SINGLE:
        return "row_id::text"
    side, spot = 360 / 2**square.zoom / MARKS_ACROSS, definition.spot(column)
    east, north = (f"floor(({spot})[{at}] / {side!r})" for at in (0, 1))
    return f"{east} || ' ' || {north}"


def _is_point(column: Column) -> bool:
    return column.one is not None and column.one.type == "point"


def _feature(
    built: Built,
    one: MapOf,
    row: Any,  # noqa: ANN401 a row with `row_near`
    *,
    hidden: frozenset[str],
    labels: Mapping[str, str],
) -> Feature:
    key = colours.colour_of(built, row, one.colour, hidden)
    return Feature(
        id=str(row.row_id),
        shape=shapes.from_geojson(getattr(row, built.column(one.at).name)["geometry"]),
        properties={
            "id": str(row.row_id),
            "title": values.name_of(built, row, hidden=hidden),
            "about": labels.get(key, ""),
            "key": key,
            "near": row.row_near - 1,
        },
    )
