"""The declared steps of status: who may take one, and when."""

from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.registries import Act, Move
from cuaso.kernel.actors import Actor


def may_take(built: Built, row: Row, step: Move, actor: Actor) -> bool:
    """Say whether the actor's roles and right over the record allow the step."""
    if step.roles and not set(step.roles) & actor.roles:
        return False
    act: Act = "view" if step.roles else "change"
    return rights.decide(built, row, actor=actor, act=act).allowed


def holds(built: Built, row: Row, step: Move) -> bool:
    """Say whether the declared condition of a step holds for the record."""
    if not step.when:
        return True
    compiled = built.declared.form.expression(built.declared.rewritten(step.when))
    here = values.context(built)
    names = {"today": here.today, **here.names, **values.cleaned(built, row).values}
    return compiled.holds(names, unknown=False)
