"""What of a registry rests in the bin, and on which day it goes: the preview of the owner's job."""

from cuaso.capabilities.registries.logic.designing import versions
from cuaso.capabilities.registries.logic.designing.shapes import BinField, BinView
from cuaso.capabilities.registries.logic.storing import sets, terms
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.kernel.actors import Actor
from cuaso.kernel.durations import Duration


def bin_of(*, registry: str, actor: Actor) -> BinView:
    """Return what rests in the bin of a registry; raise NotFound for who may not design it."""
    built = sets.built(registry)
    row = RegistryRow.objects.get(pk=built.id)
    if not versions.may_design(row, actor):
        raise sets.unknown(registry)
    declared = built.declared
    term = terms.bin_term(declared)
    removed = built.live.objects.filter(row_gone__isnull=False)
    first = removed.order_by("row_gone").values_list("row_gone", flat=True).first()
    return BinView(
        registry=registry,
        term=str(term),
        keep=declared.retention.keep,
        forever=terms.keep_term(declared) is None,
        source=declared.retention.source,
        fields=_fields(row, {one.path for one in built.columns}, term),
        records=removed.count(),
        first_date=terms.goes(first, term) if first else None,
    )


def _fields(row: RegistryRow, here: set[str], term: Duration) -> tuple[BinField, ...]:
    resting = row.columns.filter(binned_at__isnull=False, dropped_at=None)
    return tuple(
        BinField(
            path=one.path,
            title=versions.title_of(row, one.path),
            kind=one.kind,
            binned_at=one.binned_at,
            goes_date=terms.goes(one.binned_at, term),
            turned=one.path in here,
        )
        for one in resting.order_by("binned_at", "name")
        if one.binned_at is not None
    )
