"""One change: the row that says who, when, why and from what, and under which rows may move."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from psycopg import errors, sql

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.storing import prepared
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.making import Making
from cuaso.capabilities.registries.models import Change
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject

Statement = tuple[str, list[Any]]
TICK: Final = timedelta(microseconds=1)
CHANGED: Final = "registries.changed"
SOURCE_CHANGED: Final = "registries.source_changed"
FORM: Final = Source()
_MAKING: Final = Making(Change)
_COLUMNS: Final = (
    *("id", "registry_id", "version", "at", "act", "actor_kind", "actor_name", "person_id"),
    *("post_id", "agency_id", "reason", "origin", "origin_id", "undoes_id"),
)
# Every act opens and ends one: Django would think about this longer than PostgreSQL. The columns
# stay as they are until the transaction ends, and what triggers were told before is read first.
_PLACES: Final = ", ".join(["%s"] * len(_COLUMNS))
_HELD: Final = f"""
with held as materialized (
  select reshaped, current_setting('cuaso.change', true) as change,
    current_setting('cuaso.change_at', true) as at
  from registries_registry where id = %s for key share
), opened as (
  insert into registries_change (records, position, tx, {", ".join(_COLUMNS)})
  values (%s, registries_next_change(), registries_current_tx(), {_PLACES})
)"""  # noqa: S608 our own column names
_TOLD: Final = "set_config('cuaso.change', %s, true), set_config('cuaso.change_at', %s, true)"
_SHOWN: Final = f"select reshaped, change, at, {_TOLD}"
_OPENING: Final = f"{_HELD} {_SHOWN} from held"
# The triggers of the row that is written run when the statement ends, and are told by then. What
# was reshaped meanwhile fails by the name of a setting that there is not.
_RESHAPED: Final = "registries.reshaped"
_BEFORE: Final = "current_setting('cuaso.change', true) as change"
_STILL: Final = f"""case when reshaped = %s then current_setting('cuaso.change', true)
    else current_setting('{_RESHAPED}') end as change"""
_OPENING_WITH: Final = f"""{_HELD.replace(_BEFORE, _STILL)},
written as ({{}}),
summed as (select encode(sha256(convert_to(sum, 'UTF8')), 'hex') as sum from written)"""  # noqa: S608 our own column names
_SHOWN_WITH: Final = f"{_SHOWN}, sum from held, summed"
_TELLING: Final = f"select {_TOLD}"
_ENDING: Final = sql.SQL(
    "select encode(sha256(convert_to(coalesce("
    "string_agg(md5(r::text), '' order by row_id), ''), 'UTF8')), 'hex'),"
    " set_config('cuaso.change', %s, true), set_config('cuaso.change_at', %s, true)"
    " from {} r where row_change = %s"
)


@contextmanager
def changing(
    built: Built,
    *,
    actor: Actor,
    act: str,
    reason: str = "",
    source: Source = FORM,
    undoes: Change | None = None,
    records: int = 0,
    savepoint: bool = True,
) -> Iterator[Change]:
    """Open a change in a transaction of its own; triggers refuse rows that move outside one.

    A change may open another, of what it carries into other registries: then the outer goes on.
    When the block ends the ledger and the outbox hear of it; when it raises nothing has changed.
    `records` is how many the caller expects to write; without a `savepoint` the caller's own
    transaction must end with what is raised here.
    """
    with transaction.atomic(savepoint=savepoint):
        change = _begun(built, actor, act=act, reason=reason, source=source, undoes=undoes)
        outer = _open(built, change, records=records)
        yield change
        if change.records != records:
            change.save(update_fields=["records"])
        _write_down(built, change, actor=actor, sum=_end(built, change, outer))


@contextmanager
def changing_one(
    built: Built,
    *,
    actor: Actor,
    act: str,
    write: Callable[[Change], Statement],
    reason: str = "",
    source: Source = FORM,
    ends: bool = False,
) -> Iterator[Change]:
    """Write one record, its change and the entry of it in one statement; `write` returns what
    writes the row and returns its sum, and its values. In the block the row stands written.

    The caller's own transaction must end with what is raised here; there may be none where nothing
    is done in the block. `ends`: what triggers were told is over with the caller's transaction.
    """
    change = _begun(built, actor, act=act, reason=reason, source=source)
    change.records = 1
    statement, given = write(change)
    content, publications = _content(built, change), _told(built, change)
    together = not audit.gathers()
    entry = _entry(change, actor, content, publications) if together else ()
    outer, sum_ = _open_with(built, change, statement, given, entry)
    if together:
        audit.wake_for(publications)
    yield change
    if not ends:
        with connection.cursor() as cursor:
            cursor.execute(_TELLING, [*outer])
    if not together:
        _write_down(built, change, actor=actor, sum=sum_)


def _begun(
    built: Built,
    actor: Actor,
    *,
    act: str,
    reason: str,
    source: Source,
    undoes: Change | None = None,
) -> Change:
    return _MAKING.fresh(
        {
            "registry_id": built.id,
            "version": built.version,
            "at": clock.now(),
            "act": act,
            "actor_kind": actor.kind,
            "actor_name": actor.name,
            "person_id": actor.person_id,
            "post_id": actor.post_id,
            "agency_id": actor.agency_id,
            "reason": reason,
            "origin": source.kind,
            "origin_id": source.id,
            "undoes_id": undoes.id if undoes else None,
        }
    )


def _values_of(built: Built, change: Change, records: int) -> tuple[list[Any], tuple[str, str]]:
    """Return what opening a change writes, and what the triggers are told of it."""
    told = (str(change.id), change.at.isoformat())
    return [built.id, records, *(getattr(change, name) for name in _COLUMNS)], told


def _open(built: Built, change: Change, *, records: int) -> tuple[str, str]:
    """Write a change that begins, and tell the triggers of it; return what they were told before.

    Raises Conflict when a column has been turned or dropped since the caller read what the
    registry is.
    """
    values, told = _values_of(built, change, records)
    reshaped, before, at, *_ = prepared.ask(_OPENING, [*values, *told])
    change._state.adding = False  # noqa: SLF001 Django's own documented door
    if reshaped != built.reshaped:
        raise _reshaped()
    return before or "", at or ""


def _open_with(
    built: Built, change: Change, statement: str, given: list[Any], entry: Sequence[Written]
) -> tuple[tuple[str, str], str]:
    """Do what `_open` does, write the one row and the entry; return the sum of the record too."""
    values, told = _values_of(built, change, change.records)
    written = [value for one in entry for value in one.values]
    whole = _whole(statement, tuple(one.statement for one in entry))
    try:
        _, before, at, _, _, sum_ = prepared.ask(
            whole, [built.reshaped, *values, *given, *written, *told]
        )
    except DatabaseError as error:
        if _is_reshaped(error.__cause__):
            raise _reshaped() from error
        raise
    change._state.adding = False  # noqa: SLF001 Django's own documented door
    return (before or "", at or ""), sum_


@lru_cache(maxsize=1024)
def _whole(statement: str, entry: tuple[str, ...]) -> str:
    parts = "".join(f", part_{number} as ({one})" for number, one in enumerate(entry))
    return f"{_OPENING_WITH.format(statement)}{parts} {_SHOWN_WITH}"


def _is_reshaped(cause: BaseException | None) -> bool:
    return isinstance(cause, errors.UndefinedColumn) or (
        isinstance(cause, errors.UndefinedObject) and _RESHAPED in str(cause)
    )


def _reshaped() -> Conflict:
    return Conflict(
        code="registries.reshaped_meanwhile",
        what="Chưa ghi được, vì cấu trúc sổ vừa đổi.",
        why="Một ô của sổ vừa đổi kiểu hoặc vừa bị bỏ hẳn trong lúc đang nhập.",
        mend="Hãy tải lại trang rồi ghi lại.",
    )


def _end(built: Built, change: Change, outer: tuple[str, str]) -> str:
    """Tell the triggers again what they were told before; return SHA-256 over the rows of a change
    as they now stand, in order of their ids.

    The ledger holds this sum, so that a row changed behind the house's back can be shown.
    """
    statement = _ENDING.format(sql.Identifier(built.table)).as_string(None)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*outer, change.id])
        return str(cursor.fetchone()[0])


def _write_down(built: Built, change: Change, *, actor: Actor, sum: str) -> None:
    audit.record(
        actor=actor,
        act=CHANGED,
        subject=_subject(change),
        content={**_content(built, change), "sum": sum},
        reason=change.reason,
        publications=_told(built, change),
    )


def _entry(
    change: Change,
    actor: Actor,
    content: dict[str, object],
    publications: Sequence[Publication],
) -> Sequence[Written]:
    """Return what writes down a change whose sum PostgreSQL says."""
    return audit.completed(
        actor=actor,
        act=CHANGED,
        subject=_subject(change),
        content=content,
        late="sum",
        digits="sum",
        rows="summed",
        reason=change.reason,
        publications=publications,
    )


def _subject(change: Change) -> Subject:
    return Subject(kind="registries.change", id=change.id)


def _content(built: Built, change: Change) -> dict[str, object]:
    return {
        "registry": built.key,
        "act": change.act,
        "records": change.records,
        "origin": change.origin,
        "origin_id": change.origin_id,
    }


def _told(built: Built, change: Change) -> list[Publication]:
    """Return what is told of a change. Of sources alone the house takes something, at once."""
    content = _content(built, change)
    changed = Publication(topic=CHANGED, payload=content, heard=False)
    if built.declared.feeds is None:
        return [changed]
    return [changed, Publication(topic=SOURCE_CHANGED, payload=content)]


def after(row_since: datetime, change: Change) -> datetime:
    """Return the moment from which a row's new version holds: later than the version before it."""
    return max(change.at, row_since + TICK)
