"""What follows a place in the order of a list, as conditions of SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cuaso.capabilities.registries.logic.seeing.statements import EVERYTHING, Part

Order = tuple[str, bool]


@dataclass(frozen=True, kw_only=True)
class Range:
    """A part of a list that goes before the next. `filled`: no row of it lacks the value of the
    first column, so that an index is read backwards for an order that goes down.
    """

    where: Part
    filled: bool = False


def ranges(
    after: Sequence[Any], orders: Sequence[Order], table: str, *, backwards: bool = False
) -> Iterator[Range]:
    """Yield what follows a cursor, in order: first the rows that share the most with it.

    backwards: the index of the first column is read from its end.
    """
    if not after:
        yield from _whole(orders[0][0], table) if backwards else (Range(where=EVERYTHING),)
        return
    for length in range(len(orders), 0, -1):
        (name, down), value = orders[length - 1], after[length - 1]
        if value is None:
            continue
        same = _same(after, orders, length - 1, table)
        column = f'"{table}"."{name}"'
        beyond = Part(text=f"{column} {'<' if down else '>'} %s", given=(value,))
        yield Range(where=same & beyond, filled=backwards and after[0] is not None)
        if name != "row_id":
            nothing = Part(text=f"{column} is null")
            yield Range(where=same & nothing, filled=backwards and length > 1)


def _whole(first: str, table: str) -> Iterator[Range]:
    yield Range(where=Part(text=f'"{table}"."{first}" is not null'), filled=True)
    yield Range(where=Part(text=f'"{table}"."{first}" is null'))


def _same(after: Sequence[Any], orders: Sequence[Order], length: int, table: str) -> Part:
    """Return the condition that a row has the same values as the cursor in the first columns."""
    same = EVERYTHING
    for (name, _), held in zip(orders[:length], after[:length], strict=True):
        column = f'"{table}"."{name}"'
        nothing = Part(text=f"{column} is null")
        same &= nothing if held is None else Part(text=f"{column} = %s", given=(held,))
    return same


def behind(after: Sequence[Any], orders: Sequence[Order]) -> Part:
    """Return what follows a cursor as one condition: as `ranges` has it."""
    ways = [one.where for one in ranges(after, orders, "few")]
    text = " or ".join(f"({way.text})" for way in ways)
    return Part(text=f"({text})", given=tuple(each for way in ways for each in way.given))
