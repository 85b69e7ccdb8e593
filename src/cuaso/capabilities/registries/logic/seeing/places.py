"""Where a record stands on a map: where it was drawn, else on its road by its chainage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from cuaso.capabilities.registries.logic.seeing import records, rights, standing, units
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.fields import Context
from cuaso.declarations.registry_views import Along, MapOf
from cuaso.kernel.actors import Actor
from cuaso.kernel.geography import lines, shapes

Geometries = Mapping[UUID, Mapping[str, Any]]


def told(one: MapOf) -> tuple[str, ...]:
    """Return the fields that a mark tells of beside the record's name."""
    along = (one.along.of, *one.along.km) if one.along else ()
    return (one.at, one.colour, *along)


def wanted(built: Built, one: MapOf, hidden: frozenset[str]) -> Q:
    """Return which records may have a place; none where the reader may not read it."""
    drawn = Q(**{f"{built.column(one.at).name}__isnull": False}) if one.at else Q(pk=None)
    if one.at in hidden:
        return Q(pk=None)
    if one.along is None or {one.along.of, *one.along.km} & hidden:
        return drawn
    told = (built.column(one.along.of).name, *(built.column(km).name for km in one.along.km))
    return drawn | Q(**{f"{name}__isnull": False for name in told})


def of(
    built: Built,
    one: MapOf,
    rows: Sequence[Row],
    *,
    hidden: frozenset[str],
    actor: Actor,
    at: datetime | None = None,
) -> Geometries:
    """Return the geometry of each record that has a place, as GeoJSON in WGS 84; what stands
    along a road stands along the road as it was at the moment `at`.
    """
    name = built.column(one.at).name if one.at and one.at not in hidden else ""
    drawn = {row.row_id: getattr(row, name) for row in rows} if name else {}
    if name and built.column(one.at).kind == "text":
        lie = units.geometries({str(code) for code in drawn.values() if code})
        return {id: lie[code] for id, code in drawn.items() if code in lie}
    found = {id: kept["geometry"] for id, kept in drawn.items() if kept}
    if one.along is None or {one.along.of, *one.along.km} & hidden:
        return found
    rest = [row for row in rows if row.row_id not in found]
    return {**found, **_along(built, one.along, rest, actor, at)}


def say(built: Built, one: MapOf, row: Row, here: Context) -> str:
    """Return a place in words: its coordinates, else its chainage."""
    paths = [one.at] if one.at and built.column(one.at).read(row) is not None else []
    paths = paths or list(one.along.km if one.along else ())
    columns = [built.column(path) for path in paths]
    said = [records.say(column.one, column.read(row), here) for column in columns if column.one]
    return " – ".join(text for text in said if text)


def _along(
    built: Built, one: Along, rows: Sequence[Row], actor: Actor, at: datetime | None
) -> Geometries:
    """Return the places of records along the lines of those that they refer to."""
    link = built.column(one.of).beside[0]
    roads = _roads(built, one, {getattr(row, link) for row in rows} - {None}, actor, at)
    found: dict[UUID, Mapping[str, Any]] = {}
    for row in rows:
        road = roads.get(getattr(row, link))
        chainages = [built.column(km).read(row) for km in one.km]
        if road is not None and None not in chainages:
            shares = [_share(road, km) for km in chainages]
            found[row.row_id] = lines.along(road[0], shares[0], shares[-1]).geojson
    return found


Road = tuple[shapes.Shape, Decimal, Decimal]


def _roads(
    built: Built, one: Along, ids: set[UUID], actor: Actor, at: datetime | None
) -> Mapping[UUID, Road]:
    """Return line, first and last chainage of the roads that the reader may see in full."""
    to = built.declared.fields[one.of].to
    target = sets.built(to if "/" in to else f"{built.key.partition('/')[0]}/{to}")
    if {one.line, one.starts, one.ends} & rights.masked(target, actor):
        return {}
    line, *ends = (target.column(path) for path in (one.line, one.starts, one.ends))
    found = {}
    parts = standing.visible_at(target, actor, at)
    for row in (row for part in parts for row in part.filter(row_id__in=list(ids))):
        drawn, (start, end) = getattr(row, line.name), (column.read(row) for column in ends)
        if drawn and start is not None and end is not None and start < end:
            found[row.row_id] = (shapes.from_geojson(drawn["geometry"]), start, end)
    return found


def _share(road: Road, km: Decimal) -> float:
    _, start, end = road
    return float((km - start) / (end - start))
