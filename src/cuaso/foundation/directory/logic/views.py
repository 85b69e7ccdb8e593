"""Rows as they leave the house: frozen, without models."""

from cuaso.foundation.directory import contracts, models
from cuaso.kernel.periods import Period


def valid(row: models.Dated) -> Period:
    return Period(row.from_date, row.until_date)


def place(row: models.Place) -> contracts.Place:
    """Give a row whose successions are prefetched (see `find_places.stock`)."""
    return contracts.Place(
        id=row.id,
        code=row.code,
        name=row.name,
        full_name=row.full_name,
        kind=row.kind,
        level=row.level,  # type: ignore[arg-type] # a constraint of the installation
        parent_code=row.parent_code,
        valid=valid(row),
        predecessors=tuple(_link(step.old, step.partial) for step in row.precessions.all()),
        successors=tuple(_link(step.new, step.partial) for step in row.successions.all()),
    )


def _link(row: models.Place, partial: bool) -> contracts.PlaceLink:  # noqa: FBT001 the flag of a row
    return contracts.PlaceLink(id=row.id, code=row.code, full_name=row.full_name, partial=partial)


def agency(row: models.Agency) -> contracts.Agency:
    return contracts.Agency(
        id=row.id,
        code=row.code,
        code_old_style=row.code_old_style,
        name=row.name,
        name_en=row.name_en,
        short_name=row.short_name,
        kind=row.kind,
        level=row.level,  # type: ignore[arg-type] # a constraint of the installation
        parent_id=row.parent_id,
        place_code=row.place_code,
        seal_name=row.seal_name,
        valid=valid(row),
        source=row.source,
        unverified=row.unverified,
    )


def unit(row: models.Unit) -> contracts.Unit:
    return contracts.Unit(
        id=row.id,
        agency_id=row.agency_id,
        name=row.name,
        valid=valid(row),
        unverified=row.unverified,
    )


def person(row: models.Person) -> contracts.Person:
    return contracts.Person(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type] # a constraint of the table
        name=row.name,
        personal_number=row.personal_number,
        tax_code=row.tax_code,
        birth_date=row.birth_date,
        sex=row.sex,
        place_code=row.place_code,
        address=row.address,
        phone=row.phone,
        email=row.email,
        invented=row.invented,
    )


def post(row: models.Post) -> contracts.Post:
    return contracts.Post(
        id=row.id,
        agency_id=row.agency_id,
        unit_id=row.unit_id,
        title=row.title,
        roles=frozenset(row.roles),
        person_id=row.person_id,
        valid=valid(row),
    )
