"""Which agency keeps a record: the committee of its commune where declared, else the owner."""

from uuid import UUID

from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound


def keeper(built: Built, row: Row, actor: Actor) -> UUID:
    """Return the agency that keeps a record of these values when this actor enters it."""
    place = built.declared.place
    code = getattr(row, built.column(place).name) if place else None
    if code:
        try:
            return directory.competent_agency(place_code=code, level="commune").id
        except NotFound:
            return built.owner_id
    outside = actor.agency_id and built.owner_id not in {actor.agency_id, *actor.agency_scope}
    return actor.agency_id if outside and actor.agency_id else built.owner_id
