"""Where administrative units lie: as the registry says that is the source of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.feeding import PlacesFrom


def geometries(codes: set[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return the boundary, else the seat, of each unit that some registry keeps, by its code."""
    found: dict[str, Mapping[str, Any]] = {}
    for built, one in _sources():
        place, position = built.column(one.place).name, built.column(one.position).name
        boundary = built.column(one.boundary).name if one.boundary else position
        rows = built.live.objects.filter(row_gone=None, **{f"{place}__in": sorted(codes)})
        for code, drawn, seat in rows.values_list(place, boundary, position):
            kept = drawn or seat
            if kept:
                found[code] = kept["geometry"]
    return found


def _sources() -> Iterator[tuple[Built, PlacesFrom]]:
    for built in sets.current():
        if built.declared.feeds is not None and built.declared.feeds.places is not None:
            yield built, built.declared.feeds.places
