"""The set of models that a process works with: immutable, one an epoch, swapped whole.

A request keeps the set that it began with; the set is let go when the last one who uses it ends.
"""

from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column, Kept, Twin, kind_of
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.fields import Field
from cuaso.declarations.registries import Registry
from cuaso.kernel.collecting import uncollected
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import asked_early, foreseen, forget_once, once

CURRENT: Final = 0
_EPOCH: Final = asked_early("select number from registries_epoch limit 1")


class ModelSet:
    """Every published registry at one epoch. A version never changes, so what the set before had
    built of the same versions is taken over.
    """

    def __init__(self, epoch: int, before: "ModelSet | None" = None) -> None:
        self.epoch = epoch
        self._built: dict[UUID, Built] = {}
        self._making = Lock()
        published = Version.objects.filter(state=Version.State.PUBLISHED)
        found = list(
            published.order_by("registry__key").values_list(
                "registry__key", "id", "registry__reshaped"
            )
        )
        self.keys: dict[str, UUID] = {key: id for key, id, _ in found}
        if before is not None:
            held = before._built  # noqa: SLF001 of the same class
            self._built = {
                id: held[id]
                for _, id, reshaped in found
                if id in held and held[id].reshaped == reshaped
            }

    def __iter__(self) -> Iterator[Built]:
        missing = [id for id in self.keys.values() if id not in self._built]
        rows = Version.objects.filter(pk__in=missing).select_related("registry")
        # Declarations are many small objects that stay: looking for cycles took half of the time.
        with uncollected():
            for row in rows.prefetch_related("registry__columns"):
                with self._making:
                    self._built.setdefault(row.id, built_of(row))
        for key in self.keys:
            yield self.get(key)

    def get(self, key: str, *, version: int = CURRENT) -> Built:
        """Return a registry, in its published or an older version; raise NotFound."""
        id = self.keys.get(key) if version == CURRENT else _older(key, version)
        standing = self.keys.get(key)
        if id is None or standing is None:
            raise unknown(key) if version == CURRENT else _no_version(key, version)
        if id != standing:
            return self._older(id, self.get(key))
        with self._making:
            if id not in self._built:
                row = Version.objects.select_related("registry").get(pk=id)
                self._built[id] = built_of(row)
            return self._built[id]

    def _older(self, id: UUID, standing: Built) -> Built:
        with self._making:
            if id not in self._built:
                row = Version.objects.select_related("registry").get(pk=id)
                older = built_of(row)
                _require_whole(older)
                self._built[id] = as_today(older, standing)
            return self._built[id]


def _older(key: str, number: int) -> UUID | None:
    found = Version.objects.filter(
        registry__key=key, number=number, state__in=[Version.State.PUBLISHED, Version.State.RETIRED]
    )
    return found.values_list("id", flat=True).first()


def as_today(older: Built, standing: Built) -> Built:
    """Return an older version with the rights, masks and keeper of the one in force, and with what
    the house takes from it: what a version shows is its own, who may see it is decided today.
    """
    names = {column.name for column in older.columns}
    here = {*standing.declared.fields, *standing.declared.groups}
    left = {
        path: mask
        for path, mask in older.declared.masks.items()
        if path.partition(".")[0] not in here
    }
    declared = older.declared.replace(
        rights=standing.declared.rights,
        masks={**left, **standing.declared.masks},
        place=standing.declared.place,
        feeds=standing.declared.feeds,
    )
    beside = tuple(column for column in standing.columns if column.name not in names)
    in_force = {column.name for column in standing.columns}
    twins = tuple(replace(one, strict=one.column.name in in_force) for one in older.twins)
    return replace(older, declared=declared, beside=beside, twins=twins)


def built_of(version: Version) -> Built:
    """Return what is built of one version."""
    with uncollected():
        return _built_of(version)


