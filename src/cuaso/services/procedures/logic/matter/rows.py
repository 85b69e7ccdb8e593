"""Rows that every act reads, each in one question: Django would think longer than PostgreSQL."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Model

from cuaso.kernel.actors import Actor
from cuaso.services.procedures.act_models import CoApplicant
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import LARGE, Dossier, Draft, ProcedureVersion, Result, Work

# The search vector never passes through a row in memory: PostgreSQL makes it of a text.
_VECTOR: Final = "to_tsvector('simple', %s)"
_WRITTEN: Final = tuple(
    field.attname
    for field in Dossier._meta.concrete_fields  # noqa: SLF001 Django documents _meta as public
    if field.name not in ("id", "words")
)
_COLUMNS: Final = ", ".join(("id", *_WRITTEN))
_BY_ID: Final = f"select {_COLUMNS} from procedures_dossier where id = %s"  # noqa: S608 our own columns
_LOCKED: Final = f"{_BY_ID} for update"
_BY_CODE: Final = (
    f"select {_COLUMNS} from procedures_dossier where tracking_code = %s or dossier_code = %s"  # noqa: S608 our own columns
)
_WORKS: Final = "select * from procedures_work where dossier_id = any(%s) order by since_at, id"
_BESIDE: Final = "select * from procedures_coapplicant where dossier_id = %s"
_DRAFT: Final = """
select * from procedures_draft where id = %s and person_id = %s and party_id = %s
"""
_RESULT: Final = "select * from procedures_result where dossier_id = %s"


def dossier(id: UUID, *, locked: bool = False) -> Dossier | None:
    """Return a dossier with its procedure, and under a lock of the transaction if asked."""
    return _one(_LOCKED if locked else _BY_ID, [id])


def required(id: UUID) -> Dossier:
    """Return a dossier that must be there, with its procedure."""
    found = dossier(id)
    if found is None:
        message = f"no dossier {id}"
        raise LookupError(message)
    return found


def dossier_by_code(code: str) -> Dossier | None:
    """Return the dossier of a tracking code or a legal code, with its procedure."""
    return _one(_BY_CODE, [code, code])


def _one(statement: str, params: Sequence[Any]) -> Dossier | None:
    row = next(iter(Dossier.objects.raw(statement, params)), None)
    if row is not None:
        row.procedure = version(row.procedure_id)
    return row


def write(dossier: Dossier, *, searched: str = "") -> None:
    """Write the whole row of a locked dossier; what was known beside it is read anew.

    searched: the new text by which it is found, if that changed.
    """
    update(dossier, *_WRITTEN, searched=searched)
    _memory(dossier).clear()


def insert(row: Model, *, searched: str = "") -> None:
    """Insert a new row. searched: the text of which PostgreSQL makes the column `words`."""
    told = [name for name in _fields(type(row)) if name != "words"]
    values, places = _values(row, told), ["%s"] * len(told)
    if searched:
        told, values, places = [*told, "words"], [*values, searched], [*places, _VECTOR]
    statement = (
        f"insert into {row._meta.db_table} ({', '.join(told)})"  # noqa: S608, SLF001 our own columns
        f" values ({', '.join(places)})"
    )
    _execute(statement, values)
    row._state.adding = False  # noqa: SLF001 as Django does after it has inserted a row


def rewrite(row: Model) -> None:
    """Write every column of a row that is there."""
    update(row, *(name for name in _fields(type(row)) if name != "id"))


def update(row: Model, *names: str, searched: str = "") -> None:
    """Write some columns of a row that is there; `searched` as for `insert`."""
    told, values = [f"{name} = %s" for name in names], _values(row, names)
    if searched:
        told, values = [*told, f"words = {_VECTOR}"], [*values, searched]
    statement = f"update {row._meta.db_table} set {', '.join(told)} where id = %s"  # noqa: S608, SLF001 our own columns
    _execute(statement, [*values, row.pk])


def _execute(statement: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _values(row: Model, names: Iterable[str]) -> list[Any]:
    fields = _fields(type(row))
    return [fields[name].get_db_prep_save(getattr(row, name), connection) for name in names]


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
    statement = f"{_DRAFT} for update" if locked else _DRAFT
    found = Draft.objects.raw(statement, [id, actor.person_id, actor.party_id])
    row = next(iter(found), None)
    if row is not None:
        row.procedure = version(row.procedure_id)
        row.dossier = dossier(row.dossier_id) if row.dossier_id else None
    return row


def result(dossier: Dossier, *, locked: bool = False) -> Result | None:
    """Return the dossier's result, if it has one, under a lock of the transaction if asked."""
    statement = f"{_RESULT} for update" if locked else _RESULT
    return next(iter(Result.objects.raw(statement, [dossier.id])), None)


def works(dossier: Dossier) -> list[Work]:
    """Return every step of the dossier as it stands now, in the order they came."""
    return works_of([dossier])


def works_of(dossiers: Sequence[Dossier]) -> list[Work]:
    """Return every step of some dossiers, in the order they came."""
    by_id = {row.id: row for row in dossiers}
    found = list(Work.objects.raw(_WORKS, [list(by_id)]))
    for work in found:
        work.dossier = by_id[work.dossier_id]
    return found


def know(dossiers: Sequence[Dossier]) -> None:
    """Have the steps and co-applicants of some dossiers in memory, where rights look for them."""
    steps = works_of(dossiers)
    for row in dossiers:
        _keep(row, "works", [work for work in steps if work.dossier_id == row.id])
        # Whose procedure knows no co-applicants has none.
        beside = declared.procedure(row.procedure).co_applicants
        found = CoApplicant.objects.raw(_BESIDE, [row.id]) if beside else ()
        _keep(row, "co_applicants", found)


def known_works(dossier: Dossier) -> list[Work]:
    """Return the dossier's steps as they were read last, read now if they were not."""
    if "works" not in _memory(dossier):
        know([dossier])
    return sorted(dossier.works.all(), key=lambda work: (work.since_at, work.id))


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
