"""Rows that every act reads, each in one question: Django would think longer than PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, connections
from django.db.models import Model

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Written
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.act_models import CoApplicant
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import LARGE, Dossier, Draft, ProcedureVersion, Result, Work
from cuaso.services.procedures.policies import DOSSIERS

Row = TypeVar("Row", bound=Model)
_FOR_UPDATE: Final = " for update"
# The search vector never passes through a row in memory: PostgreSQL makes it of a text.
_VECTOR: Final = "to_tsvector('simple', %s)"
# By these a dossier is found; no act reads them.
_FOUND_BY: Final = frozenset({"words", "been_at_ids"})
_WRITTEN: Final = tuple(
    field.attname
    for field in Dossier._meta.concrete_fields  # noqa: SLF001 Django documents _meta as public
    if field.name not in {"id", *_FOUND_BY}
)
_BEEN_AT: Final = """been_at_ids = array(select id from (
  select unnest(%s::uuid[]) as id
  union select agency_id from procedures_work where dossier_id = %s
) as been_at where id is not null order by id)"""
_UNREAD: Final = _FOUND_BY
# Of `done_at` nobody asks but whether it is there, and a moment takes longer to read.
_STEPS: Final = """
select id, dossier_id, title, role, agency_id, post_id, nullif(done_at is not null, false)
from procedures_work where dossier_id = any(%s) order by since_at, id
"""


def read(
    model: type[Row], tail: str, params: Sequence[Any], *, without: frozenset[str] = frozenset()
) -> list[Row]:
    """Return the rows of a model that the tail of a statement finds (`where …`), with every column
    of the model; those `without` are read when somebody asks for them.
    """
    statement, names, readers = _reading(model, without)
    with audit.planned() as cursor:
        cursor.execute(f"{statement} {tail}", params)
        found = cursor.fetchall()
    if readers:
        found = [_loaded(values, readers) for values in found]
    return [model.from_db(connection.alias, names, values) for values in found]


@lru_cache
def _reading(
    model: type[Model], without: frozenset[str]
) -> tuple[str, list[str], list[tuple[int, Any]]]:
    """Return the statement of a model's columns, their names, and what turns some into values."""
    fields = [field for field in _fields(model).values() if field.name not in without]
    names = [field.attname for field in fields]
    readers = [(n, field.from_db_value) for n, field in enumerate(fields) if _reads(field)]
    return f"select {', '.join(names)} from {model._meta.db_table}", names, readers  # noqa: S608, SLF001 our own columns


def _reads(field: Any) -> bool:  # noqa: ANN401 any field
    return hasattr(field, "from_db_value")


def _loaded(values: Sequence[Any], readers: Iterable[tuple[int, Any]]) -> list[Any]:
    loaded = list(values)
    for place, reader in readers:
        loaded[place] = reader(loaded[place], None, connection)
    return loaded


def dossier(id: UUID, *, locked: bool = False) -> Dossier | None:
    """Return a dossier with its procedure, and under a lock of the transaction if asked."""
    return _one(f"where id = %s{_FOR_UPDATE if locked else ''}", [id])


def required(id: UUID) -> Dossier:
    """Return a dossier that must be there, with its procedure."""
    found = dossier(id)
    if found is None:
        message = f"no dossier {id}"
        raise LookupError(message)
    return found


def dossier_by_code(code: str) -> Dossier | None:
    """Return the dossier of a tracking code or a legal code, with its procedure."""
    return _one("where tracking_code = %s or dossier_code = %s", [code, code])


def _one(tail: str, params: Sequence[Any]) -> Dossier | None:
    row = next(iter(read(Dossier, tail, params, without=_UNREAD)), None)
    if row is not None:
        row.procedure = version(row.procedure_id)
    return row


def written(dossier: Dossier, *, searched: str = "") -> Written:
    """Return what writes the whole row of a dossier, locked or new; what was known beside it is
    read anew afterwards.

    searched: the new text by which it is found, if that changed.
    """
    agencies = [dossier.agency_id, dossier.received_agency_id, dossier.signing_agency_id]
    if dossier._state.adding:  # noqa: SLF001 as Django knows what it has to insert
        steps = [work.agency_id for work in known_works(dossier)]
        dossier.been_at_ids = sorted({id for id in (*agencies, *steps) if id is not None})
        _memory(dossier).clear()
        return _inserted(dossier, searched)
    _memory(dossier).clear()
    told, values = _assigned(dossier, _WRITTEN, searched)
    return _updated(dossier, [*told, _BEEN_AT], [*values, agencies, dossier.id])


