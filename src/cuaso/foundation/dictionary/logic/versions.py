"""The order of an element's published versions: one ends where the next begins."""

from collections.abc import Mapping
from datetime import date

from cuaso.foundation.dictionary.element_models import Element, ElementVersion


def settle_ends(row: Element, stated: Mapping[date, date | None]) -> None:
    """Publish what is ready and let each version end by the first day of the next, or sooner.

    stated: first day -> the end that its declaration names (without that day), None for none.
    """
    ready = list(row.versions.exclude(published_at=None).order_by("from_date"))
    starts = [version.from_date for version in ready]
    ends = {}
    for version, following in zip(ready, [*starts[1:], None], strict=True):
        named = stated.get(version.from_date, version.until_date)
        days = [day for day in (named, following) if day is not None]
        ends[version.pk] = min(days, default=None)
    shortened = [v for v in ready if v.published and v.until_date != ends[v.pk]]
    for version in sorted(shortened, key=lambda one: ends[one.pk] or date.max):
        ElementVersion.objects.filter(pk=version.pk).update(until_date=ends[version.pk])
    for version in ready:
        if not version.published:
            ElementVersion.objects.filter(pk=version.pk).update(
                until_date=ends[version.pk], published=True
            )
