"""Makes anew what follows from other columns, in batches: the searched words, Vietnamese order.

Records themselves do not change by this, so no version of theirs is kept: the trigger lets pass
what differs in nothing else.
"""

from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.kernel.text import sort_key

BATCH: Final = 1_000


def due(present: Built, wanted: Built) -> bool:
    """Say whether the records of a registry need it before another version is in force."""
    return _searched(present) != _searched(wanted) or bool(_orders(wanted) - _orders(present))


def refill(wanted: Built) -> int:
    """Write words and order of every record as a version has them; return how many it changed."""
    changed, last = 0, UUID(int=0)
    while True:
        rows = list(wanted.live.objects.filter(row_id__gt=last).order_by("row_id")[:BATCH])
        if not rows:
            return changed
        last = rows[-1].row_id
        changed += _refill(wanted, rows)


def _refill(wanted: Built, rows: list[Any]) -> int:
    names = ["row_words", *_orders(wanted)]
    for row in rows:
        columns = {name: getattr(row, name) for one in wanted.columns for name in one.names}
        row.row_words = values.derived(wanted, columns)["row_words"]
        for one in wanted.columns:
            if one.ordered:
                kept = columns[one.name]
                setattr(row, one.beside[0], sort_key(kept) if kept else None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('cuaso.rederive', 'on', true)")
        wanted.live.objects.bulk_update(rows, names, batch_size=BATCH)
        cursor.execute("select set_config('cuaso.rederive', '', true)")
    return len(rows)


def _orders(built: Built) -> set[str]:
    return {one.beside[0] for one in built.columns if one.ordered}


def _searched(built: Built) -> tuple[object, ...]:
    declared = built.declared
    return declared.searched, frozenset(declared.masks)
