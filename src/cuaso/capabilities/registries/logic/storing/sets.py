"""The set of models that a process works with: immutable, one an epoch, swapped whole.

A request keeps the set that it began with; the set is let go when the last one who uses it ends.
"""

from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from typing import Final
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection

from cuaso.capabilities.registries.logic.storing.building import Built, build
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.registries import Registry
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import forget_once, once

CURRENT: Final = 0


class ModelSet:
    """Every published registry at one epoch; each is built when it is first asked for."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self._apps = Apps()
        self._built: dict[tuple[str, int], Built] = {}
        self._making = Lock()

    @cached_property
    def keys(self) -> dict[str, int]:
        """The published registries and the numbers of their versions."""
        found = Version.objects.filter(state=Version.State.PUBLISHED)
        return dict(found.order_by("registry__key").values_list("registry__key", "number"))

    def __iter__(self) -> Iterator[Built]:
        for key in self.keys:
            yield self.get(key)

    def get(self, key: str, *, version: int = CURRENT) -> Built:
        """Return a registry, in its published or an older version; raise NotFound."""
        number = version or self.keys.get(key, 0)
        with self._making:
            if (key, number) not in self._built:
                self._built[key, number] = self._build(key, number)
            return self._built[key, number]

    def _build(self, key: str, number: int) -> Built:
        row = (
            Version.objects.filter(registry__key=key, number=number)
            .exclude(state__in=["draft", "waiting", "dropped"])
            .select_related("registry")
            .first()
        )
        if row is None:
            raise unknown(key)
        return built_of(row.registry, row, self._apps)


def built_of(registry: RegistryRow, version: Version, apps: Apps) -> Built:
    """Return the models of one version."""
    return build(
        id=registry.id,
        key=registry.key,
        table=registry.table,
        owner_id=registry.owner_id,
        version=version.number,
        declared=Registry.load(version.declared),
        apps=apps,
    )


def unknown(key: str) -> NotFound:
    return NotFound(
        code="registries.unknown",
        what=f"Không có sổ “{key}”.",
        mend="Hãy chọn một sổ trong danh mục cơ sở dữ liệu.",
    )


class _Holder:
    """Holds the newest set; an older one lives as long as somebody works with it."""

    def __init__(self) -> None:
        self._newest: ModelSet | None = None

    def newest(self) -> ModelSet:
        epoch = _epoch()
        held = self._newest
        if held is None or held.epoch != epoch:
            held = self._newest = ModelSet(epoch)
        return held

    def forget(self) -> None:
        self._newest = None
        forget_once(self)


HOLDER: Final = _Holder()


def _epoch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select number from registries_epoch limit 1")
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