def insert(row: Model, *, searched: str = "") -> None:
    """Insert a new row. searched: the text of which PostgreSQL makes the column `words`."""
    run([_inserted(row, searched)])


def inserted(rows: Sequence[Model]) -> list[Written]:
    """Return what inserts new rows of one model, nothing for none."""
    return [_inserted(row, "") for row in rows]


def _inserted(row: Model, searched: str) -> Written:
    told = [name for name in _fields(type(row)) if name != "words"]
    values, places = _values(row, told), ["%s"] * len(told)
    if searched:
        told, values, places = [*told, "words"], [*values, searched], [*places, _VECTOR]
    statement = (
        f"insert into {row._meta.db_table} ({', '.join(told)})"  # noqa: S608, SLF001 our own columns
        f" values ({', '.join(places)})"
    )
    row._state.adding = False  # noqa: SLF001 as Django does after it has inserted a row
    return Written(statement=statement, values=values)


def rewrite(row: Model) -> None:
    """Write every column of a row that is there."""
    update(row, *(name for name in _fields(type(row)) if name != "id"))


def update(row: Model, *names: str, searched: str = "") -> None:
    """Write some columns of a row that is there; `searched` as for `insert`."""
    run([_updated(row, *_assigned(row, names, searched))])


def updated(row: Model, *names: str) -> Written:
    """Return what writes some columns of a row that is there."""
    return _updated(row, *_assigned(row, names, ""))


def _assigned(row: Model, names: Sequence[str], searched: str) -> tuple[list[str], list[Any]]:
    told, values = [f"{name} = %s" for name in names], _values(row, names)
    if searched:
        return [*told, f"words = {_VECTOR}"], [*values, searched]
    return told, values


def _updated(row: Model, told: Sequence[str], values: Sequence[Any]) -> Written:
    statement = f"update {row._meta.db_table} set {', '.join(told)} where id = %s"  # noqa: S608, SLF001 our own columns
    return Written(statement=statement, values=[*values, row.pk])


def run(parts: Sequence[Written]) -> None:
    """Run some statements in one way to PostgreSQL; no two may write the same row."""
    audit.write(parts)


def _values(row: Model, names: Iterable[str]) -> list[Any]:
    # The connection itself: `connection` looks for it at every question that a field asks of it.
    fields, here = _fields(type(row)), connections[connection.alias]
    return [fields[name].get_db_prep_save(getattr(row, name), here) for name in names]


@lru_cache
def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 public


@lru_cache(maxsize=512)
def version(id: UUID) -> ProcedureVersion:
    """Return a version of a procedure: it never changes, and is read once a process."""
    return ProcedureVersion.objects.defer(*LARGE).get(id=id)


def draft(id: UUID, *, actor: Actor, locked: bool = False) -> Draft | None:
    """Return a draft of the actor in this capacity; nobody else ever sees it."""
    if actor.person_id is None or actor.party_id is None or actor.kind == "official":
        return None
    # Who waited for the lock reads the row as the other left it.
    own = "where id = %s and person_id = %s and party_id = %s"
    tail = f"{own}{_FOR_UPDATE if locked else ''}"
    row = next(iter(read(Draft, tail, [id, actor.person_id, actor.party_id])), None)
    if row is not None:
        row.procedure = version(row.procedure_id)
        row.dossier = dossier(row.dossier_id) if row.dossier_id else None
    return row


def result(dossier: Dossier, *, locked: bool = False) -> Result | None:
    """Return the dossier's result, if it has one, under a lock of the transaction if asked."""
    tail = f"where dossier_id = %s{_FOR_UPDATE if locked else ''}"
    return next(iter(read(Result, tail, [dossier.id])), None)


def works(dossier: Dossier) -> list[Work]:
    """Return every step of the dossier as it stands now, in the order they came."""
    return works_of([dossier])


def works_of(dossiers: Sequence[Dossier]) -> list[Work]:
    """Return every step of some dossiers, in the order they came."""
    by_id = {row.id: row for row in dossiers}
    found = read(Work, "where dossier_id = any(%s) order by since_at, id", [list(by_id)])
    for work in found:
        work.dossier = by_id[work.dossier_id]
    return found


def know(dossiers: Sequence[Dossier]) -> None:
    """Have the steps and co-applicants of some dossiers in memory, where rights look for them."""
    if not dossiers:
        return
    steps, others = _by_dossier(works_of(dossiers)), _co_applicants(dossiers)
    for row in dossiers:
        _keep(row, "works", steps.get(row.id, ()))
        _keep(row, "co_applicants", others.get(row.id, ()))


