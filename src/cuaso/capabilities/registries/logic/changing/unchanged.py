"""Gives back what one change did to records that nobody has touched since, in two statements."""

from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from cuaso.capabilities.registries.logic.changing import rows
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import definition
from cuaso.capabilities.registries.logic.storing.building import Built, Row, past_of
from cuaso.capabilities.registries.models import Change
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed

_NEXT: Final = """
  row_revision = l.row_revision + 1, row_change = %(now)s,
  row_since = greatest(%(at)s, l.row_since + interval '1 microsecond')
"""
# Just after a large sheet nothing has counted the rows yet: a plan for few would take hours.
_FOR_MANY: Final = "select set_config('enable_nestloop', 'off', true)"
_AS_EVER: Final = "select set_config('enable_nestloop', 'on', true)"
_ADDED: Final = """
update {live} l set row_gone = %(at)s, {next} where l.row_change = %(change)s
and l.row_id not in (select row_id from {past} where row_ended = %(change)s)
"""
_CHANGED: Final = """
update {live} l set {columns}, {next} from {past} p
where l.row_change = %(change)s and p.row_id = l.row_id and p.row_ended = %(change)s
"""


def give_back(built: Built, change: Change, now: Change, *, actor: Actor) -> int:
    """Bin what the change added, give back what it changed; return how many records.

    Raises NotAllowed when the actor may not change one of them, Conflict when a key that comes
    back has been given to another record.
    """
    _require(built, change, actor)
    given: dict[str, Any] = {"change": change.id, "now": now.id, "at": now.at}
    names = [*definition.stored_names(built), "row_words", "row_gone", "row_agency"]
    columns = sql.SQL(", ").join(sql.SQL("{0} = p.{0}").format(sql.Identifier(n)) for n in names)
    parts = {
        "live": sql.Identifier(built.table),
        "past": sql.Identifier(past_of(built.table)),
        "next": sql.SQL(_NEXT),
        "columns": columns,
    }
    back = 0
    with rows.unique(built), connection.cursor() as cursor:
        cursor.execute(_FOR_MANY)
        for statement in (_CHANGED, _ADDED):
            cursor.execute(sql.SQL(statement).format(**parts).as_string(None), given)
            back += cursor.rowcount
        cursor.execute(_AS_EVER)
    return back


def _require(built: Built, change: Change, actor: Actor) -> None:
    theirs: QuerySet[Row] = built.live.objects.filter(row_change=change.id)
    policy = rights.policy(built, actor)
    may = access.visible(actor=actor, act="change", queryset=theirs, policy=policy)
    if may.count() != theirs.count():
        raise not_allowed()


def not_allowed() -> NotAllowed:
    return NotAllowed(
        code="registries.not_allowed",
        what="Chưa có quyền hoàn tác lần ghi này.",
        why="Trong đó có bản ghi ngoài quyền sửa của tài khoản này.",
        mend="Hãy nhờ cơ quan chủ quản của sổ.",
    )
