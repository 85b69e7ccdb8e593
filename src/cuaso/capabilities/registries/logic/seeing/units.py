"""Where administrative units lie: as the registry says that is the source of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.feeding import PlacesFrom

_SAMPLE: Final = "sample"


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


def bounded_by_invention(built: Built, at: str) -> bool:
    """Say whether what a map draws at a field are boundaries that were made up to demonstrate."""
    one = built.declared.feeds.places if built.declared.feeds else None
    drawn = [(built, one)] if one is not None and one.boundary == at else []
    if built.column(at).kind == "text":
        drawn = list(_sources())
    return any(_are_invented(source, one) for source, one in drawn if one.boundary)


def _are_invented(built: Built, one: PlacesFrom) -> bool:
    made_up = Change.objects.filter(registry_id=built.id, origin=_SAMPLE).values("id")
    bounded = {f"{built.column(one.boundary).name}__isnull": False}
    rows = built.live.objects.filter(row_gone=None, row_change__in=made_up, **bounded)
    return rows.exists()


def _sources() -> Iterator[tuple[Built, PlacesFrom]]:
    for built in sets.current():
        if built.declared.feeds is not None and built.declared.feeds.places is not None:
            yield built, built.declared.feeds.places
