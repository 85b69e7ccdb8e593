"""Publishes a version: the tables are brought to its shape, then it is in force, at one moment.

A kill at any place leaves the version approved; the next run repeats what was not yet done, since
every statement looks first. Until the last transaction the old version is in force.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Final
from uuid import UUID

import psycopg
import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Func, Max

from cuaso.capabilities.registries.logic.storing import (
    definition,
    refilling,
    running,
    sets,
    uses,
)
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.models import Column, Epoch, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Refusal, Unavailable
from cuaso.kernel.subjects import Subject

LOCK: Final = 7_230_117
# Stands in `trouble` while a version is being published; found again, it was interrupted.
BEGUN: Final = "Đang ban hành."
_TABLE: Final = 45
log = structlog.get_logger("cuaso.registries")


def install(pack: str, declared: dict[str, Registry], *, actor: Actor) -> int:
    """Publish what a pack declares wherever it differs from what is in force; return how many."""
    return sum(_install(f"{pack}/{name}", pack, one, actor=actor) for name, one in declared.items())


def _install(key: str, pack: str, declared: Registry, *, actor: Actor) -> int:
    newest = Version.objects.filter(registry__key=key, number__gt=0).order_by("-number").first()
    if newest is not None and newest.fingerprint == declared.fingerprint:
        return 0 if newest.state == Version.State.PUBLISHED else _publish(newest.id, actor=actor)
    known = Version.objects.filter(registry__key=key, fingerprint=declared.fingerprint)
    if known.filter(state__in=[Version.State.RETIRED, Version.State.PUBLISHED]).exists():
        return 0
    with transaction.atomic():
        registry = entered(key, pack, declared)
        _set_aside(registry)
        version = new_version(registry, declared, state=Version.State.APPROVED, actor=actor)
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


def _publish_or_say(id: UUID, *, actor: Actor) -> int:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _publish(id, actor=actor)
    except Unavailable as busy:
        Version.objects.filter(pk=id).update(trouble=str(busy))
    except (Refusal, DatabaseError, psycopg.Error) as error:
        trouble = str(error) if isinstance(error, Refusal) else _said(error)
        with transaction.atomic():
            version = Version.objects.select_for_update().get(pk=id)
            version.state, version.trouble = Version.State.DRAFT, trouble
            version.save(update_fields=["state", "trouble"])
            audit.record(
                actor=actor,
                act="registries.publishing_failed",
                subject=Subject(kind="registries.version", id=id),
                content={"version": version.number, "trouble": trouble},
            )
    return 0


def _said(error: Exception) -> str:
    """Return a database's refusal in words; its own stand behind, for whoever mends it."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    doubled = "unique" in first
    what = "Có bản ghi trùng giá trị ở ô làm khóa." if doubled else "Cơ sở dữ liệu không nhận."
    return f"{what} Bản sửa đổi được trả về để sửa tiếp. ({first})"


def _publish(id: UUID, *, actor: Actor) -> int:
    version = Version.objects.select_related("registry").get(pk=id)
    built = sets.built_of(version)
    _refuse_changed_kinds(version.registry, built)
    mended = version.trouble == BEGUN
    Version.objects.filter(pk=id, state=Version.State.APPROVED).update(trouble=BEGUN)
    running.run(_statements(built), empty=not running.exists(built.table))
    before = version.registry.versions.filter(state=Version.State.PUBLISHED).first()
    if before is not None and refilling.due(sets.built_of(before), built):
        refilling.refill(built)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        version = Version.objects.select_for_update().get(pk=id)
        if version.state != Version.State.APPROVED:
            return 0
        _put_in_force(version, built, actor=actor)
    sets.HOLDER.renew()
    _tidy(version, built, mended=mended)
    return 1


def _tidy(version: Version, built: Built, *, mended: bool) -> None:
    """Drop the indexes that only the version before had a use for; say what was mended."""
    there = running.indexes_on(built.table, past_of(built.table))
    running.run(definition.stale_indexes(built, there))
    Version.objects.filter(pk=version.id).update(trouble="")
    if mended:
        log.warning("interrupted publishing finished", registry=built.key, version=built.version)


def _statements(built: Built) -> Iterator[definition.Statement]:
    both = (built.table, past_of(built.table))
    yield from definition.tables(built, {name: running.columns_there(name) for name in both})
    yield from definition.rights(built)
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
    registry.columns.filter(name__in=here).update(binned_at=None)
    registry.columns.exclude(name__in=here).filter(binned_at=None).update(binned_at=now)
    Epoch.objects.update(number=Func(function="registries_next_epoch"))
    uses.write_uses(built, actor=actor)
    about = Subject(kind="registries.registry", id=registry.id)
    content = {"registry": registry.key, "version": version.number, "sum": version.fingerprint}
    audit.record(actor=actor, act="registries.published", subject=about, content=content)
    audit.publish(topic="registries.published", subject=about, payload=content)


def _refuse_changed_kinds(registry: RegistryRow, built: Built) -> None:
    """A column keeps its kind for ever: another kind of value is another column."""
    kinds = dict(registry.columns.values_list("name", "kind"))
    changed = [one for one in built.columns if kinds.get(one.name, one.kind) != one.kind]
    if changed:
        first = changed[0]
        raise Conflict(
            code="registries.kind_changed",
            what=f"Ô “{built.declared.titled(first.path)}” không đổi kiểu tại chỗ được.",
            why="Giá trị đã ghi có thể mất khi đổi kiểu, nên cột giữ kiểu của nó mãi mãi.",
            mend="Hãy khai báo ô mới với tên khác, chuyển dữ liệu sang rồi bỏ ô cũ.",
        )


def _plain(key: str) -> str:
    return key.replace("-", "_").replace("/", "_")
