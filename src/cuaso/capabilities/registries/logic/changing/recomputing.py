"""Brings computed fields of records already held to the formulas of the version in force.

The worker goes through a registry by key, a portion a transaction. Each portion is a change like
any other, and how far it came stands in the same transaction: killed at any moment it goes on, and
no record is changed twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from psycopg import sql

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import rows
from cuaso.capabilities.registries.logic.exchanging import kept
from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.logic.storing import computing, refilling, sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.work_models import Recomputation
from cuaso.declarations.registries import Registry
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal

BATCH: Final = 500
# Less than after what PostgreSQL looks for two who wait for each other, and ends one of them: that
# is never whoever edits a record.
_LOCK_WAIT: Final = "500ms"
_NAMED: Final = 5
_SHOWN: Final = 10
_FIRST: Final = UUID(int=0)
_UNKEPT: Final = "Giá trị tính được trùng với bản ghi khác hoặc vượt quá giới hạn của ô."
log = structlog.get_logger("cuaso.registries")
Renewed = list[tuple[Row, Mapping[str, Any]]]
# Records of which a formula gives no value, and why.
Failing = list[tuple[UUID, str]]


def recompute_due(*, actor: Actor, size: int = BATCH) -> int:
    """Look through the next records of every registry that has any left, so many at a time; return
    of how many.

    Where others hold these records, or a registry is being reshaped, the next turn tries again.
    """
    _take_up()
    here = Recomputation.objects.filter(registry__key__in=sets.current().keys)
    left = here.filter(done_at=None).select_related("registry").order_by("begun_at")
    portion = partial(_portion, actor=actor, size=size)
    looked = sum(_or_later(portion, job) for job in _ready(list(left)))
    written = Change.objects.filter(registry=OuterRef("registry"), tx__gte=OuterRef("mark"))
    done = here.exclude(done_at=None).exclude(ever=[]).filter(Exists(written))
    follow = partial(_follow, actor=actor, size=size)
    return looked + sum(_or_later(follow, job) for job in done.select_related("registry"))


def _or_later(work: Callable[[Recomputation], int], job: Recomputation) -> int:
    try:
        return work(job)
    except (Refusal, DatabaseError, psycopg.Error) as error:
        log.warning("records not recomputed yet", registry=job.registry.key, error=str(error))
        return 0


def _take_up() -> None:
    """Begin with each version in force that has come after another one."""
    earlier = Version.objects.filter(registry=OuterRef("registry"), state=Version.State.RETIRED)
    known = Recomputation.objects.filter(registry=OuterRef("registry"), version=OuterRef("number"))
    published = Version.objects.filter(state=Version.State.PUBLISHED)
    for id in published.filter(Exists(earlier), ~Exists(known)).values_list("id", flat=True):
        with transaction.atomic():
            _begin(Version.objects.select_related("registry").get(pk=id))


def _begin(version: Version) -> None:
    """Note which fields a version makes otherwise; what is unfinished of an earlier one goes on."""
    registry = RegistryRow.objects.select_for_update(no_key=True).get(pk=version.registry_id)
    job = Recomputation.objects.filter(registry=registry).first()
    since = job.version if job else 0
    after = Registry.load(version.declared)
    ever: set[str] = set()
    paths = set(job.paths) if job and job.done_at is None else set()
    for older in registry.versions.filter(state=Version.State.RETIRED).iterator(chunk_size=20):
        found = computing.otherwise(Registry.load(older.declared), after)
        ever |= found
        paths |= found if older.number >= since else set()
    paths &= ever
    now = clock.now()
    Recomputation.objects.update_or_create(
        registry=registry,
        defaults={
            "version": version.number,
            "paths": sorted(paths),
            "ever": sorted(ever),
            "mark": job.mark if job else refilling.now_visible(),
            "last": None,
            "records": _count(registry.table) if paths else 0,
            "seen": 0,
            "changed": 0,
            "failed": 0,
            "failing": [],
            "begun_at": now,
            "done_at": None if paths else now,
        },
    )


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        text = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        cursor.execute(text.as_string(None))
        return int(cursor.fetchone()[0])


def _ready(jobs: Sequence[Recomputation]) -> Sequence[Recomputation]:
    """Leave for later what reads through references what is itself being made anew; where all wait
    for each other the first goes on.
    """
    going = {job.registry.key for job in jobs}
    ready = [job for job in jobs if not (_brought(job) & going) - {job.registry.key}]
    return ready or jobs[:1]


def _brought(job: Recomputation) -> set[str]:
    built = sets.built(job.registry.key)
    every = built.declared.form.sections.values()
    return {kept.named(built, place.one.to) for one in every for place in one.bringing}


def _portion(job: Recomputation, *, actor: Actor, size: int) -> int:
    """Go through the next records by key; return of how many."""
    with transaction.atomic():
        there = Recomputation.objects.select_for_update(skip_locked=True)
        held = there.filter(pk=job.pk, version=job.version, done_at=None).first()
        built = sets.built(job.registry.key)
        if held is None or built.version != held.version:
            return 0
        batch = _locked(built.live.objects.filter(row_id__gt=held.last or _FIRST), size)
        changed, failing = _renew(built, batch, held.paths, actor)
        held.seen += len(batch)
        held.changed += changed
        held.failed += len(failing)
        room = _SHOWN - len(held.failing)
        held.failing += [[str(id), why] for id, why in failing[: max(room, 0)]]
        held.last = batch[-1].row_id if batch else held.last
        held.done_at = clock.now() if len(batch) < size else None
        held.save()
    return len(batch)


def _follow(job: Recomputation, *, actor: Actor, size: int) -> int:
    """Do the same for what has since been written by an earlier version, or given back from one;
    return how many records changed.
    """
    built = sets.built(job.registry.key)
    if built.version != job.version:
        return 0
    mark, changed = refilling.now_visible(), 0
    written = Change.objects.filter(registry_id=built.id, tx__gte=job.mark)
    earlier = written.filter(Q(version__lt=job.version) | Q(undoes__isnull=False))
    for id in earlier.values_list("id", flat=True):
        changed += _follow_change(built, id, job.ever, actor=actor, size=size)
    Recomputation.objects.filter(pk=job.pk, version=job.version).update(mark=mark)
    return changed


def _follow_change(
    built: Built, id: UUID, paths: Collection[str], *, actor: Actor, size: int
) -> int:
    last, changed = _FIRST, 0
    while True:
        with transaction.atomic():
            batch = _locked(built.live.objects.filter(row_change=id, row_id__gt=last), size)
            changed += _renew(built, batch, paths, actor)[0]
        if len(batch) < size:
            return changed
        last = batch[-1].row_id


def _locked(there: QuerySet[Row], size: int) -> list[Row]:
    """Return the next records, locked; raise OperationalError where others hold them for long."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = '{_LOCK_WAIT}'")
        batch = list(there.select_for_update().order_by("row_id")[:size])
        cursor.execute("set local lock_timeout = default")
    return batch


