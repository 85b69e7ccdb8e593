"""Statements that make and widen the tables of a registry. Each looks first and may be repeated."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from cuaso.capabilities.registries.logic.storing import trigger_text
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.logic.storing.ordering import (
    Way,
    asked,
    columns_at,
    only,
    order_of,
    ways,
)

_TYPES: Final = {
    "text": "text",
    "order": 'text collate "C"',
    "reference": "text",
    "integer": "bigint",
    "day": "date",
    "moment": "timestamptz",
    "yes_no": "boolean",
    "uuid": "uuid",
    "text[]": "text[]",
    "uuid[]": "uuid[]",
    "json": "jsonb",
}
# What a list of an agency is narrowed by in its index: values of a few letters, of so many fields.
_SHORT: Final = frozenset({"yes_no", "day"})
_CHOSEN: Final = frozenset({"choice", "place"})
MOST_NARROWING: Final = 12
_SYSTEM: Final = """
  row_id uuid KEY, row_agency uuid not null, row_revision integer not null default 1,
  row_change uuid not null, row_since timestamptz not null, row_gone timestamptz,
  row_words tsvector not null default '', row_sources jsonb not null default '{{}}'
"""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. `alone` must run outside a transaction, since it is built concurrently."""

    text: sql.Composed
    say: str
    alone: bool = False
    index: str = ""


def type_of(kind: str) -> str:
    """Return the PostgreSQL type of a kind of column."""
    if kind.startswith("number"):
        return f"numeric(24, {kind[len('number(') : -1]})"
    return _TYPES[kind]


def tables(
    built: Built, there: Mapping[str, frozenset[str]], *, free: Iterable[str] = ()
) -> Iterator[Statement]:
    """Yield what makes the two tables, the columns not yet there, and their triggers.

    `free` are columns that may be filled in without a change until the triggers are made anew.
    """
    live, past = built.table, past_of(built.table)
    head = "create table if not exists {} (" + _SYSTEM
    yield _say(head.replace("KEY", "primary key") + ")", "bảng hiện hành", live)
    tail = (
        ", row_version bigserial primary key, row_until timestamptz not null,"
        " row_ended uuid not null)"
    )
    yield _say(head.replace("KEY", "not null") + tail, "bảng lịch sử", past)
    for table in (live, past):
        here = there.get(table, frozenset())
        for column in built.columns:
            yield from _columns(table, column, here)
    yield from triggers(built, there, free=free)


def _columns(table: str, column: Column, there: frozenset[str]) -> Iterator[Statement]:
    kinds = {column.name: column.kind, column.beside[0]: column.beside[1]}
    for name, kind in kinds.items():
        if name and name not in there:
            adding = "alter table {} add column if not exists {} " + type_of(kind)
            yield _say(adding, f"cột {name}", table, name)


def rights(built: Built) -> Iterator[Statement]:
    """Yield what the app role may do: work on records, read history, never empty a table."""
    live, past = built.table, past_of(built.table)
    text = (
        "do $$ begin if exists (select 1 from pg_roles where rolname = 'cuaso_app') then"
        " grant select, insert, update, delete on {} to cuaso_app;"
        " grant select on {} to cuaso_app; end if; end $$"
    )
    yield _say(text, "quyền của tiến trình", live, past)


def indexes(built: Built) -> Iterator[Statement]:
    """Yield the indexes: the key, what lists sort and filter by, words, the change of a row."""
    live, past = built.table, past_of(built.table)
    key = [column for path in built.declared.key for column in columns_at(built, path)]
    yield _index(live, "key", [sql.Identifier(one.name) for one in key], unique=True)
    yield from (index for _, index in alone(built))
    plain = "create index concurrently if not exists {} on {} "
    for table in (live, past):
        yield _named(table, "change", plain + "(row_change)")
        yield _named(table, "words", plain + "using gin (row_words)")
    yield from _asked_alone(built)
    yield from _asked_of_days(built)
    yield from _asked_of_maps(built)
    yield _named(past, "record", plain + "(row_id, row_until)")
    yield _named(past, "ended", plain + "(row_ended, row_id)")
    for parts, name in _sorts(built):
        held = only(built, name) if name else None
        yield _index(live, "list", parts, only=held)
        yield _index(past, "list", parts, only=held)


def _asked_alone(built: Built) -> Iterator[Statement]:
    """Yield the indexes of what the public verifies by, the bin too, and of one's own records."""
    declared = built.declared
    if declared.verify is not None:
        column = built.column(declared.verify.by[0])
        yield _named(
            built.table, "verify", "create index concurrently if not exists {} on {} ", column.name
        )
    persons = {built.person_column(right.person).name for right in declared.rights if right.person}
    yield from (_index(built.table, "person", [sql.Identifier(one)]) for one in sorted(persons))


