"""What a list of dossiers asks for, and how far its reader reaches, as conditions in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.kernel import text
from cuaso.kernel.actors import Actor

# Offset: PostgreSQL asks for each dossier, and does not hash every step of the agency.
_HAD_STEP: Final = """exists (select 1 from procedures_work w
  where w.dossier_id = d.id and w.agency_id = %s and w.role = any(%s) offset 0)"""
Condition = tuple[str, list[Any]]


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


def scope(actor: Actor) -> list[UUID]:
    """Return the agencies in whose dossiers the actor may look, their own among them."""
    return sorted(actor.agency_scope | ({actor.agency_id} if actor.agency_id else set()))


def receives(actor: Actor) -> bool:
    """Say whether dossiers that the actor's agencies received are theirs to see."""
    return "reception" in actor.roles


def sees_all(actor: Actor) -> bool:
    return "auditor" in actor.roles


def reached(actor: Actor, wanted: Wanted) -> Condition:
    """Return the condition on dossiers `d` to which some road leads the actor."""
    if sees_all(actor):
        return "true", []
    roads = ["d.agency_id = any(%s)"]
    values: list[Any] = [scope(actor)]
    if receives(actor):
        roads, values = [*roads, "d.received_agency_id = any(%s)"], [*values, scope(actor)]
    if wanted.steps:
        roads, values = [*roads, _HAD_STEP], [*values, actor.agency_id, sorted(actor.roles)]
    return f"({' or '.join(roads)})", values


def narrowed(wanted: Wanted) -> Condition:
    """Return what is asked of dossiers `d` beside their words and their place, ` and …` or ""."""
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
    return "".join(f" and {condition}" for condition in conditions), given


def behind(wanted: Wanted, place: str) -> Condition:
    """Return the condition on what comes behind the last row seen. place: moment and id as SQL."""
    if wanted.after is None:
        return "", []
    return f" and ({place}) < (%s, %s)", [*wanted.after]


def found(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds; it is planned once, whatever the values."""
    with audit.planned() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def found_by_words(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds, planned anew: some words are rare, others common."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
