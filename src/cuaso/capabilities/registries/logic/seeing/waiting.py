"""The records of all registries that wait for one official."""

from collections.abc import Iterator
from typing import Final

from cuaso.capabilities.registries.contracts import WaitingRecord
from cuaso.capabilities.registries.logic.seeing import rights, turns
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.work_models import Turn
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor

MOST: Final = 200


def waiting_for(
    *, actor: Actor, registry: str = "", language: str = "vi"
) -> tuple[WaitingRecord, ...]:
    """Return the records that wait for the actor's post, those due first before, then the oldest;
    at most 200 of a registry. With `registry` only of that one.
    """
    every = [sets.built(registry)] if registry else list(sets.current())
    found = [
        one for built in every if built.declared.workflow for one in _of(built, actor, language)
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: WaitingRecord) -> tuple[bool, object, object]:
    return (one.due_at is None, one.due_at or one.since_at, one.since_at)


def _of(built: Built, actor: Actor, language: str) -> Iterator[WaitingRecord]:
    way = built.declared.workflow
    mine = {
        name: lane
        for name, lane in (way.lanes if way else {}).items()
        if turns.speaks_to(built, lane, actor)
    }
    if not mine:
        return
    waiting = list(
        Turn.objects.filter(registry_id=built.id, lane__in=list(mine)).order_by("since_at", "id")[
            : MOST * 2
        ]
    )
    theirs = built.live.objects.filter(row_gone=None, row_id__in={one.record_id for one in waiting})
    policy = rights.policy(built, actor)
    seen = access.visible(actor=actor, act="view", queryset=theirs, policy=policy)
    rows = {row.row_id: row for row in seen}
    hidden = rights.masked(built, actor)
    english = language == "en" and built.declared.title_en
    given = 0
    for turn in waiting:
        row = rows.get(turn.record_id)
        if row is None or given == MOST or not turns.works_in(built, row, mine[turn.lane], actor):
            continue
        given += 1
        yield WaitingRecord(
            registry=built.key,
            registry_title=built.declared.title_en if english else built.declared.title,
            id=row.row_id,
            name=values.name_of(built, row, hidden=hidden),
            step=turn.title,
            lane=turns.lane_title(mine[turn.lane], turn.lane, language),
            since_at=turn.since_at,
            due_at=turn.due_at,
        )
