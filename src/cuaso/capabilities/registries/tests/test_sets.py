"""What a process holds while registries are published again and again."""

import gc
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Func

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Row
from cuaso.capabilities.registries.models import Epoch, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.tests.conftest import MOMENT
from cuaso.declarations import packs
from cuaso.declarations.registries import Registry
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import one_moment

KEY = "harbour/vessel"


def publish_another(registry: UUID, declared: dict[str, Any], number: int) -> None:
    """Put a version in force as publishing does at its end; the tables stay as they are."""
    standing = Version.objects.filter(registry_id=registry, state=Version.State.PUBLISHED)
    standing.update(state=Version.State.RETIRED)
    Version.objects.create(
        registry_id=registry,
        number=number,
        state=Version.State.PUBLISHED,
        declared={**declared, "title": f"Tàu cá, bản {number}"},
        fingerprint=str(number),
        made_by="Thử",
        made_at=MOMENT + timedelta(seconds=number),
    )
    Epoch.objects.update(number=Func(function="registries_next_epoch"))


def work() -> str:
    """Do what a request does with a registry: read its set, ask its tables."""
    with one_moment():
        built = sets.built(KEY)
        assert built.live.objects.filter(row_gone=None).count() == 0
        assert built.past.objects.count() == 0
        return built.declared.title


def models_alive() -> int:
    gc.collect()
    return sum(1 for one in Row.__subclasses__() if one.__name__.endswith("harbour_vessel"))


def test_a_registry_is_published_a_thousand_times_and_nothing_stays_behind(
    harbour: packs.Pack,
) -> None:
    declared = harbour.registries["vessel"].dump()
    registry = RegistryRow.objects.get(key=KEY).id
    with one_moment():
        held = sets.current()
        before = held.get(KEY)
        for number in range(2, 52):
            publish_another(registry, declared, number)
            assert sets.built(KEY) is before
        assert before.live.objects.count() == 0
        assert held.get(KEY).declared.title == "Tàu cá"
    assert work() == "Tàu cá, bản 51"
    alive, objects = models_alive(), len(gc.get_objects())
    for number in range(52, 1002):
        publish_another(registry, declared, number)
        if number % 4 == 0:
            work()
    assert work() == "Tàu cá, bản 1001"
    assert models_alive() <= alive
    assert len(gc.get_objects()) - objects < 5_000


def test_a_process_loads_a_hundred_registries(harbour: packs.Pack) -> None:
    declared = harbour.registries["vessel"].dump()
    owner = RegistryRow.objects.get(key=KEY).owner_id
    rows = [
        RegistryRow(key=f"many/one_{n}", table=f"r_many_one_{n}", pack="many", owner_id=owner)
        for n in range(100)
    ]
    RegistryRow.objects.bulk_create(rows)
    Version.objects.bulk_create(
        Version(
            registry=row,
            number=1,
            state=Version.State.PUBLISHED,
            declared=declared,
            fingerprint=str(n),
            made_by="Thử",
            made_at=MOMENT,
        )
        for n, row in enumerate(rows)
    )
    begun = time.process_time()
    loaded = [(one.live, one.past) for one in sets.ModelSet(0)]
    assert len(loaded) == 101
    assert time.process_time() - begun < 3


def test_a_version_that_never_was_is_refused_as_such_and_not_as_an_unknown_registry(
    vessel: Registry,
) -> None:
    assert sets.built(KEY, version=1).version == 1
    with pytest.raises(NotFound) as refused:
        sets.built(KEY, version=9)
    assert (refused.value.code, refused.value.what) == (
        "registries.no_version",
        "Không có sổ “harbour/vessel” ở phiên bản 9.",
    )
