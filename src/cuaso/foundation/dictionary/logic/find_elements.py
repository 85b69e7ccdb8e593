"""Data elements as they are read."""

from collections.abc import Iterable

from django.db.models import Prefetch

from cuaso.foundation.dictionary import contracts
from cuaso.foundation.dictionary.element_models import Element, ElementQuerySet, ElementVersion
from cuaso.foundation.dictionary.logic.element_rights import no_element
from cuaso.kernel.periods import Period


def element(key: str) -> contracts.Element:
    """Return one element with every version; raise NotFound."""
    found = stock().filter(key=key).first()
    if found is None:
        raise no_element(key)
    return view(found)


def elements(keys: Iterable[str] | None = None) -> tuple[contracts.Element, ...]:
    """Return the elements of these keys (all), by object class and title."""
    rows = stock() if keys is None else stock().filter(key__in=list(keys))
    return tuple(view(row) for row in rows.order_by("object_class", "sort_key"))


def stock() -> ElementQuerySet:
    versions = ElementVersion.objects.order_by("from_date", "number")
    return Element.objects.prefetch_related(Prefetch("versions", queryset=versions))


def view(row: Element) -> contracts.Element:
    return contracts.Element(
        id=row.id,
        key=row.key,
        pack=row.pack,
        object_class=row.object_class,
        object_class_en=row.object_class_en,
        property_name=row.property_name,
        title=row.title,
        title_en=row.title_en,
        definition=row.definition,
        aliases=tuple(row.aliases),
        status=row.status,
        steward=row.steward,
        replaced_by=row.replaced_by,
        personal=row.personal,
        versions=tuple(version_view(version) for version in row.versions.all()),
    )


def version_view(row: ElementVersion) -> contracts.ElementVersion:
    return contracts.ElementVersion(
        id=row.id,
        number=row.number,
        valid=Period(row.from_date, row.until_date),
        domain=contracts.Domain.load(row.domain),
        source=row.source,
        unverified=row.unverified,
        published=row.published,
        reason=row.reason,
        drafter_name=row.drafter_name,
        publisher_name=row.publisher_name,
    )
