"""Write what a decision says into a record: its fields, and the step of status that it takes."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import amend, rows
from cuaso.capabilities.registries.logic.changing.add import add
from cuaso.capabilities.registries.logic.changing.undo import undo
from cuaso.capabilities.registries.logic.seeing import records
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Change
from cuaso.capabilities.registries.work_models import StepTaken
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound

Texts = dict[str, Loose]


def enact(
    *,
    registry: str,
    id: UUID,
    values: Texts,
    actor: Actor,
    source: Source,
    reason: str = "",
    step: str = "",
    signer: Actor | None = None,
) -> None:
    """Write a decision into the record `id`, which is added where the registry has none, and take
    its step of status; all of it or nothing.

    The fields are written by `actor`. The step is taken by `signer` with that post's own rights,
    as `move` does; what the step asks for is written with it. The same source takes the same step
    of the same record once: later only the fields are amended. Raises as `add`, `amend` and `move`.
    """
    built = sets.built(registry)
    asked = _asked(built, step)
    with transaction.atomic():
        due = bool(step) and not _taken(built, id, step, source)
        plain = {path: one for path, one in values.items() if not (due and _head(path) in asked)}
        if not records.known(registry=registry, id=id):
            add(registry=registry, id=id, values=plain, actor=actor, source=source, reason=reason)
        elif plain:
            amend.amend(
                registry=registry, id=id, values=plain, actor=actor, reason=reason, source=source
            )
        if due:
            amend.move(
                registry=registry,
                id=id,
                to=step,
                values={path: one for path, one in values.items() if _head(path) in asked},
                actor=signer or actor,
                reason=reason,
                source=source,
            )


def require_step(*, registry: str, id: UUID, step: str, actor: Actor, source: Source) -> None:
    """Raise as `move` does unless the actor may begin this step from where the record stands, or
    the source took it already.
    """
    built = sets.built(registry)
    if _taken(built, id, step, source):
        return
    with transaction.atomic():
        amend.startable(built, rows.locked(built, id, actor=actor, act="view"), step, actor)


def retract(*, registry: str, id: UUID, source: Source, actor: Actor, reason: str) -> int:
    """Give a record back what it was before a decision wrote into it; return how many changes
    went back. What was changed again since stays.
    """
    back = 0
    with transaction.atomic():
        for change_id in _changes(sets.built(registry), id, source):
            done = undo(
                registry=registry, change_id=change_id, actor=actor, reason=reason, partly=True
            )
            back += bool(done.back)
    return back


def named(*, registry: str, key: str) -> UUID:
    """Return the id of the record that a key names; raise NotFound for none, or one in the bin."""
    built = sets.built(registry)
    column = values.one_key(built).name
    row = built.live.objects.filter(**{column: key.strip()}, row_gone=None).first()
    if row is None:
        raise NotFound(
            code="registries.no_record",
            what=f"Sổ “{built.declared.title}” không có bản ghi “{key.strip()}”.",
            mend="Hãy kiểm tra lại số đã ghi trong hồ sơ.",
        )
    found: UUID = row.row_id
    return found


def _asked(built: Built, step: str) -> frozenset[str]:
    statuses = built.declared.statuses
    found = statuses.moves.get(step) if statuses else None
    if step and found is None:
        raise Conflict(
            code="registries.no_such_move",
            what=f"Sổ “{built.declared.title}” không còn bước “{step}”.",
            why="Cấu trúc sổ đã đổi từ khi thủ tục được khai báo.",
            mend="Hãy báo người quản trị của sổ.",
        )
    return frozenset(found.asks) if found else frozenset()


def _head(path: str) -> str:
    return path.partition(".")[0]


def _taken(built: Built, id: UUID, step: str, source: Source) -> bool:
    """Say whether a source took a step of a record already, undone since or not."""
    taken = StepTaken.objects.filter(
        move=step,
        change__registry_id=built.id,
        change__origin=source.kind,
        change__origin_id=source.id,
    )
    found = list(taken.values_list("change_id", flat=True))
    return bool(found) and any(
        model.objects.filter(row_id=id, row_change__in=found).exists()
        for model in (built.live, built.past)
    )


def _changes(built: Built, id: UUID, source: Source) -> list[UUID]:
    """Return the changes of a record that came from a source and stand, newest first."""
    touched = {
        change
        for model in (built.live, built.past)
        for change in model.objects.filter(row_id=id).values_list("row_change", flat=True)
    }
    standing = Change.objects.filter(
        pk__in=touched, origin=source.kind, origin_id=source.id, undone=None
    )
    return list(standing.order_by("-position").values_list("pk", flat=True))