def _asked_of_days(built: Built) -> Iterator[Statement]:
    """Yield the indexes of the bin, of a day in the past where few records are of it, and of the
    days of calendars.
    """
    live, past = built.table, past_of(built.table)
    plain = "create index concurrently if not exists {} on {} "
    yield _named(live, "bin", plain + "(row_gone, row_id) where row_gone is not null")
    yield _named(live, "since", plain + "(row_since)")
    yield _named(past, "since", plain + "(row_since)")
    yield _named(past, "until", plain + "(row_until)")
    days = {one.name for shown in built.declared.calendars.values()
            for one in columns_at(built, shown.day)}  # fmt: skip
    for name in sorted(days):
        day = [sql.Identifier(name), sql.SQL("row_id")]
        yield _index(live, "day", day)
        yield _index(live, "day", [sql.SQL("row_agency"), *day])


def spot(column: Column, table: str = "") -> str:
    """Return a drawn point as PostgreSQL's own point in degrees, which it finds by an index; the
    same words make the index and ask for it.
    """
    name = f'"{table}"."{column.name}"' if table else f'"{column.name}"'
    parts = (f"({name} #>> '{{geometry,coordinates,{at}}}')::double precision" for at in (0, 1))
    return f"point({', '.join(parts)})"


def _asked_of_maps(built: Built) -> Iterator[Statement]:
    """Yield the indexes of drawn points, by which a square of a map is read."""
    at = {shown.at for shown in built.declared.maps.values() if shown.at}
    for path in sorted(at):
        column = built.column(path)
        if column.kind == "json" and column.one is not None and column.one.type == "point":
            yield _named(
                built.table,
                f"at_{hashlib.sha256(column.name.encode()).hexdigest()[:8]}",
                "create index concurrently if not exists {} on {} using gist"
                f" (({spot(column).replace('{', '{{').replace('}', '}}')})) where row_gone is null",
            )


def alone(built: Built) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """Yield the fields that no two records in force share, each set with its index."""
    for paths in built.declared.alone:
        columns = (column for path in paths for column in columns_at(built, path))
        names: list[sql.Composable] = [sql.Identifier(one.name) for one in columns]
        yield paths, _index(built.table, "unique", names, unique=True)


def stale_indexes(built: Built, there: Iterable[str]) -> Iterator[Statement]:
    """Yield what drops the indexes that a version has no use for: an old key is free again."""
    wanted = {one.index for one in indexes(built)}
    for name in sorted(set(there) - wanted):
        text = sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(name))
        yield Statement(text=sql.Composed([text]), say=f"bỏ chỉ mục {name}", alone=True, index=name)


def _sorts(built: Built) -> Iterator[tuple[list[sql.Composable], str]]:
    """Yield index expressions, and the one list whose records alone they hold, "" for all records.

    These are each list's order; the same by agency, and by each quick filter. That by agency goes
    on with what the lists of this order are filtered by: PostgreSQL then looks at all that an
    agency keeps in the index alone, and counts there.
    """
    for way, name in ways(built):
        yield [*map(_directed, way), sql.SQL("row_id")], name
    narrowing: dict[tuple[Way, ...], list[sql.Composable]] = {}
    for shown in built.declared.lists.values():
        order = order_of(built, shown)
        narrowing.setdefault(order, []).extend(_narrowing(asked(built, shown)))
    for order, narrow in narrowing.items():
        parts = [*map(_directed, order)]
        asked_by = {str(one): one for one in narrow if one not in parts}
        most = [*asked_by.values()][:MOST_NARROWING]
        yield [sql.SQL("row_agency"), *parts, sql.SQL("row_id"), *most], ""


def _narrowing(columns: Iterable[Column]) -> Iterator[sql.Composable]:
    """Yield the columns whose values are short in every record: an entry of an index is small."""
    for one in columns:
        if one.kind in _SHORT or _chosen(one):
            yield sql.Identifier(one.name)


def _chosen(column: Column) -> bool:
    return column.kind == "text" and column.one is not None and column.one.type in _CHOSEN


def _directed(way: Way) -> sql.Composable:
    name, down = way
    return sql.SQL("{} desc nulls last" if down else "{}").format(sql.Identifier(name))


def _index(
    table: str,
    use: str,
    parts: list[sql.Composable],
    *,
    unique: bool = False,
    only: sql.Composable | None = None,
) -> Statement:
    listed = sql.SQL(", ").join(parts)
    kind = "create unique index" if unique else "create index"
    held = sql.SQL(" and {}").format(only) if only is not None else sql.SQL("")
    text = sql.SQL(kind + " concurrently if not exists {} on {} ({}) where row_gone is null{}")
    drawn = hashlib.sha256((listed + held).as_string(None).encode()).hexdigest()[:8]
    name = f"{table}_{use}_{drawn}"[-63:]
    composed = text.format(sql.Identifier(name), sql.Identifier(table), listed, held)
    return Statement(text=composed, say=f"chỉ mục {name}", alone=True, index=name)


