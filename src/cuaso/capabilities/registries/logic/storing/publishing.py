"""Publishes a version: the tables are brought to its shape, then it is in force, at one moment.

A kill at any place leaves the version approved; the next run repeats what was not yet done, since
every statement looks first. Until the last transaction the old version is in force.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Func, Max

from cuaso.capabilities.registries.logic.storing import definition, running, sets, uses
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Column, Epoch, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject

LOCK: Final = 7_230_117
_TABLE: Final = 45


def install(pack: str, declared: dict[str, Registry], *, actor: Actor) -> int:
    """Publish what a pack declares wherever it differs from what is in force; return how many."""
    return sum(_install(f"{pack}/{name}", pack, one, actor=actor) for name, one in declared.items())


def _install(key: str, pack: str, declared: Registry, *, actor: Actor) -> int:
    newest = Version.objects.filter(registry__key=key, number__gt=0).order_by("-number").first()
    if newest is not None and newest.fingerprint == declared.fingerprint:
        return 0 if newest.state == Version.State.PUBLISHED else _publish(newest.id, actor=actor)
    known = Version.objects.filter(registry__key=key, fingerprint=declared.fingerprint)
    if known.filter(state=Version.State.RETIRED).exists():
        return 0
    with transaction.atomic():
        registry = entered(key, pack, declared)
        version = new_version(registry, declared, state=Version.State.APPROVED, actor=actor)
    return _publish(version.id, actor=actor)


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
    """Publish every approved version, also one whose publishing was interrupted; how many."""
    due = Version.objects.filter(state=Version.State.APPROVED).order_by("made_at")
    return sum(_publish(id, actor=actor) for id in due.values_list("id", flat=True))


def _publish(id: UUID, *, actor: Actor) -> int:
    version = Version.objects.select_related("registry").get(pk=id)
    built = sets.built_of(version)
    _refuse_changed_kinds(version.registry, built)
    running.run(_statements(built), empty=not running.exists(built.table))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        version = Version.objects.select_for_update().get(pk=id)
        if version.state != Version.State.APPROVED:
            return 0
        _put_in_force(version, built, actor=actor)
    sets.HOLDER.renew()
    return 1


def _statements(built: Built) -> Iterator[definition.Statement]:
    yield from definition.tables(built)
    yield from definition.rights(built)
    yield from definition.indexes(built)


def _put_in_force(version: Version, built: Built, *, actor: Actor) -> None:
    now = clock.now()
    registry = version.registry
    registry.versions.filter(state=Version.State.PUBLISHED).update(state=Version.State.RETIRED)
    version.state, version.published_at, version.trouble = Version.State.PUBLISHED, now, ""
    version.save(update_fields=["state", "published_at", "trouble"])
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
