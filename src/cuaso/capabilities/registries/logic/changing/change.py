"""One change: the row that says who, when, why and from what, and under which rows may move."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import ProgrammingError, connection, transaction
from psycopg import errors, sql

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.storing import prepared
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.making import Making
from cuaso.capabilities.registries.models import Change
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Publication
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
# The triggers of the row that is written run when the statement ends, and are told by then.
_OPENING_WITH: Final = (f"{_HELD}, written as (", f") {_SHOWN}, sum from held, written")
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
    """Open a change of one record with the one statement that writes it; `write` returns that
    statement, which returns the row's sum, and its values. In the block the row stands written.

    The caller's own transaction must end with what is raised here. `ends`: that transaction has
    been begun by the caller, so that what triggers were told is over with it.
    """
    with transaction.atomic(savepoint=False):
        change = _begun(built, actor, act=act, reason=reason, source=source)
        change.records = 1
        outer, sum_ = _open_with(built, change, *write(change))
        yield change
        if not ends:
            with connection.cursor() as cursor:
                cursor.execute(_TELLING, [*outer])
        sum_of_all = hashlib.sha256(sum_.encode()).hexdigest()
        _write_down(built, change, actor=actor, sum=sum_of_all)


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
    return _opened(built, change, reshaped, (before, at))


def _open_with(
    built: Built, change: Change, statement: str, given: list[Any]
) -> tuple[tuple[str, str], str]:
    """Do what `_open` does and write the one row; return its sum too."""
    values, told = _values_of(built, change, change.records)
    whole = statement.join(_OPENING_WITH)
    try:
        reshaped, before, at, _, _, sum_ = prepared.ask(whole, [*values, *given, *told])
    except ProgrammingError as error:
        if isinstance(error.__cause__, errors.UndefinedColumn):
            raise _reshaped() from error
        raise
    return _opened(built, change, reshaped, (before, at)), sum_


def _opened(
    built: Built, change: Change, reshaped: int, before: tuple[str | None, str | None]
) -> tuple[str, str]:
    change._state.adding = False  # noqa: SLF001 Django's own documented door
    if reshaped != built.reshaped:
        raise _reshaped()
    was, at = before
    return was or "", at or ""


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
    content: dict[str, object] = {
        "registry": built.key,
        "act": change.act,
        "records": change.records,
        "origin": change.origin,
        "origin_id": change.origin_id,
    }
    audit.record(
        actor=actor,
        act="registries.changed",
        subject=Subject(kind="registries.change", id=change.id),
        content={**content, "sum": sum},
        reason=change.reason,
        publications=_told(built, content),
    )


def _told(built: Built, content: dict[str, object]) -> list[Publication]:
    """Return what is told of a change. Of sources alone the house takes something, at once; what
    nobody hears wakes nobody, and is settled many at a time.
    """
    changed = Publication(topic=CHANGED, payload=content, wakes=False)
    if built.declared.feeds is None:
        return [changed]
    return [changed, Publication(topic=SOURCE_CHANGED, payload=content)]


def after(row_since: datetime, change: Change) -> datetime:
    """Return the moment from which a row's new version holds: later than the version before it."""
    return max(change.at, row_since + TICK)