def _named(table: str, use: str, text: str, *columns: str) -> Statement:
    name = f"{table}_{use}"
    named = sql.SQL(", ").join(sql.Identifier(one) for one in columns)
    listed = sql.SQL("({})").format(named) if columns else sql.SQL("")
    composed = sql.SQL(text).format(sql.Identifier(name), sql.Identifier(table)) + listed
    return Statement(text=composed, say=f"chỉ mục {name}", alone=True, index=name)


def _say(text: str, say: str, *names: str) -> Statement:
    composed = sql.SQL(text).format(*(sql.Identifier(name) for name in names))
    return Statement(text=composed, say=say)


_SYSTEM_NAMES: Final = (
    "row_id", "row_agency", "row_revision", "row_change", "row_since", "row_gone", "row_words",
    "row_sources",
)  # fmt: skip
_PAST_NAMES: Final = ("row_version", "row_until", "row_ended")
_EVENTS: Final = (
    ("insert", trigger_text.ON_INSERT, "referencing new table as new_rows"),
    ("update", trigger_text.ON_UPDATE, "referencing old table as old_rows new table as new_rows"),
    ("delete", trigger_text.ON_DELETE, "referencing old table as old_rows"),
)


def triggers(
    built: Built, there: Mapping[str, frozenset[str]], *, free: Iterable[str] = ()
) -> Iterator[Statement]:
    """Yield the functions and triggers that keep history: one a statement, for each event.

    What rests in the bin is kept in the history too, as long as it is `there` in both tables.
    """
    live, past = built.table, past_of(built.table)
    own = [*_SYSTEM_NAMES, *stored_names(built)]
    both = there.get(live, frozenset()) & there.get(past, frozenset())
    names = [*own, *sorted(both - {*own, *_PAST_NAMES})]
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    old = sql.SQL(", ").join(sql.SQL("o.") + sql.Identifier(name) for name in names)
    parts = {"past": sql.Identifier(past), "columns": listed, "old": old}
    for event, body, seen in _EVENTS:
        function = f"{live}_on_{event}"
        filled = sql.SQL(body).format(**parts) if "{" in body else sql.SQL(body)
        first = _rederiving(built, names, free) if event == "update" else sql.SQL("")
        making = sql.SQL(trigger_text.KEEP).format(
            function=sql.Identifier(function), first=first, body=filled
        )
        yield Statement(text=sql.Composed([making]), say=f"hàm {function}")
        yield _trigger(live, function, f"after {event}", seen)
    guard = f"{live}_on_truncate"
    making = sql.SQL(trigger_text.KEEP).format(
        function=sql.Identifier(guard), first=sql.SQL(""), body=sql.SQL("")
    )
    yield Statement(text=sql.Composed([making]), say=f"hàm {guard}")
    for table in (live, past):
        yield _trigger(table, guard, "before truncate", "")


def _rederiving(built: Built, names: Iterable[str], free: Iterable[str]) -> sql.Composable:
    derived = {"row_words", *(column.beside[0] for column in built.columns if column.ordered)}
    kept = [name for name in names if name not in derived | {*free}]

    def listed(side: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.SQL(side) + sql.Identifier(name) for name in kept)

    return sql.SQL(trigger_text.ON_REDERIVE).format(
        kept_before=listed("o."), kept_after=listed("n.")
    )


def stored_names(built: Built) -> list[str]:
    """Return the names of the data columns of both tables, order columns among them."""
    twins = (one.column for one in built.standing_twins)
    return [name for column in (*built.columns, *twins) for name in column.names]


def droppings(
    built: Built, there: Mapping[str, frozenset[str]], table: str, names: Iterable[str]
) -> Iterator[Statement]:
    """Yield what drops columns of one table: the triggers let go of them first."""
    gone = frozenset(names)
    left = {name: here - gone for name, here in there.items()}
    yield from triggers(built, left)
    for name in sorted(gone & there[table]):
        yield _say("alter table {} drop column if exists {}", f"bỏ cột {name}", table, name)


def record_table_gone(built: Built) -> Iterator[Statement]:
    """Yield what drops the table of the records; that of their history stays guarded."""
    yield table_gone(built.table)
    for event, _, _ in _EVENTS:
        function = f"{built.table}_on_{event}"
        yield _say("drop function if exists {}", f"bỏ hàm {function}", function)


def table_gone(table: str) -> Statement:
    """Return what drops a whole table."""
    return _say("drop table if exists {}", f"bỏ bảng {table}", table)


def _trigger(table: str, function: str, event: str, seen: str) -> Statement:
    text = (
        "create or replace trigger {} "
        + event
        + " on {} "
        + seen
        + " for each statement execute function {}()"
    )
    return _say(text, f"trigger {function}", function, table, function)
