"""Why somebody without a task of their own looks through a registry, written down once."""

from django.db import transaction

from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.subjects import Subject

SHORTEST = 10


def require_purpose(*, registry: str, purpose: str, actor: Actor) -> None:
    """Write the purpose down where this actor sees nothing without one; raise Invalid."""
    if rights.owes_purpose(sets.built(registry), actor):
        open_for(registry=registry, purpose=purpose, actor=actor)


def open_for(*, registry: str, purpose: str, actor: Actor) -> None:
    """Write into the ledger for which purpose the actor opens a registry; raise Invalid."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    said = purpose.strip()
    if len(said) < SHORTEST:
        raise Invalid(
            code="registries.purpose_missing",
            what="Hãy nêu mục đích xem sổ này.",
            mend=f"Viết ít nhất {SHORTEST} ký tự, đủ để người có dữ liệu hiểu vì sao.",
            problems=(Problem(field="purpose", say="Chưa nêu rõ mục đích xem."),),
        )
    with transaction.atomic():
        audit.record(
            actor=actor,
            act="registries.opened",
            subject=Subject(kind="registries.registry", id=built.id),
            content={"registry": built.key},
            reason=said,
        )
