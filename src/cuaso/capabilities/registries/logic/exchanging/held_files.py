"""Files that records of a registry hold already, as far as who brings a sheet reads them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField

from cuaso.capabilities.registries.logic.changing import attached
from cuaso.capabilities.registries.logic.changing.attached import Place
from cuaso.capabilities.registries.logic.seeing import lists, rights
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor


def held(built: Built, ids: Collection[UUID], *, actor: Actor) -> frozenset[UUID]:
    """Return which of these files stand in records in force that the actor both sees and may bring
    in again, in fields that the actor reads in full.
    """
    hidden = rights.masked(built, actor)
    places = [
        one
        for one in attached.places_of(built)
        if not {one.path, f"{one.path}.{one.inside}"} & hidden
    ]
    if not ids or not places:
        return frozenset()
    rows = access.visible(
        actor=actor,
        act="import",
        queryset=lists.visible(built, actor).filter(row_gone=None),
        policy=rights.policy(built, actor),
    )
    found = {UUID(str(id)) for place in places for id in _in_place(rows, place, ids)}
    return frozenset(found & set(ids))


def _in_place(rows: lists.Rows, place: Place, ids: Iterable[UUID]) -> Iterator[Any]:
    name = place.column
    if place.inside:
        every = Func(
            F(name),
            template=f"jsonb_path_query_array(%(expressions)s, '$[*].\"{place.inside}\"[*]')",
            output_field=JSONField(),
        )
        rows, name = rows.annotate(row_files=every), "row_files"
        rows = rows.filter(row_files__has_any_keys=[str(id) for id in ids])
    else:
        rows = rows.filter(**{f"{name}__overlap": list(ids)})
    for some in rows.values_list(name, flat=True):
        yield from some
