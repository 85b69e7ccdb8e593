"""One change: the row that says who, when, why and from what, and under which rows may move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Change
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject

TICK: Final = timedelta(microseconds=1)
FORM: Final = Source()
_SHAPE: Final = (
    "select reshaped, current_setting('cuaso.change', true), current_setting('cuaso.change_at',"
    " true) from registries_registry where id = %s for key share"
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
) -> Iterator[Change]:
    """Open a change in a transaction of its own; triggers refuse rows that move outside one.

    A change may open another, of what it carries into other registries: then the outer goes on.
    When the block ends the ledger and the outbox hear of it; when it raises nothing has changed.
    """
    with transaction.atomic():
        outer = _hold_shape(built)
        change = Change.objects.create(
            registry_id=built.id,
            version=built.version,
            at=clock.now(),
            act=act,
            actor_kind=actor.kind,
            actor_name=actor.name,
            person_id=actor.person_id,
            post_id=actor.post_id,
            agency_id=actor.agency_id,
            reason=reason,
            origin=source.kind,
            origin_id=source.id,
            undoes=undoes,
        )
        _tell_triggers(str(change.id), change.at.isoformat())
        yield change
        change.save(update_fields=["records"])
        _tell_triggers(*outer)
        _write_down(built, change, actor=actor)


def _hold_shape(built: Built) -> tuple[str, str]:
    """Keep the columns as they are until this transaction ends, and return what the triggers are
    told now; raise Conflict when a column has been turned or dropped since the caller read what
    the registry is.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHAPE, [built.id])
        reshaped, change, at = cursor.fetchone()
    if reshaped != built.reshaped:
        raise Conflict(
            code="registries.reshaped_meanwhile",
            what="Chưa ghi được, vì cấu trúc sổ vừa đổi.",
            why="Một ô của sổ vừa đổi kiểu hoặc vừa bị bỏ hẳn trong lúc ông/bà đang nhập.",
            mend="Hãy tải lại trang rồi ghi lại.",
        )
    return change or "", at or ""


def _tell_triggers(change: str, at: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('cuaso.change', %s, true), set_config('cuaso.change_at', %s, true)",
            [change, at],
        )


def _write_down(built: Built, change: Change, *, actor: Actor) -> None:
    about = Subject(kind="registries.change", id=change.id)
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
        subject=about,
        content={**content, "sum": _sum(built, change)},
        reason=change.reason,
    )
    audit.publish(topic="registries.changed", subject=about, payload=content)


def _sum(built: Built, change: Change) -> str:
    """Return SHA-256 over the rows of a change as they now stand, in order of their ids.

    The ledger holds this sum, so that a row changed behind the house's back can be shown.
    """
    statement = sql.SQL(
        "select encode(sha256(convert_to(coalesce("
        "string_agg(md5(r::text), '' order by row_id), ''), 'UTF8')), 'hex')"
        " from {} r where row_change = %s"
    ).format(sql.Identifier(built.table))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), [change.id])
        return str(cursor.fetchone()[0])


def after(row_since: datetime, change: Change) -> datetime:
    """Return the moment from which a row's new version holds: later than the version before it."""
    return max(change.at, row_since + TICK)
