"""Newest dossiers that have some words, however many or few have them.

Common words are met among the newest dossiers of the agency. Rare ones are looked up by an index
of words and agencies together: half the province is named Nguyễn, but few at one agency have all
three words of a name.
"""

import json
from functools import lru_cache
from math import ceil
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.seeing import wanted as asked
from cuaso.services.procedures.logic.seeing.wanted import Condition, Wanted

FRESH_SECONDS: Final = 900
# No more than so many of the newest dossiers are read for their words.
NEAR: Final = 2_000
# So many pages are expected among those that are read: words do not come evenly.
PAGES: Final = 3
# Roads are walked agency by agency for readers of so few; others walk the whole province.
FEW_AGENCIES: Final = 4
SHARE: Final = 8
# The index takes longer over more agencies than over the words alone.
MANY_AGENCIES: Final = 64
# Above so many finds, walking meets a page of them sooner than sorting all.
MANY_FINDS: Final = 5_000
_WORDS: Final = "d.words @@ plainto_tsquery('simple', %s)"
_AGENCY: Final = """
select found.submitted_at, found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select d.submitted_at, d.id from procedures_dossier d
  where {road} = a.id {behind} order by d.submitted_at desc, d.id desc limit %s) found
"""
_STEPS: Final = """
select found.submitted_at, found.id from (
  select distinct w.submitted_at, w.dossier_id as id from procedures_work w
  where w.agency_id = %s {behind} order by w.submitted_at desc, w.dossier_id desc limit %s) found
"""
_PROVINCE: Final = """
select d.submitted_at, d.id from procedures_dossier d
where true {behind} order by d.submitted_at desc, d.id desc limit %s
"""
_NEAR: Final = """
with near as materialized (
  select submitted_at, id from ({roads}) as road order by submitted_at desc, id desc limit %s
) select (select count(*) from near), array(
  select d.id from near join procedures_dossier d on d.id = near.id
  where {words} {narrowed} and {reached}
  order by near.submitted_at desc, near.id desc limit %s)
"""
_FOUND: Final = """
with found as materialized (
  select d.submitted_at, d.id from procedures_dossier d
  where {words} {been_at} {narrowed} {behind} and {reached} limit %s
) select (select count(*) from found), array(
  select id from found order by submitted_at desc, id desc limit %s)
"""
_EXPECTED: Final = f"explain (format json) select 1 from procedures_dossier d where {_WORDS}"  # noqa: S608 no value in it
_ROWS: Final = "select reltuples from pg_class where oid = 'procedures_dossier'::regclass"


def newest(actor: Actor, wanted: Wanted, *, most: int) -> list[UUID] | None:
    """Return the newest `most` dossiers with the words that the actor reaches, newest first.

    None where very many have them, but not enough of the newest: they are met by walking.
    """
    near = _near(wanted, most)
    if near <= NEAR:
        # Of the province's newest, one in so many is supposed to be the reader's.
        some = of_many(actor) and not asked.sees_all(actor)
        ids = _among_newest(actor, wanted, most, min(NEAR, near * SHARE) if some else near)
        if ids is not None:
            return ids
    return _looked_up(actor, wanted, most)


def _near(wanted: Wanted, most: int) -> int:
    """Return among how many dossiers some pages with the words are expected: the planner knows
    the words that many have. It learns little in a quarter of an hour, and what is expected says
    only by which road one looks.
    """
    return ceil(PAGES * most / _share(wanted.folded, int(monotonic() // FRESH_SECONDS)))


@lru_cache(maxsize=2_000)
def _share(folded: str, _quarter: int) -> float:
    """Return which share of all dossiers is supposed to have the words."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED, [folded])
        (told,) = cursor.fetchone()
        cursor.execute(_ROWS)
        (rows,) = cursor.fetchone()
    plan = json.loads(told) if isinstance(told, str) else told
    return max(float(plan[0]["Plan"]["Plan Rows"]), 1) / max(float(rows), 1)


def _among_newest(actor: Actor, wanted: Wanted, most: int, near: int) -> list[UUID] | None:
    """Return what is found among so many that the actor reaches, None if that is no page."""
    roads, walked = _roads(actor, wanted, near)
    narrowed, given = asked.narrowed(wanted)
    reached, reaching = asked.reached(actor, wanted)
    statement = _NEAR.format(roads=roads, words=_WORDS, narrowed=narrowed, reached=reached)
    values = [*walked, near, wanted.folded, *given, *reaching, most]
    ((read, ids),) = asked.found_by_words(statement, values)
    return ids if len(ids) == most or read < near else None


def _roads(actor: Actor, wanted: Wanted, near: int) -> Condition:
    """Return the roads on which everything lies that the actor may reach, and more."""
    agencies = asked.scope(actor)
    by_dossier, after = asked.behind(wanted, "d.submitted_at, d.id")
    if of_many(actor):
        return _PROVINCE.format(behind=by_dossier), [*after, near]
    taken = ["d.agency_id", *(["d.received_agency_id"] if asked.receives(actor) else [])]
    roads = [_AGENCY.format(road=road, behind=by_dossier) for road in taken]
    values: list[Any] = [agencies, *after, near] * len(roads)
    if wanted.steps:
        by_step, after = asked.behind(wanted, "w.submitted_at, w.dossier_id")
        roads.append(_STEPS.format(behind=by_step))
        values += [actor.agency_id, *after, near]
    return " union ".join(f"({road})" for road in roads), values


def of_many(actor: Actor) -> bool:
    """Say whether so many agencies are the actor's that the province is walked for them."""
    return asked.sees_all(actor) or len(asked.scope(actor)) > FEW_AGENCIES


def _looked_up(actor: Actor, wanted: Wanted, most: int) -> list[UUID] | None:
    """Return what the index of words and agencies finds, None if that is too much to sort."""
    narrowed, given = asked.narrowed(wanted)
    behind, after = asked.behind(wanted, "d.submitted_at, d.id")
    reached, reaching = asked.reached(actor, wanted)
    been_at, places = "", []
    if not asked.sees_all(actor) and len(asked.scope(actor)) <= MANY_AGENCIES:
        been_at, places = "and d.been_at_ids && %s::uuid[]", [asked.scope(actor)]
    statement = _FOUND.format(
        words=_WORDS, been_at=been_at, narrowed=narrowed, behind=behind, reached=reached
    )
    values = [wanted.folded, *places, *given, *after, *reaching, MANY_FINDS + 1, most]
    ((finds, ids),) = asked.found_by_words(statement, values)
    return ids if finds <= MANY_FINDS else None
