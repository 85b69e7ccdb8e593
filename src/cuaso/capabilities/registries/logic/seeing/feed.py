"""What changed since a cursor, change by change: nothing is missed, nothing comes twice.

Changes come in the order of their transactions and stop below the oldest one that still runs:
a change that commits late has an older number than that, so it is never passed by.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from cuaso.capabilities.registries.contracts import FeedChange, FeedPage, FeedRecord
from cuaso.capabilities.registries.logic.seeing import lists, rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

LARGEST: Final = 500
_CURSOR: Final = re.compile(r"(\d{1,18})\.(\d{1,18})(?:\.([0-9a-f]{32}))?")
# The oldest transaction that still runs, as this statement sees it. Transactions are numbered for
# all databases of a server: one that runs in another database cannot write here and waits for none.
_BELOW: Final = """(
  select least(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, min(runs::text::bigint))
  from pg_snapshot_xip(pg_current_snapshot()) as runs
  where not exists (
    select 1 from pg_locks held join pg_stat_activity who using (pid)
    where held.locktype = 'transactionid' and held.mode = 'ExclusiveLock' and held.granted
      and held.transactionid::text::bigint = runs::text::bigint & 4294967295
      and who.datname <> current_database()
  )
)"""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Behind which change to go on; within it behind `record` while it is not all told."""

    tx: int = 0
    position: int = 0
    record: UUID | None = None

    def __str__(self) -> str:
        inside = f".{self.record.hex}" if self.record else ""
        return f"{self.tx}.{self.position}{inside}"


def feed(*, registry: str, actor: Actor, since: str = "", size: int = 100) -> FeedPage:
    """Return the changes after a cursor ("" is the beginning), each with the records of it that the
    actor may see, about `size` records a page. `next` is where to go on, also when there is
    nothing new; a change with more records than a page goes on on the next.

    A record that left the actor's rights, or the registry, is told as `left`, with its id alone.
    Raises NotAllowed, Invalid for a cursor that none of our pages gave.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    size = max(1, min(size, LARGEST))
    place = _read(since)
    changes = _after(built, place, size)
    if not changes:
        return FeedPage(registry=built.key, changes=(), next=str(place), more=False)
    if changes[0].records > size:
        return _portion(built, changes[0], place, size, actor=actor)
    told = _records(built, changes, actor)
    last = changes[-1]
    end = _Place(tx=last.tx, position=last.position)
    return FeedPage(
        registry=built.key,
        changes=tuple(_line(one, told[one.id]) for one in changes if told.get(one.id)),
        next=str(end),
        more=bool(_after(built, end, 1)),
    )


def _read(since: str) -> _Place:
    if not since:
        return _Place()
    found = _CURSOR.fullmatch(since)
    if found is None:
        raise Invalid(
            code="registries.bad_cursor",
            what="Không đọc được vị trí trong dòng thay đổi.",
            mend="Hãy gửi đúng giá trị “next” của lần trước, hoặc bỏ trống để đọc từ đầu.",
        )
    tx, position, record = found.groups()
    inside = UUID(hex=record) if record else None
    return _Place(tx=int(tx), position=int(position), record=inside)


def _after(built: Built, place: _Place, size: int) -> list[Change]:
    """Return the next changes, together about a page of records, at least one."""
    behind = Q(tx=place.tx, position__gt=place.position) | Q(tx__gt=place.tx)
    if place.record is not None:
        behind |= Q(tx=place.tx, position=place.position)
    found = (
        Change.objects.filter(behind, registry_id=built.id, tx__gte=place.tx)
        .filter(tx__lt=RawSQL(_BELOW, ()))  # noqa: S611 no input in it
        .order_by("tx", "position")
    )
    taken: list[Change] = []
    records = 0
    for change in found[:size]:
        records += change.records
        if taken and (records > size or taken[0].records > size):
            break
        taken.append(change)
    if place.record is not None and taken and taken[0].position == place.position:
        return taken[:1]
    return taken


def _portion(built: Built, change: Change, place: _Place, size: int, *, actor: Actor) -> FeedPage:
    """Return the next records of one change that is larger than a page."""
    inside = place.record if place.position == change.position else None
    told = _records(built, [change], actor, behind=inside, most=size + 1)
    records = sorted(told.get(change.id, ()), key=lambda one: one.id)
    shown = records[:size]
    whole = len(records) <= size
    end = _Place(tx=change.tx, position=change.position, record=None if whole else shown[-1].id)
    return FeedPage(
        registry=built.key,
        changes=(_line(change, shown),) if shown else (),
        next=str(end),
        more=not whole or bool(_after(built, end, 1)),
    )


def _records(
    built: Built,
    changes: Sequence[Change],
    actor: Actor,
    *,
    behind: UUID | None = None,
    most: int = LARGEST * 4,
) -> dict[UUID, list[FeedRecord]]:
    """Return by change what came to stand by it, and what left the reader's sight by it."""
    ids = [one.id for one in changes]
    after = Q() if behind is None else Q(row_id__gt=behind)

    def some(rows: QuerySet[Row], of: str) -> list[Any]:
        return list(rows.filter(after, **{f"{of}__in": ids}).order_by("row_id")[:most])

    live, past = lists.visible(built, actor), lists.visible(built, actor, past=True)
    told: dict[UUID, list[FeedRecord]] = {}
    seen: set[tuple[UUID, UUID]] = set()
    for row in (*some(live, "row_change"), *some(past, "row_change")):
        seen.add((row.row_change, row.row_id))
        told.setdefault(row.row_change, []).append(
            FeedRecord(
                id=row.row_id,
                revision=row.row_revision,
                state="there" if row.row_gone is None else "binned",
            )
        )
    for row in some(past, "row_ended"):
        if (row.row_ended, row.row_id) not in seen:
            told.setdefault(row.row_ended, []).append(
                FeedRecord(id=row.row_id, revision=None, state="left")
            )
    return told


def _line(change: Change, records: Sequence[FeedRecord]) -> FeedChange:
    return FeedChange(
        id=change.id,
        at=change.at,
        act=change.act,
        version=change.version,
        who=change.actor_name,
        reason=change.reason,
        origin=change.origin,
        origin_id=change.origin_id,
        records=tuple(records),
    )
