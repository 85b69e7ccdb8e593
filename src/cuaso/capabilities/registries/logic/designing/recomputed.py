"""Tells who designs a registry how far its records have come with what is computed otherwise."""

from collections.abc import Iterator
from uuid import UUID

from cuaso.capabilities.registries.logic.designing.shapes import Recomputed
from cuaso.capabilities.registries.logic.designing.versions import may_design
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.work_models import Recomputation
from cuaso.kernel.actors import Actor


def recomputed(*, registry: str, actor: Actor) -> Recomputed | None:
    """Return what the version in force makes anew of records; None where it makes nothing, or the
    actor does not design the registry.
    """
    job = Recomputation.objects.select_related("registry").filter(registry__key=registry).first()
    if job is None or not job.paths or registry not in sets.current().keys:
        return None
    built = sets.built(registry)
    if built.version != job.version or not may_design(job.registry, actor):
        return None
    declared = built.declared
    return Recomputed(
        version=job.version,
        version_id=sets.current().keys[registry],
        titles=tuple(declared.titled(declared.plain(path)) for path in job.paths),
        records=job.records,
        seen=job.seen,
        changed=job.changed,
        failed=job.failed,
        failing=tuple(_failing(built, job, actor)),
        begun_at=job.begun_at,
        done_at=job.done_at,
    )


def _failing(built: Built, job: Recomputation, actor: Actor) -> Iterator[tuple[UUID, str, str]]:
    found = built.live.objects.in_bulk([UUID(id) for id, _ in job.failing])
    hidden = rights.masked(built, actor)
    for id, why in job.failing:
        row = found.get(UUID(id))
        if row is not None and rights.decide(built, row, actor=actor, act="view").allowed:
            yield row.row_id, values.name_of(built, row, hidden=hidden), why