def _renew(
    built: Built, batch: Iterable[Row], paths: Collection[str], actor: Actor
) -> tuple[int, Failing]:
    """Give records what their formulas say now; return how many differ, and which have no value."""
    here = kept.context(built)
    renewed: Renewed = []
    failing: Failing = []
    for row in batch:
        columns, wrong = computing.worked_out(built, row, paths, here)
        if wrong:
            failing.append((row.row_id, " ".join(dict.fromkeys(wrong.values()))))
        fresh = rows.differing(row, columns, built)
        if fresh.keys() - {"row_words"}:
            renewed.append((row, fresh))
    unkept = _write(built, renewed, paths, actor)
    return len(renewed) - len(unkept), failing + unkept


def _write(built: Built, renewed: Renewed, paths: Collection[str], actor: Actor) -> Failing:
    """Write what differs as one change; one by one where the database refuses some."""
    try:
        _write_together(built, renewed, paths, actor)
    except (IntegrityError, DataError):
        if len(renewed) == 1:
            return [(renewed[0][0].row_id, _UNKEPT)]
        return [one for each in renewed for one in _write(built, [each], paths, actor)]
    return []


def _write_together(built: Built, renewed: Renewed, paths: Collection[str], actor: Actor) -> None:
    if not renewed:
        return
    with changes.changing(
        built,
        actor=actor,
        act=computing.ACT,
        reason=f"Tính lại ô {_titles(built, paths)} theo phiên bản {built.version} của sổ.",
        source=Source(kind="design", id=str(sets.current().keys[built.key])),
        records=len(renewed),
    ) as change:
        loading.renew_rows(built, renewed, change)
        change.records = len(renewed)


def _titles(built: Built, paths: Collection[str]) -> str:
    titles = [f"“{built.declared.titled(built.declared.plain(path))}”" for path in paths]
    more = len(titles) - _NAMED
    return ", ".join(titles[:_NAMED]) + (f" và {more} ô khác" if more > 0 else "")
