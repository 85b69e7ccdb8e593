"""The declared steps of status: who may take one, and when."""

from collections.abc import Mapping
from typing import Any

from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.values import cleaned, context
from cuaso.declarations.registries import RECORD, Act, Move
from cuaso.kernel.actors import Actor


def may_take(built: Built, row: Row, step: Move, actor: Actor) -> bool:
    """Say whether the actor's roles and right over the record allow the step."""
    if step.roles and not set(step.roles) & actor.roles:
        return False
    act: Act = "view" if step.roles else "change"
    return rights.decide(built, row, actor=actor, act=act).allowed


def holds(built: Built, row: Row, step: Move, *, values: Mapping[str, Any] | None = None) -> bool:
    """Say whether the declared condition of a step holds for the record as it would then be:
    `values` are its fields with what the step asked for; the status is still the present one.
    """
    if not step.when:
        return True
    compiled = built.declared.form.expression(built.declared.rewritten(step.when))
    here = context(built)
    present = cleaned(built, row).values
    record = {**present[RECORD], **(values or {})}
    names = {"today": here.today, **here.names, **present, RECORD: record}
    return compiled.holds(names, unknown=False)
