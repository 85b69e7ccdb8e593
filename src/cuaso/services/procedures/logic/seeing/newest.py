"""Newest dossiers that an official may reach, found by index however many there are.

Rights decide which rows a list shows; what they need is a union of different roads (my agency's,
received here, where I had a step), and no index serves a union. Here every road is walked apart,
newest first and only so far as one page needs, agency by agency; the caller then asks the policy
about the few that were found. The road of receipt is the one-stop desk's alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from cuaso.kernel import text
from cuaso.kernel.actors import Actor

# Above so many expected matches, walking an agency's dossiers meets a page of them sooner.
MANY_MATCHES = 2_000
# What the planner supposes of words that it has never met; common words it knows.
UNKNOWN_SHARE = 0.005
_AGENCY = "d.agency_id = a.id"
_RECEIVED = "d.received_agency_id = a.id"
_ROAD = """
select found.submitted_at, found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select d.id, d.submitted_at from procedures_dossier d
  where {road} {narrowed} order by d.submitted_at desc, d.id desc limit %s) found
"""
_STEPS = """
select found.submitted_at, found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select distinct w.submitted_at, w.dossier_id as id from procedures_work w
  join procedures_dossier d on d.id = w.dossier_id
  where w.agency_id = a.id and w.role = any(%s) {narrowed}
  order by w.submitted_at desc, w.dossier_id desc limit %s) found (submitted_at, id)
"""
_ALL = """
select d.submitted_at, d.id from procedures_dossier d
where true {narrowed} order by d.submitted_at desc, d.id desc limit %s
"""
_NEWEST = "select id from ({roads}) as found order by submitted_at desc, id desc limit %s"
_COUNTED = "select count(*) from (select id from ({roads}) as found limit %s) as counted"
_ROWS = "select reltuples from pg_class where oid = 'procedures_dossier'::regclass"
# Materialized: the few that have the words are found first, whatever the planner supposes of them.
_WORDS = """
with matching as materialized (
  select d.id, d.submitted_at, d.agency_id, d.received_agency_id from procedures_dossier d
  where d.words @@ plainto_tsquery('simple', %s) {narrowed}
) select d.submitted_at, d.id from matching d where {reached}
"""
_HAD_STEP = """exists (select 1 from procedures_work w
  where w.dossier_id = d.id and w.agency_id = %s and w.role = any(%s))"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list asks for; `after` is the last row seen (submitted at, id)."""

    statuses: Sequence[int] = ()
    procedure: str = ""
    text: str = ""
    after: tuple[datetime, UUID] | None = None
    steps: bool = True

    @property
    def folded(self) -> str:
        return text.fold(self.text).strip()


def newest(actor: Actor, wanted: Wanted, *, most: int) -> list[UUID]:
    """Return the newest `most` dossiers that the actor reaches, newest first."""
    roads, values = _roads(actor, wanted, most)
    found = _rows(_NEWEST.format(roads=roads), [*values, most])
    return [id for (id,) in found]


def count(actor: Actor, wanted: Wanted, *, most: int) -> int:
    """Count the dossiers that the actor reaches, no further than `most`."""
    roads, values = _roads(actor, wanted, most)
    ((counted,),) = _rows(_COUNTED.format(roads=roads), [*values, most])
    return int(counted)


def _roads(actor: Actor, wanted: Wanted, most: int) -> tuple[str, list[Any]]:
    narrowed, given = _narrowed(wanted)
    if wanted.folded and _few(wanted.folded):
        reached, values = _reached(actor, wanted)
        words = _WORDS.format(narrowed=narrowed, reached=reached)
        return words, [wanted.folded, *given, *values]
    if wanted.folded:
        narrowed += " and d.words @@ plainto_tsquery('simple', %s)"
        given = [*given, wanted.folded]
    if "auditor" in actor.roles:
        return _ALL.format(narrowed=narrowed), [*given, most]
    scope = _scope(actor)
    taken = [_AGENCY, _RECEIVED] if _receives(actor) else [_AGENCY]
    roads = [_ROAD.format(road=road, narrowed=narrowed) for road in taken]
    values = [scope, *given, most] * len(roads)
    if wanted.steps:
        roads.append(_STEPS.format(narrowed=narrowed))
        own = [actor.agency_id] if actor.agency_id else []
        values += [own, sorted(actor.roles), *given, most]
    return " union ".join(f"({road})" for road in roads), values


def _reached(actor: Actor, wanted: Wanted) -> tuple[str, list[Any]]:
    """Return the condition on dossiers to which some road leads the actor."""
    if "auditor" in actor.roles:
        return "true", []
    scope = _scope(actor)
    roads, values = ["d.agency_id = any(%s)"], [scope]
    if _receives(actor):
        roads, values = [*roads, "d.received_agency_id = any(%s)"], [scope, scope]
    if wanted.steps:
        return " or ".join([*roads, _HAD_STEP]), [*values, actor.agency_id, sorted(actor.roles)]
    return " or ".join(roads), values


def _scope(actor: Actor) -> list[UUID]:
    return sorted(actor.agency_scope | ({actor.agency_id} if actor.agency_id else set()))


def _receives(actor: Actor) -> bool:
    return "reception" in actor.roles


def _narrowed(wanted: Wanted) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    given: list[Any] = []
    if wanted.statuses:
        # Literals, so that the planner sees the partial index; they are numbers of ours.
        conditions.append(f"d.status in ({', '.join(str(int(one)) for one in wanted.statuses)})")
    if wanted.procedure:
        conditions.append(
            "d.procedure_id in (select id from procedures_procedureversion where code = %s)"
        )
        given.append(wanted.procedure)
    if wanted.after:
        conditions.append("(d.submitted_at, d.id) < (%s, %s)")
        given += wanted.after
    return "".join(f" and {condition}" for condition in conditions), given


def _few(folded: str) -> bool:
    """Say whether few dossiers have these words: the planner knows of the common ones without
    looking; where it only supposes, they are counted by their index, no further than needed.
    """
    matching = "procedures_dossier d where d.words @@ plainto_tsquery('simple', %s)"
    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) select 1 from {matching}", [folded])  # noqa: S608 no value in it
        (told,) = cursor.fetchone() or ("[]",)
        plan = json.loads(told) if isinstance(told, str) else told
        expected = plan[0]["Plan"]["Plan Rows"]
        cursor.execute(_ROWS)
        (rows,) = cursor.fetchone() or (0,)
        if MANY_MATCHES < expected <= rows * UNKNOWN_SHARE * 2:
            first = f"select 1 from {matching} limit {MANY_MATCHES + 1}"  # noqa: S608 no value in it
            cursor.execute(f"select count(*) from ({first}) as counted", [folded])  # noqa: S608
            (expected,) = cursor.fetchone() or (0,)
    return bool(expected <= MANY_MATCHES)


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
