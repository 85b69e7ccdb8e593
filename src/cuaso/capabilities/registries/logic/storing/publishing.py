"""Publishes a version: the tables are brought to its shape, then it is in force, at one moment.

A kill at any place leaves the version approved; the next run repeats what was not yet done, since
every statement looks first. Until the last transaction the old version is in force.
"""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Final
from uuid import UUID

import psycopg
import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Func, Max

from cuaso.capabilities.registries.logic.seeing import second_doors
from cuaso.capabilities.registries.logic.storing import (
    carrying,
    definition,
    refilling,
    replacing,
    running,
    sets,
    turning,
    uses,
    values,
)
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.models import Column, Epoch, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Refusal, Unavailable
from cuaso.kernel.subjects import Subject

LOCK: Final = 7_230_117
# Stands in `trouble` while a version is being published; found again, it was interrupted.
BEGUN: Final = "Đang ban hành."
_TABLE: Final = 45
log = structlog.get_logger("cuaso.registries")


def install(pack: str, declared: dict[str, Registry], *, actor: Actor) -> int:
    """Publish what a pack declares wherever it differs from what is in force; return how many.

    Where the records of a registry do not allow its new version, the one before stays in force, and
    the new one waits as a draft with the reason: `held_back` tells which.
    """
    return sum(_install(f"{pack}/{name}", pack, one, actor=actor) for name, one in declared.items())


def held_back(*, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the title of each registry whose newest version the actor has installed in vain, and
    why it is not in force.
    """
    waiting = Version.objects.filter(state=Version.State.DRAFT, made_by=actor.name)
    found = waiting.filter(made_by_post_id=None).exclude(trouble="").order_by("registry__key")
    return tuple((Registry.load(one.declared).title, one.trouble) for one in found)


def _install(key: str, pack: str, declared: Registry, *, actor: Actor) -> int:
    newest = Version.objects.filter(registry__key=key, number__gt=0).order_by("-number").first()
    same = newest is not None and newest.fingerprint == declared.fingerprint
    if newest is not None and same and newest.state != Version.State.DROPPED:
        return _bring_in(newest, actor=actor)
    known = Version.objects.filter(registry__key=key, fingerprint=declared.fingerprint)
    if known.filter(state__in=[Version.State.RETIRED, Version.State.PUBLISHED]).exists():
        return 0
    with transaction.atomic():
        registry = entered(key, pack, declared)
        _set_aside(registry)
        version = new_version(registry, declared, state=Version.State.APPROVED, actor=actor)
    return _bring_in(version, actor=actor)


def _bring_in(version: Version, *, actor: Actor) -> int:
    """Publish a version of a pack, also one that was held back: its records may have been mended.

    A registry that is in force stays so when they do not allow it; a new one must be published, and
    what is wrong in itself (Invalid) is refused.
    """
    held = Version.objects.filter(pk=version.id, state=Version.State.DRAFT).exclude(trouble="")
    held.update(state=Version.State.APPROVED, trouble="")
    version.refresh_from_db(fields=["state"])
    if version.state != Version.State.APPROVED:
        return 0
    if version.registry.versions.filter(state=Version.State.PUBLISHED).exists():
        return _publish_or_say(version.id, actor=actor, raising=(Invalid,))
    return _publish(version.id, actor=actor)


def _set_aside(registry: RegistryRow) -> None:
    """Let a new version of the pack go before a draft made here, which can be taken up again."""
    making = registry.versions.filter(state__in=["draft", "waiting", "approved"])
    making.update(
        state=Version.State.DROPPED,
        trouble="Gói dữ liệu vừa ban hành bản mới; bản sửa đổi này dựa trên bản cũ nên để riêng.",
    )


def entered(key: str, pack: str, declared: Registry) -> RegistryRow:
    """Return the registry's row, made when the key is new."""
    owner = directory.agency_by_key(declared.owner)
    registry, fresh = RegistryRow.objects.get_or_create(
        key=key,
        defaults={"table": f"r_{_plain(key)}"[:_TABLE], "pack": pack, "owner_id": owner.id},
    )
    if not fresh and registry.owner_id != owner.id:
        registry.owner_id = owner.id
        registry.save(update_fields=["owner_id"])
    return registry


def new_version(
    registry: RegistryRow, declared: Registry, *, state: str, actor: Actor, reason: str = ""
) -> Version:
    """Return a new version in the making; raise Conflict while another one is."""
    making = registry.versions.filter(state__in=["draft", "waiting", "approved"])
    if making.exists():
        raise Conflict(
            code="registries.version_in_the_making",
            what="Sổ này đang có một bản sửa đổi chưa ban hành.",
            why="Mỗi sổ chỉ sửa một bản một lúc, để không ai ghi đè việc của người khác.",
            mend="Hãy hoàn tất hoặc hủy bản đang sửa rồi làm lại.",
        )
    last = registry.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        registry=registry,
        number=last + 1,
        state=state,
        declared=declared.dump(),
        fingerprint=declared.fingerprint,
        reason=reason,
        made_by=actor.name,
        made_by_post_id=actor.post_id,
        made_at=clock.now(),
    )


