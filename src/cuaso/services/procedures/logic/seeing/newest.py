"""Newest dossiers that an official may reach, found by index however many there are.

Rights decide which rows a list shows; what they need is a union of different roads (my agency's,
received here, where I had a step), and no index serves a union. Here every road is walked apart,
newest first and only so far as one page needs, agency by agency; the caller then asks the policy
about the few that were found.
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
select found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select d.id, d.submitted_at from procedures_dossier d
  where {road} {narrowed} order by d.submitted_at desc, d.id desc limit %s) found
"""
_STEPS = """
select found.id from unnest(%s::uuid[]) as a(id) cross join lateral (
  select distinct w.submitted_at, w.dossier_id as id from procedures_work w
  join procedures_dossier d on d.id = w.dossier_id
  where w.agency_id = a.id and w.role = any(%s) {narrowed}
  order by w.submitted_at desc, w.dossier_id desc limit %s) found (submitted_at, id)
"""
_ROWS = "select reltuples from pg_class where oid = 'procedures_dossier'::regclass"
_WORDS = """
select d.id from procedures_dossier d
where d.words @@ plainto_tsquery('simple', %s) {narrowed}
"""


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
    """Return dossiers among which the newest `most` that the actor reaches all are."""
    scope = sorted(actor.agency_scope | ({actor.agency_id} if actor.agency_id else set()))
    narrowed, given = _narrowed(wanted)
    if wanted.folded and _few(wanted.folded):
        return _ids(_WORDS.format(narrowed=narrowed), [wanted.folded, *given])
    if wanted.folded:
        narrowed += " and d.words @@ plainto_tsquery('simple', %s)"
        given = [*given, wanted.folded]
    if "auditor" in actor.roles:
        everything = f"where true {narrowed} order by d.submitted_at desc, d.id desc limit %s"
        return _ids(
            f"select d.id from procedures_dossier d {everything}",  # noqa: S608 no value in it
            [*given, most],
        )
    roads = [_ROAD.format(road=road, narrowed=narrowed) for road in (_AGENCY, _RECEIVED)]
    values: list[Any] = [scope, *given, most, scope, *given, most]
    if wanted.steps:
        roads.append(_STEPS.format(narrowed=narrowed))
        own = [actor.agency_id] if actor.agency_id else []
        values += [own, sorted(actor.roles), *given, most]
    return _ids(" union ".join(f"({road})" for road in roads), values)


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


def _ids(query: str, values: list[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(dict.fromkeys(id for (id,) in cursor.fetchall()))
