"""Steps that wait for an official, in the order in which they are due, and how many they are.

The queue's index gives them role by role; whoever shows them asks the policy about the few shown.
For a count the policy is asked once a role, of a dossier of which only such a step is known, and
of each dossier that touches the official: those are few and found by index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.course import deputies
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.logic.seeing.wanted import Condition

SOON = timedelta(hours=24)
# Per role, so that each list is read in the order of the index and no further than needed.
_WAITING: Final = """
select w.id, w.dossier_id, w.due_at from unnest(%s::text[]) as r(role) cross join lateral (
  select w.id, w.dossier_id, w.due_at from procedures_work w
  where w.agency_id = %s and w.role = r.role and w.done_at is null {narrowed}
  order by w.due_at, w.id limit {most}) w
order by w.due_at, w.id limit {most}
"""
_COUNTED: Final = """
select count(*), count(*) filter (where due_at < %s),
  count(*) filter (where due_at >= %s and due_at < %s), ({beside})
from ({waiting}) as counted
"""
_TOUCHING: Final = """
select id from procedures_dossier where person_id = %s
union select id from procedures_dossier where party_id = %s
union select id from procedures_dossier where subject_id = %s
union select dossier_id from procedures_coapplicant where person_id = %s and until_at is null
"""
_LED: Final = """
select s.id, s.dossier_id, s.due_at from unnest(%s::uuid[]) as a(id)
cross join unnest(%s::text[]) as r(role) cross join lateral (
  select w.id, w.dossier_id, w.due_at from procedures_work w
  where w.agency_id = a.id and w.role = r.role and w.done_at is null {narrowed}
    and exists (select 1 from procedures_dossier d where d.id = w.dossier_id
                and (d.agency_id = %s or d.signing_agency_id = %s))
  order by w.due_at, w.id limit {most}) s
order by s.due_at, s.id limit {most}
"""
OFFICE: Final = ("reception", "handler", "leader", "clerk")


# A dossier of which nothing is known: nobody's, at no agency.
_NOBODYS: Final = rows.ListedDossier._make([None] * len(rows.ListedDossier._fields))


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Which of the waiting steps are asked for; `after` is the last one seen (due at, id)."""

    view: str = "mine"
    text: str = ""
    procedure: str = ""
    after: tuple[datetime | None, UUID] | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One waiting step of a list."""

    id: UUID
    dossier_id: UUID
    due_at: datetime | None


def first(actor: Actor, asked: Narrowed, *, most: int) -> list[Step]:
    """Return the first steps that wait for the actor; the policy is still to be asked."""
    statement, values = _waiting(actor, asked, sorted(actor.roles), most)
    return [
        Step(id=id, dossier_id=of, due_at=due_at) for id, of, due_at in _rows(statement, values)
    ]


def led(actor: Actor, asked: Narrowed, *, most: int) -> list[Step]:
    """Return the first steps of dossiers that the actor's agency settles or signs, whoever holds
    them; the policy is still to be asked.
    """
    parts = _asked(asked)
    narrowed = "".join(f" and {condition}" for condition, _values in parts)
    given = [value for _condition, values in parts for value in values]
    agencies = list({*actor.agency_scope, actor.agency_id} - {None})
    values = [agencies, list(OFFICE), *given, actor.agency_id, actor.agency_id]
    found = _rows(_LED.format(narrowed=narrowed, most=int(most)), values)
    return [Step(id=id, dossier_id=of, due_at=due_at) for id, of, due_at in found]


def counts(
    actor: Actor, asked: Narrowed, *, most: int, beside: Condition = ("select null", [])
) -> tuple[int, int, int, int | None]:
    """Count what the actor may work on, no further than `most`: all of it, what is late, what is
    due soon; and what `beside` counts.
    """
    allows = rows.sieve(actor=actor, act="work")
    roles = [role for role in sorted(actor.roles) if allows(_waiting_for(actor, role))]
    waiting, values = _waiting(actor, asked, roles, most, barred=_barred(actor, allows))
    now = clock.now()
    statement = _COUNTED.format(waiting=waiting, beside=beside[0])
    ((mine, late, soon, other),) = _rows(statement, [now, now, now + SOON, *beside[1], *values])
    return mine, late, soon, other


def _waiting(
    actor: Actor, asked: Narrowed, roles: list[str], most: int, *, barred: list[UUID] | None = None
) -> tuple[str, list[Any]]:
    parts = [_held(actor), *_of_view(asked.view), *_asked(asked)]
    if barred:
        parts.append(("w.dossier_id <> all(%s)", [barred]))
    narrowed = "".join(f" and {condition}" for condition, _values in parts)
    given = [value for _condition, values in parts for value in values]
    # A literal: the planner has to see how few are wanted.
    statement = _WAITING.format(narrowed=narrowed, most=int(most))
    return statement, [roles, actor.agency_id, *given]


def _held(actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition on steps that nobody holds, the actor, or for whom they stand in."""
    held = ["w.post_id is null", "w.post_id = %s"]
    values: list[Any] = [actor.post_id]
    for post_id, roles in deputies.stands_for(actor).items():
        if post_id != actor.post_id:
            held.append("w.post_id = %s and w.role = any(%s)")
            values += [post_id, sorted(roles)]
    return f"({' or '.join(held)})", values


def _of_view(view: str) -> list[tuple[str, list[Any]]]:
    now = clock.now()
    if view == "late":
        return [("w.due_at < %s", [now])]
    if view == "soon":
        return [("w.due_at >= %s and w.due_at < %s", [now, now + SOON])]
    return []


def _asked(asked: Narrowed) -> list[tuple[str, list[Any]]]:
    parts: list[tuple[str, list[Any]]] = []
    if asked.after:
        parts.append(_behind(*asked.after))
    of_dossier: list[tuple[str, Any]] = []
    if asked.procedure:
        ofcode = "select id from procedures_procedureversion where code = %s"
        of_dossier.append((f"d.procedure_id in ({ofcode})", asked.procedure))
    if asked.text.strip():
        of_dossier.append(("d.words @@ plainto_tsquery('simple', %s)", text.fold(asked.text)))
    if of_dossier:
        such = " and ".join(condition for condition, _value in of_dossier)
        found = f"select 1 from procedures_dossier d where d.id = w.dossier_id and {such}"  # noqa: S608 no value in it
        parts.append((f"exists ({found})", [value for _condition, value in of_dossier]))
    return parts


def _behind(due_at: datetime | None, id: UUID) -> tuple[str, list[Any]]:
    """Return the condition on what comes behind a step; what has no due moment is last."""
    if due_at is None:
        return "w.due_at is null and w.id > %s", [id]
    return "((w.due_at, w.id) > (%s, %s) or w.due_at is null)", [due_at, id]


def _waiting_for(actor: Actor, role: str) -> rows.Listed:
    """Return a dossier of which only a step that waits for the role is known."""
    step = rows.ListedStep(None, None, "", role, actor.agency_id)
    return rows.Listed(dossier=_NOBODYS, works=(step,))


def _barred(actor: Actor, allows: Callable[[rows.Listed], bool]) -> list[UUID]:
    """Return the dossiers that touch the actor's own person and that they may not work on."""
    if actor.person_id is None:
        return []
    touching = [id for (id,) in _rows(_TOUCHING, [actor.person_id] * 4)]
    return [one.dossier.id for one in rows.listed(touching) if not allows(one)]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with audit.planned() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