class ListedDossier(NamedTuple):
    """What lines of lists show of a dossier, and what rights ask for, under the columns' names."""

    id: UUID
    procedure_id: UUID
    tracking_code: str
    dossier_code: str | None
    key: str
    channel: str
    version: int
    title: str
    applicant_name: str
    status: int
    person_id: UUID
    party_id: UUID
    subject_id: UUID | None
    agency_id: UUID
    received_agency_id: UUID | None
    signing_agency_id: UUID | None
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    due_source: str
    original_due_at: datetime | None
    paused_at: datetime | None
    paused_say: str
    finished_at: datetime | None
    due_steps: tuple[str, ...]
    procedure: ProcedureVersion


class ListedStep(NamedTuple):
    """What lists and rights ask for of a step; `done_at` says only whether it is done."""

    id: UUID | None
    dossier_id: UUID | None
    title: str
    role: str
    agency_id: UUID | None
    post_id: UUID | None = None
    done_at: bool | None = None


_LISTED: Final = (
    f"select {', '.join(ListedDossier._fields[:-1])} from procedures_dossier where id = any(%s)"  # noqa: S608 our own columns
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One dossier of a list, with every row beside it that rights may ask for."""

    dossier: ListedDossier
    works: Sequence[ListedStep]
    co_applicants: Sequence[CoApplicant] = ()


def listed(ids: Sequence[UUID]) -> list[Listed]:
    """Return dossiers for a list, in this order, with their steps in the order they came."""
    by_id = {row.id: row for row in _listed_dossiers(ids)}
    found = [by_id[id] for id in ids if id in by_id]
    steps, others = _by_dossier(_listed_steps(found)), _co_applicants(found)
    return [
        Listed(dossier=row, works=steps.get(row.id, ()), co_applicants=others.get(row.id, ()))
        for row in found
    ]


def _listed_dossiers(ids: Sequence[UUID]) -> list[ListedDossier]:
    if not ids:
        return []
    with audit.planned() as cursor:
        cursor.execute(_LISTED, [list(ids)])
        return [
            ListedDossier._make([*row, tuple(json.loads(reckoning)), version(row[1])])
            for *row, reckoning in cursor.fetchall()
        ]


def _listed_steps(dossiers: Sequence[ListedDossier]) -> list[ListedStep]:
    if not dossiers:
        return []
    with audit.planned() as cursor:
        cursor.execute(_STEPS, [[row.id for row in dossiers]])
        return [ListedStep(*step) for step in cursor.fetchall()]


def sieve(*, actor: Actor, act: str) -> Callable[[Listed], bool]:
    """Return the question whether the policy lets the actor do an act on dossiers of a list."""
    allows = access.sieve(actor=actor, act=act, policy=DOSSIERS)
    return lambda one: allows(one.dossier, {"works": one.works, "co_applicants": one.co_applicants})


def _co_applicants(dossiers: Sequence[Dossier | ListedDossier]) -> dict[UUID, list[Any]]:
    # Whose procedure knows no co-applicants has none.
    shared = [row.id for row in dossiers if declared.procedure(row.procedure).co_applicants]
    return _by_dossier(read(CoApplicant, "where dossier_id = any(%s)", [shared]) if shared else ())


def _by_dossier(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.dossier_id, []).append(row)
    return found


def known_works(dossier: Dossier) -> list[Work]:
    """Return the dossier's steps as they were read last, read now if they were not."""
    if "works" not in _memory(dossier):
        know([dossier])
    return sorted(dossier.works.all(), key=lambda work: (work.since_at, work.id))


def keep_works(dossier: Dossier, works: Iterable[Work]) -> None:
    """Have these steps in memory as those of the dossier: all of them, as they stand now."""
    _keep(dossier, "works", works)


def _keep(dossier: Dossier, relation: str, rows: Iterable[Model]) -> None:
    """Keep rows as Django keeps those that it fetched beforehand."""
    fetched: Any = getattr(dossier, relation).all()
    fetched._result_cache, fetched._prefetch_done = list(rows), True  # noqa: SLF001 no public door
    _memory(dossier)[relation] = fetched


def _memory(dossier: Dossier) -> dict[str, object]:
    if not hasattr(dossier, "_prefetched_objects_cache"):
        dossier._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # noqa: SLF001 no public door
    found: dict[str, object] = dossier._prefetched_objects_cache  # type: ignore[attr-defined]  # noqa: SLF001 no public door
    return found
