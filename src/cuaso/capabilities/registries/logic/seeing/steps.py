"""The declared steps of status: who may take one, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cuaso.capabilities.registries.logic.seeing import rights, turns
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.values import cleaned, context
from cuaso.capabilities.registries.work_models import Turn
from cuaso.declarations.record_flows import BEGIN, Lane
from cuaso.declarations.registries import RECORD, Act, Move
from cuaso.kernel.actors import Actor

BEGINNING: Final = Move.model_validate(
    {"title": "Đưa vào quy trình", "from": "…", "to": "…", "title_en": "Begin the way"}
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A step of status by its name. `turn` and `lane` are those of the record's drawn way when the
    step belongs to it; `waits` says that the way is not at this step.
    """

    name: str
    step: Move
    lane: Lane | None = None
    turn: Turn | None = None
    waits: bool = False

    @property
    def lane_title(self) -> str:
        return self.lane.title if self.lane else ""


def find(built: Built, row: Row, name: str) -> Offer | None:
    """Return a step of a record by its name, None for one that the registry does not have."""
    way, statuses = built.declared.workflow, built.declared.statuses
    if way is not None:
        course = turns.course_of(built, row)
        for found, step, lane, turn in turns.open_moves(built, course) if course else ():
            if found == name:
                return Offer(name=name, step=step, lane=lane, turn=turn)
    step_ = statuses.moves.get(name) if statuses else None
    if step_ is None:
        return None
    if way is None or turns.beside(way, name):
        return Offer(name=name, step=step_)
    lane_ = way.lanes.get(way.drawn.people_steps[way.element_of[name]].lane)
    return Offer(name=name, step=step_, lane=lane_, waits=True)


def offered(built: Built, row: Row, actor: Actor) -> Iterator[Offer]:
    """Yield the steps that the actor may take from where a record stands, in the declared order."""
    statuses, way = built.declared.statuses, built.declared.workflow
    if statuses is None:
        return
    here = getattr(row, built.column(statuses.field).name)
    every = [Offer(name=name, step=step) for name, step in statuses.moves.items()]
    if way is not None:
        course = turns.course_of(built, row)
        on_it = [
            Offer(name=name, step=step, lane=lane, turn=turn)
            for name, step, lane, turn in (turns.open_moves(built, course) if course else ())
        ]
        every = [*on_it, *(one for one in every if turns.beside(way, one.name))]
        change = rights.decide(built, row, actor=actor, act="change").allowed
        if course is None and here == statuses.start and change:
            yield Offer(name=BEGIN, step=BEGINNING.replace(to=here))
    for one in every:
        if here in one.step.start and may_take(built, row, one, actor):
            yield one


def may_take(built: Built, row: Row, offer: Offer, actor: Actor) -> bool:
    """Say whether the actor's roles, agency or lane, and right over the record allow the step.
    Beside a drawn way a step needs the right to change the record: its lanes alone let others in.
    """
    step = offer.step
    if step.roles and not set(step.roles) & actor.roles:
        return False
    if offer.lane is not None and not turns.works_in(built, row, offer.lane, actor):
        return False
    if offer.lane is None and step.roles and built.declared.workflow is None:
        return _is_named(built, row, step, actor)
    act: Act = "view" if offer.lane is not None else "change"
    return rights.decide(built, row, actor=actor, act=act).allowed


def _is_named(built: Built, row: Row, step: Move, actor: Actor) -> bool:
    """Say whether a step whose roles the actor holds is meant for the actor's agency. Without `of`
    also who may change the record takes it; to see the record is never enough elsewhere.
    """
    act: Act = "view"
    if not turns.belongs(built, row, step.of, actor):
        if step.of:
            return False
        act = "change"
    return rights.decide(built, row, actor=actor, act=act).allowed


def holds(built: Built, row: Row, step: Move, *, values: Mapping[str, Any] | None = None) -> bool:
    """Say whether the declared condition of a step holds for the record as it would then be:
    `values` are its fields with what the step asked for; the status is still the present one.
    """
    return true_of(built, row, step.when, values=values)


def true_of(
    built: Built, row: Row, condition: str, *, values: Mapping[str, Any] | None = None
) -> bool:
    """Say whether a condition of the registry holds for a record, with `values` for its fields;
    no condition always holds, one whose values are missing does not.
    """
    if not condition:
        return True
    compiled = built.declared.form.expression(built.declared.rewritten(condition))
    here = context(built)
    present = cleaned(built, row).values
    record = {**present[RECORD], **(values or {})}
    names = {"today": here.today, **here.names, **present, RECORD: record}
    return compiled.holds(names, unknown=False)