def publish_due(*, actor: Actor) -> int:
    """Publish every approved version, also one whose publishing was interrupted; how many.

    One that cannot be published does not hold up the others: a busy table is tried again, a
    version that the records do not allow goes back to its draft with the reason.
    """
    for left in Version.objects.filter(state=Version.State.PUBLISHED, trouble=BEGUN):
        _tidy(left, sets.built_of(left), mended=True)
    due = Version.objects.filter(state=Version.State.APPROVED).order_by("made_at")
    return sum(_publish_or_say(id, actor=actor) for id in due.values_list("id", flat=True))


def _publish_or_say(id: UUID, *, actor: Actor, raising: tuple[type[Refusal], ...] = ()) -> int:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _publish(id, actor=actor)
    except raising:
        raise
    except Unavailable as busy:
        Version.objects.filter(pk=id).update(trouble=str(busy))
    except (Refusal, DatabaseError, psycopg.Error) as error:
        with transaction.atomic():
            locked = Version.objects.select_for_update(of=["self"])
            version = locked.select_related("registry").get(pk=id)
            refused = isinstance(error, Refusal)
            trouble = str(error) if refused else _said(error, sets.built_of(version))
            version.state, version.trouble = Version.State.DRAFT, trouble
            version.save(update_fields=["state", "trouble"])
            audit.record(
                actor=actor,
                act="registries.publishing_failed",
                subject=Subject(kind="registries.version", id=id),
                content={"version": version.number, "trouble": trouble},
            )
        _give_back(Version.objects.select_related("registry").get(pk=id))
    return 0


def _give_back(version: Version) -> None:
    """Drop the columns that only a version wanted which did not come into force: nobody has used
    them, and the next draft may want another kind under the same name.
    """
    before = version.registry.versions.filter(state=Version.State.PUBLISHED).first()
    if before is None:
        return
    present, wanted = sets.built_of(before), sets.built_of(version)
    known = {name for one in present.kept for name in (one.name, *_beside(one.name))}
    names = {name for one in wanted.columns for name in one.names} - known
    try:
        for table in (present.table, past_of(present.table)):
            there = _there(present)
            if names & there[table]:
                running.run(definition.droppings(present, there, table, names))
    except (Unavailable, DatabaseError, psycopg.Error) as error:
        log.warning("columns left behind", registry=present.key, error=str(error))


def _beside(name: str) -> tuple[str, str]:
    return f"{name}_order", f"{name}_id"


