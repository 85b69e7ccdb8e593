"""Posts of many people at once, for lists and for other systems."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.kernel import clock


def posts_held(
    person_ids: Iterable[UUID], on: date | None = None
) -> Mapping[UUID, tuple[contracts.Post, ...]]:
    """Return what each person holds on a day (today), in order of title; who holds none is out."""
    rows = models.Post.objects.valid_on(on or clock.today()).filter(person_id__in=set(person_ids))
    held: dict[UUID, list[contracts.Post]] = {}
    for row in rows.order_by("sort_key", "pk"):
        if row.person_id is not None:
            held.setdefault(row.person_id, []).append(views.post(row))
    return {person_id: tuple(posts) for person_id, posts in held.items()}


def posts(ids: Iterable[UUID]) -> Mapping[UUID, contracts.Post]:
    """Return posts of any day by id, in one query; what is not known is left out."""
    rows = models.Post.objects.filter(pk__in=set(ids))
    return {row.id: views.post(row) for row in rows}


def agencies_of(ids: Iterable[UUID]) -> Mapping[UUID, contracts.Agency]:
    """Return agencies of any day by id, in one query."""
    return {row.id: views.agency(row) for row in models.Agency.objects.filter(pk__in=set(ids))}


def agency_keys(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names in packs of agencies, in one query."""
    return dict(models.Agency.objects.filter(pk__in=set(ids)).values_list("pk", "key"))


def units_of(ids: Iterable[UUID]) -> Mapping[UUID, contracts.Unit]:
    """Return units of any day by id, in one query."""
    return {row.id: views.unit(row) for row in models.Unit.objects.filter(pk__in=set(ids))}
