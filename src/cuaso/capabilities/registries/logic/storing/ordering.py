"""In which orders the lists of a registry are read, and which records an order's index holds."""

from collections.abc import Iterable, Iterator, Mapping

from psycopg import sql

from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.conditions import condition_of
from cuaso.declarations.registry_views import ListOf

# A column and whether it goes down.
Way = tuple[str, bool]


def ways(built: Built) -> tuple[tuple[tuple[Way, ...], str], ...]:
    """Return the orders by which lists are read in an index, and the one list of each, "" for an
    index of all records.

    What only one list asks for, of records with some chosen values, is kept for those alone: every
    other new record then costs nothing.
    """
    return built.worked_out("ways", lambda: tuple(dict.fromkeys(_ways(built))))


def _ways(built: Built) -> Iterator[tuple[tuple[Way, ...], str]]:
    asking: dict[tuple[Way, ...], set[str]] = {}
    for name, shown in built.declared.lists.items():
        for way in _filtered(built, shown):
            asking.setdefault(way, set()).add(name)
    for name, shown in built.declared.lists.items():
        order = order_of(built, shown)
        yield order, ""
        whole = only(built, name) is None
        fixed = {column.name for path in shown.where for column in columns_at(built, path)}
        for way in _filtered(built, shown):
            if whole or len(asking[way]) > 1:
                yield way, ""
            else:
                yield (order if way[0][0] in fixed else way), name


def _filtered(built: Built, shown: ListOf) -> Iterator[tuple[Way, ...]]:
    """Yield the order of a list behind each field by which it is filtered."""
    for column in asked(built, shown):
        if column.kind in ("text", "yes_no", "reference", "day"):
            yield ((column.name, False), *order_of(built, shown))


def asked(built: Built, shown: ListOf) -> list[Column]:
    """Return the columns by which a list is narrowed: its quick filters and its condition."""
    return [one for path in (*shown.filters, *shown.where) for one in columns_at(built, path)]


def order_of(built: Built, shown: ListOf) -> tuple[Way, ...]:
    """Return the order of a list, without the id that ends it."""
    return tuple(order_column(built, path) for path in sorting(built, shown.sort))


def only(built: Built, name: str) -> sql.Composable | None:
    """Return the condition on the records of a list as an index can hold it, None where it is
    another than that choices are among some codes.
    """
    conditions = []
    for path, words in built.declared.lists[name].where.items():
        column = built.column(path)
        if column.kind != "text" or column.one is None:
            return None
        said = condition_of(column.one, words)
        if said.how != "any":
            return None
        codes = sql.SQL(", ").join(map(sql.Literal, said.values))
        conditions.append(sql.SQL("{} in ({})").format(sql.Identifier(column.name), codes))
    return sql.SQL(" and ").join(conditions) if conditions else None


def walked(built: Built, name: str) -> Mapping[Way, bool]:
    """Return the columns, and their ways up or down, with which the order of some index begins by
    which a list is read; True for those whose index is read backwards.
    """
    return built.worked_out(("walked", name), lambda: dict(_walked(built, name)))


def _walked(built: Built, name: str) -> Iterator[tuple[Way, bool]]:
    for path in built.declared.key:
        column, _ = order_column(built, path)
        yield from (((column, False), False), ((column, True), True))
    yield from ((way[0], False) for way, of in ways(built) if of in ("", name))


def sorting(built: Built, sort: Iterable[str]) -> tuple[str, ...]:
    """Return the declared order of a list, its record key when none is declared."""
    return tuple(sort) or tuple(built.declared.key)


def order_column(built: Built, path: str) -> tuple[str, bool]:
    """Return the column that orders by a path such as `-length`, and whether it goes down."""
    plain = path.removeprefix("-")
    column = columns_at(built, plain)[0]
    name = column.beside[0] if column.ordered else column.name
    return name, path.startswith("-")


def columns_at(built: Built, path: str) -> list[Column]:
    """Return the columns of a field: itself, or its parts."""
    return [
        column
        for column in built.columns
        if column.path == path or column.path.startswith(f"{path}.")
    ]