def _built_of(version: Version) -> Built:
    registry = version.registry
    kept = tuple(
        Kept(path=one.path, name=one.name, kind=one.kind, dropped=one.dropped_at is not None)
        for one in sorted(registry.columns.all(), key=lambda one: one.name)
    )
    built = Built(
        id=registry.id,
        key=registry.key,
        table=registry.table,
        owner_id=registry.owner_id,
        version=version.number,
        declared=Registry.load(version.declared),
        kept=kept,
        reshaped=registry.reshaped,
    )
    forgotten = {one.name for one in registry.columns.all() if one.forgotten_at is not None}
    twins = tuple(one for one in _twins(built) if one.column.name not in forgotten)
    return replace(built, twins=twins) if twins else built


def _twins(built: Built) -> Iterator[Twin]:
    """Yield the columns in which other versions keep fields that this one has too."""
    own = {one.path: one for one in built.columns}
    for kept in built.kept:
        here = own.get(kept.path)
        if here is None or here.name == kept.name or here.one is None:
            continue
        field = _field_of(built.id, kept)
        if field is not None:
            column = Column(path=kept.path, name=kept.name, kind=kept.kind, one=field)
            yield Twin(column=column, dropped=kept.dropped)


def _field_of(registry: UUID, kept: Kept) -> Field | None:
    """Return how the newest version that had a column declared its field."""
    stood = [Version.State.PUBLISHED, Version.State.RETIRED]
    rows = Version.objects.filter(registry_id=registry, state__in=stood).order_by("-number")
    for version in rows.iterator(chunk_size=20):
        field = Registry.load(version.declared).field_at(kept.path)
        if field is not None and kind_of(field) == kept.kind:
            return field
    return None


def _require_whole(older: Built) -> None:
    """Raise NotFound for a version of which a column has been dropped after its term."""
    dropped = {one.name for one in older.kept if one.dropped}
    gone = [one.path for one in older.columns if one.name in dropped]
    if gone:
        raise NotFound(
            code="registries.version_ended",
            what=f"Phiên bản {older.version} của sổ “{older.declared.title}” không còn trả lời.",
            why=f"Ô “{older.declared.titled(gone[0])}” đã bỏ và hết thời hạn trong thùng rác.",
            mend="Hãy dùng phiên bản đang hiệu lực.",
        )


def unknown(key: str) -> NotFound:
    return NotFound(
        code="registries.unknown",
        what=f"Không có sổ “{key}”.",
        mend="Hãy chọn một sổ trong danh mục cơ sở dữ liệu.",
    )


def _no_version(key: str, number: int) -> NotFound:
    return NotFound(
        code="registries.no_version",
        what=f"Không có sổ “{key}” ở phiên bản {number}.",
        mend="Hãy xem lại tên sổ và các phiên bản của sổ; bỏ trống là bản đang có hiệu lực.",
    )


class _Holder:
    """Holds the newest set; an older one lives as long as somebody works with it."""

    def __init__(self) -> None:
        self._newest: ModelSet | None = None

    def newest(self) -> ModelSet:
        epoch = _epoch()
        held = self._newest
        if held is None or held.epoch != epoch:
            held = self._newest = ModelSet(epoch, held)
        return held

    def renew(self) -> None:
        """Let this moment see what it has itself published."""
        forget_once(self)


HOLDER: Final = _Holder()


def _epoch() -> int:
    known = foreseen(_EPOCH)
    if isinstance(known, int):
        return known
    with connection.cursor() as cursor:
        cursor.execute(_EPOCH)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def current() -> ModelSet:
    """Return the set of this moment: within a request always the one that it began with."""
    return once(HOLDER, HOLDER.newest)


def built(key: str, *, version: int = CURRENT) -> Built:
    """Return a registry by its key; raise NotFound."""
    return current().get(key, version=version)


def built_by_id(id: UUID) -> Built:
    """Return a registry by its id; raise NotFound."""
    row = RegistryRow.objects.filter(pk=id).first()
    if row is None:
        raise unknown(str(id))
    return built(row.key)
