"""The table of a registry for who reads by SQL: the same rows as in lists, no masked column."""

from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.definition import Statement
from cuaso.foundation.access import api as access

# Words for searching and the sources of values tell what masked fields hold.
_UNREADABLE = frozenset({"row_words", "row_sources"})
_READER = "cuaso_reader"


def guard(built: Built) -> Iterator[Statement]:
    """Yield what guards the table; nothing where the role that reads is not there."""
    if not access.has_reader():
        return
    for text in access.guard_statements(rights.policy_of_all(built)):
        # A statement that a policy made is whole: its braces are not places to fill.
        whole = sql.Composed([sql.SQL(text)])
        yield Statement(text=whole, say="quyền của cửa đọc bằng SQL")
    yield _columns(built)


def guard_tables() -> int:
    """Guard the table of every registry, run by the tables' owner; return how many."""
    every = list(sets.current()) if access.has_reader() else []
    for built in every:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in guard(built):
                cursor.execute(statement.text.as_string(None))
    return len(every)


def _columns(built: Built) -> Statement:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in readable(built))
    table, role = sql.Identifier(built.table), sql.Identifier(_READER)
    revoke = sql.SQL("revoke all on {} from {}").format(table, role)
    grant = sql.SQL("grant select ({}) on {} to {}").format(names, table, role)
    text = sql.SQL("{}; {}").format(revoke, grant)
    return Statement(text=text, say="các cột được đọc bằng SQL")


def readable(built: Built) -> tuple[str, ...]:
    """Return the columns that no mask covers: a role at this door has no post to lift one."""
    masked = {
        column.name
        for column in built.columns
        if rights.mask_of(built, column.path) or _hides_inside(built, column.path)
    }
    live = [str(field.column) for field in built.live._meta.fields]  # noqa: SLF001 Django's own documented door
    hidden = tuple(f"{name}_" for name in masked)
    open_ = (name for name in live if name not in masked and not name.startswith(hidden))
    return tuple(name for name in open_ if name not in _UNREADABLE)


def _hides_inside(built: Built, path: str) -> bool:
    return any(one.startswith(f"{path}.") for one in built.declared.masks)