def _said(error: Exception, built: Built) -> str:
    """Return a database's refusal in words; its own stand behind, for whoever mends it."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    titles = _doubled(built, first)
    what = f"Có bản ghi trùng giá trị ở {titles}." if titles else "Cơ sở dữ liệu không nhận."
    mend = " Hãy sửa hoặc gộp các bản ghi ấy." if titles else ""
    return f"{what}{mend} Bản sửa đổi được trả về để sửa tiếp. ({first})"


def _doubled(built: Built, said: str) -> str:
    """Return the fields whose unique index could not be made, "" where it was another refusal."""
    key = (tuple(built.declared.key), next(definition.indexes(built)))
    for paths, one in (key, *definition.alone(built)):
        if f'"{one.index}"' in said:
            return ", ".join(f"“{built.declared.titled(path)}”" for path in paths)
    return ""


def _publish(id: UUID, *, actor: Actor) -> int:
    version = Version.objects.select_related("registry").get(pk=id)
    before = version.registry.versions.filter(state=Version.State.PUBLISHED).first()
    present = sets.built_of(before) if before is not None else None
    built = sets.built_of(version)
    turns = turning.turns(present, built, version.replacements) if present is not None else ()
    if present is not None:
        turning.refuse_stuck(present, built)
    mended = version.trouble == BEGUN
    Version.objects.filter(pk=id, state=Version.State.APPROVED).update(trouble=BEGUN)
    making = turning.Turning(turns, values.context(built))
    running.run(_statements(built, making), empty=not running.exists(built.table))
    mark = _refill(present, built, making) if present is not None else 0
    done = _put_in_force_at_once(id, built, making, mark, actor=actor)
    if done is None:
        return 0
    sets.HOLDER.renew()
    _tidy(done, sets.built_of(done), mended=mended)
    return 1


def _refill(present: Built, built: Built, making: turning.Turning) -> int:
    """Bring every record to the shape of a version; return from which mark on to follow, or 0."""
    if not making and not refilling.due(present, built):
        return 0
    mark = refilling.now_visible()
    refilling.refill(built, making)
    for _ in range(running.TRIES):
        since, mark = mark, refilling.now_visible()
        if refilling.follow(built, making, since) < refilling.BATCH:
            break
    return mark


def _put_in_force_at_once(
    id: UUID, built: Built, making: turning.Turning, mark: int, *, actor: Actor
) -> Version | None:
    """Put a version in force in one transaction; None where another process was first.

    Where a column turns, nobody writes meanwhile: who writes waits for that moment, or is waited
    for, and one who comes too late is told so.
    """
    for attempt in range(running.TRIES):
        try:
            with transaction.atomic():
                return _put_in_force_locked(id, built, making, mark, actor=actor)
        except OperationalError as error:
            if not running.waited_for_lock(error):
                raise
            if attempt == running.TRIES - 1:
                raise running.busy("đưa bản mới vào hiệu lực") from error
            time.sleep(0.2 * 2**attempt)
    return None


def _put_in_force_locked(
    id: UUID, built: Built, making: turning.Turning, mark: int, *, actor: Actor
) -> Version | None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"set local lock_timeout = '{running.LOCK_WAIT}'")
    version = Version.objects.select_for_update().get(pk=id)
    if version.state != Version.State.APPROVED:
        return None
    registry = RegistryRow.objects.select_for_update().get(pk=built.id)
    if mark:
        refilling.follow(built, making, mark, now=True)
    if making:
        registry.reshaped += 1
        registry.save(update_fields=["reshaped"])
        replacing.replace_values(
            replace(built, reshaped=registry.reshaped), making, version, actor=actor
        )
    _put_in_force(version, built, actor=actor)
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = default")
    return version


def _tidy(version: Version, built: Built, *, mended: bool) -> None:
    """Drop the indexes that only the version before had a use for; say what was mended.

    Fields that turned are turned in the history too, and the triggers guard their columns again.
    """
    turned = version.registry.columns.filter(binned_at=version.published_at)
    paths = {one.path for one in turned} & set(built.by_path)
    if paths:
        refilling.refill_history(built, paths)
        running.run(definition.triggers(built, _there(built)))
    there = running.indexes_on(built.table, past_of(built.table))
    running.run(definition.stale_indexes(built, there))
    Version.objects.filter(pk=version.id).update(trouble="")
    if mended:
        log.warning("interrupted publishing finished", registry=built.key, version=built.version)


def keep_indexes() -> int:
    """Build the indexes that registries in force lack and drop those of no use; how many of them.

    A newer release of the house may look records up by other indexes than the one that published
    them. The new ones are built first, without holding anybody up.
    """
    in_force = Version.objects.filter(state=Version.State.PUBLISHED, trouble="")
    changing = Version.objects.filter(state=Version.State.APPROVED).values("registry_id")
    versions = in_force.exclude(registry_id__in=changing).select_related("registry")
    return sum(_keep_indexes(sets.built_of(version)) for version in versions)


def _keep_indexes(built: Built) -> bool:
    tables = (built.table, past_of(built.table))
    there, whole = running.indexes_on(*tables), running.indexes_on(*tables, whole=True)
    lacking = [one for one in definition.indexes(built) if one.index not in whole]
    stale = list(definition.stale_indexes(built, there))
    if not lacking and not stale:
        return False
    try:
        running.run([*lacking, *stale])
    except (Unavailable, DatabaseError, psycopg.Error) as error:
        log.warning("indexes not brought up to date", registry=built.key, error=str(error))
        return False
    log.info(
        "indexes brought up to date", registry=built.key, built=len(lacking), dropped=len(stale)
    )
    return True


def _there(built: Built) -> dict[str, frozenset[str]]:
    return {name: running.columns_there(name) for name in (built.table, past_of(built.table))}


def _statements(built: Built, making: turning.Turning) -> Iterator[definition.Statement]:
    yield from definition.tables(built, _there(built), free=making.names)
    yield from definition.rights(built)
    yield from second_doors.guard(built)
    yield from definition.indexes(built)


def _put_in_force(version: Version, built: Built, *, actor: Actor) -> None:
    now = clock.now()
    registry = version.registry
    registry.versions.filter(state=Version.State.PUBLISHED).update(state=Version.State.RETIRED)
    version.state, version.published_at = Version.State.PUBLISHED, now
    version.save(update_fields=["state", "published_at"])
    known = set(registry.columns.values_list("name", flat=True))
    Column.objects.bulk_create(
        Column(registry=registry, path=one.path, name=one.name, kind=one.kind)
        for one in built.columns
        if one.name not in known
    )
    here = [one.name for one in built.columns]
    registry.columns.filter(name__in=here).update(
        binned_at=None, dropped_at=None, forgotten_at=None
    )
    registry.columns.exclude(name__in=here).filter(binned_at=None).update(binned_at=now)
    Epoch.objects.update(number=Func(function="registries_next_epoch"))
    uses.write_uses(built, actor=actor)
    carrying.take_up(built, actor=actor)
    about = Subject(kind="registries.registry", id=registry.id)
    content = {"registry": registry.key, "version": version.number, "sum": version.fingerprint}
    audit.record(actor=actor, act="registries.published", subject=about, content=content)
    audit.publish(topic="registries.published", subject=about, payload=content)


def _plain(key: str) -> str:
    return key.replace("-", "_").replace("/", "_")
