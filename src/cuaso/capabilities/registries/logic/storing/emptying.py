"""Lets go for good, as owner, of what has rested in the bin for its term: columns and history.

First a column is marked, so that nobody reads or writes it any more; a later run drops it from its
table. What a run was killed in the middle of, the next one finishes. Every step is in the ledger.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Func, QuerySet
from psycopg import sql

from cuaso.capabilities.registries.logic.storing import definition, running, sets, terms
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.models import Column, Epoch
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

# By then every request that began with the column has ended.
SETTLED: Final = timedelta(minutes=10)
PORTION: Final = 5_000


def drop_due(*, actor: Actor) -> int:
    """Mark the columns whose term is over, drop those marked a while ago; how many were dropped."""
    resting = Column.objects.filter(binned_at__isnull=False).values_list("registry__key", flat=True)
    return sum(
        _drop_of(sets.built(key), actor=actor)
        for key in sorted(set(resting) & sets.current().keys.keys())
    )


def _drop_of(built: Built, *, actor: Actor) -> int:
    settled = clock.now() - SETTLED
    rows = Column.objects.filter(registry_id=built.id, binned_at__isnull=False)
    dropped = _drop(built, built.table, rows.filter(dropped_at__lt=settled))
    forgotten = rows.filter(forgotten_at__lt=settled)
    dropped += _drop(built, past_of(built.table), forgotten)
    forgotten.delete()
    _mark(built, actor=actor)
    return dropped


def _drop(built: Built, table: str, rows: QuerySet[Column]) -> int:
    there = {name: running.columns_there(name) for name in (built.table, past_of(built.table))}
    own = set(definition.stored_names(built))
    names = {name for one in rows for name in _names(one)} & there[table]
    gone = {name for name in names if name not in own}
    if gone:
        running.run(definition.droppings(built, there, table, gone))
    return len(gone)


def _names(one: Column) -> Iterator[str]:
    yield one.name
    beside = {"text": f"{one.name}_order", "reference": f"{one.name}_id"}.get(one.kind)
    if beside and not Column.objects.filter(registry_id=one.registry_id, name=beside).exists():
        yield beside


def _mark(built: Built, *, actor: Actor) -> None:
    """Mark what is due: first it leaves the records, with the end of `keep` their history."""
    bin_term, keep = terms.bin_term(built.declared), terms.keep_term(built.declared)
    rows = Column.objects.filter(registry_id=built.id, binned_at__isnull=False)
    leaving = [one for one in rows.filter(dropped_at=None) if terms.over(_since(one), bin_term)]
    left = rows.filter(dropped_at__isnull=False, forgotten_at=None)
    forgotten = [one for one in left if keep is not None and terms.over(_since(one), keep)]
    if not leaving and not forgotten:
        return
    now = clock.now()
    with transaction.atomic():
        registry = RegistryRow.objects.select_for_update().filter(pk=built.id)
        registry.update(reshaped=F("reshaped") + 1)
        rows.filter(pk__in=[one.pk for one in leaving]).update(dropped_at=now)
        rows.filter(pk__in=[one.pk for one in forgotten]).update(forgotten_at=now)
        Epoch.objects.update(number=Func(function="registries_next_epoch"))
        for act, columns in (("column_dropped", leaving), ("column_forgotten", forgotten)):
            for one in columns:
                audit.record(
                    actor=actor,
                    act=f"registries.{act}",
                    subject=Subject(kind="registries.registry", id=built.id),
                    content={
                        "registry": built.key,
                        "path": one.path,
                        "column": one.name,
                        "binned_at": _since(one).isoformat(),
                        "term": str(bin_term if act == "column_dropped" else keep),
                    },
                )
    sets.HOLDER.renew()


def _since(one: Column) -> datetime:
    if one.binned_at is None:
        raise ValueError(one.name)
    return one.binned_at


_FORGETTABLE: Final = """
select p.row_version from {past} p where p.row_until < %s
and not exists (select 1 from {live} l where l.row_id = p.row_id)
and not exists (select 1 from {past} q where q.row_id = p.row_id and q.row_until >= %s)
order by p.row_version limit {most}
"""


def forget_history(*, actor: Actor) -> int:
    """Delete the history of records that are gone and whose `keep` is over since; how many.

    While a record stands, or rests in the bin, all of its history stays.
    """
    forgotten = 0
    for built in sets.current():
        keep = terms.keep_term(built.declared)
        if keep is not None:
            forgotten += _forget(built, terms.ended_before(keep), actor=actor)
    return forgotten


def _forget(built: Built, before: datetime, *, actor: Actor) -> int:
    parts = {
        "past": sql.Identifier(past_of(built.table)),
        "live": sql.Identifier(built.table),
        "most": sql.Literal(PORTION),
    }
    with connection.cursor() as cursor:
        asked = sql.SQL(_FORGETTABLE).format(**parts).as_string(None)
        cursor.execute(asked, [before, before])
        versions = [int(row[0]) for row in cursor.fetchall()]
    if not versions:
        return 0
    audit.record(
        actor=actor,
        act="registries.history_forgotten",
        subject=Subject(kind="registries.registry", id=built.id),
        content={
            "registry": built.key,
            "versions": len(versions),
            "ended_before": before.isoformat(),
            "keep": built.declared.retention.keep,
        },
    )
    with running.owners() as (execute, _):
        execute(
            sql.SQL("delete from {past} where row_version = any({versions})").format(
                past=parts["past"], versions=sql.Literal(versions)
            )
        )
    return len(versions)
