"""Newest dossiers that an official may reach, found by index however many there are.

Rights decide which rows a list shows; what they need is a union of different roads (my agency's,
received here, where I had a step), and no index serves a union. Here every road is walked apart,
newest first and only so far as one page needs, agency by agency; the caller then asks the policy
about the few that were found. The road of receipt is the one-stop desk's alone.
"""

from typing import Any, Final
from uuid import UUID

from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.seeing import wanted as asked
from cuaso.services.procedures.logic.seeing import worded
from cuaso.services.procedures.logic.seeing.wanted import Condition, Wanted

_AGENCY: Final = "d.agency_id = a.id"
_RECEIVED: Final = "d.received_agency_id = a.id"
_ROAD: Final = """
select found.submitted_at, found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select d.id, d.submitted_at from procedures_dossier d
  where {road} {narrowed} order by d.submitted_at desc, d.id desc limit {most}) found
"""
_STEPS: Final = """
select found.submitted_at, found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select distinct w.submitted_at, w.dossier_id as id from procedures_work w
  join procedures_dossier d on d.id = w.dossier_id
  where w.agency_id = a.id and w.role = any(%s) {narrowed}
  order by w.submitted_at desc, w.dossier_id desc limit {most}) found (submitted_at, id)
"""
_ALL: Final = """
select d.submitted_at, d.id from procedures_dossier d
where true {narrowed} order by d.submitted_at desc, d.id desc limit {most}
"""
_NEWEST: Final = (
    "select id from ({roads}) as found order by submitted_at desc, id desc limit {most}"
)
_COUNTED: Final = "select count(*) from (select id from ({roads}) as found limit {most}) as counted"


def newest(actor: Actor, wanted: Wanted, *, most: int) -> list[UUID]:
    """Return the newest `most` dossiers that the actor reaches, newest first."""
    if wanted.folded:
        ids = worded.newest(actor, wanted, most=most)
        if ids is not None:
            return ids
    roads, values = _roads(actor, wanted, most)
    find = asked.found_by_words if wanted.folded else asked.found
    found = find(_NEWEST.format(roads=roads, most=most), values)
    return [id for (id,) in found]


def counting(actor: Actor, wanted: Wanted, *, most: int) -> Condition:
    """Return the question how many dossiers the actor reaches, no further than `most`."""
    roads, values = _roads(actor, wanted, most)
    return _COUNTED.format(roads=roads, most=most), values


def _roads(actor: Actor, wanted: Wanted, most: int) -> Condition:
    narrowed, given = _narrowed(wanted)
    if asked.sees_all(actor):
        return _ALL.format(narrowed=narrowed, most=most), given
    if wanted.folded and worded.of_many(actor):
        reached, reaching = asked.reached(actor, wanted)
        near = f"{narrowed} and {reached}"
        return _ALL.format(narrowed=near, most=most), [*given, *reaching]
    scope = asked.scope(actor)
    taken = [_AGENCY, _RECEIVED] if asked.receives(actor) else [_AGENCY]
    roads = [_ROAD.format(road=road, narrowed=narrowed, most=most) for road in taken]
    values: list[Any] = [scope, *given] * len(roads)
    if wanted.steps:
        roads.append(_STEPS.format(narrowed=narrowed, most=most))
        own = [actor.agency_id] if actor.agency_id else []
        values += [own, sorted(actor.roles), *given]
    return " union ".join(f"({road})" for road in roads), values


def _narrowed(wanted: Wanted) -> Condition:
    narrowed, given = asked.narrowed(wanted)
    behind, after = asked.behind(wanted, "d.submitted_at, d.id")
    if wanted.folded:
        behind += " and d.words @@ plainto_tsquery('simple', %s)"
        after = [*after, wanted.folded]
    return narrowed + behind, [*given, *after]
