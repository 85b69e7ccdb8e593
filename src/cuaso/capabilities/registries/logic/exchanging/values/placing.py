"""Puts typed values of a row into the columns of its table, with what stands beside them."""

from collections.abc import Callable
from typing import Any, Final

from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.kernel.text import sort_key

KEPT: Final = 20_000
Write = Callable[[dict[str, Any], Any], None]


def writer(column: Column) -> tuple[Column, Write]:
    """Return the column with what puts a typed value into its place."""
    name, beside = column.name, column.beside[0]
    if column.ordered:
        orders: dict[str, str] = {}

        def ordered(columns: dict[str, Any], value: Any) -> None:  # noqa: ANN401 a text or None
            columns[name] = value
            columns[beside] = order(value, orders) if value else None

        return column, ordered
    if is_plain(column):

        def plain(columns: dict[str, Any], value: Any) -> None:  # noqa: ANN401 a plain value
            columns[name] = value

        return column, plain

    def whole(columns: dict[str, Any], value: Any) -> None:  # noqa: ANN401 a value of any column
        columns.update(column.write(value if column.one is not None else value or []))

    return column, whole


def is_plain(column: Column) -> bool:
    """Say whether the column holds a typed value as it is."""
    return column.kind in ("text", "integer", "day", "yes_no", "moment") or column.kind.startswith(
        "number"
    )


def order(text: str, known: dict[str, str]) -> str:
    """As `sort_key` says, word by word: words of names come again and again."""
    keys = []
    for piece in text.split():
        key = known.get(piece)
        if key is None:
            if len(known) > KEPT:
                known.clear()
            key = known[piece] = sort_key(piece)
        if key:
            keys.append(key)
    return " ".join(keys)


def searched(built: Built) -> tuple[str, ...]:
    """Return the columns whose words are searched; what is masked for anybody is none of them."""
    hidden = set(built.declared.masks)
    return tuple(
        one.name
        for path in built.declared.searched
        for one in values.under(built, path)
        if one.kind in ("text", "integer", "reference")
        and not {one.path, one.path.partition(".")[0]} & hidden
    )
