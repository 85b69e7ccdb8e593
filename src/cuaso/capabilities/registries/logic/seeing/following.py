"""What follows a place in the order of a list: as ranges for Django, and as words of SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

Order = tuple[str, bool]


def ranges(after: Sequence[Any], orders: Sequence[Order]) -> Iterator[Q]:
    """Yield what follows a cursor, as ranges in order: first the rows that share the most."""
    if not after:
        yield Q()
        return
    for length in range(len(orders), 0, -1):
        (name, down), value = orders[length - 1], after[length - 1]
        same = Q()
        for (before, _), held in zip(orders[: length - 1], after[: length - 1], strict=True):
            same &= Q(**{f"{before}__isnull": True}) if held is None else Q(**{before: held})
        if value is not None:
            yield same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
            if name != "row_id":
                yield same & Q(**{f"{name}__isnull": True})


def spelled(after: Sequence[Any], orders: Sequence[Order]) -> tuple[str, list[Any]]:
    """Return what follows a cursor as a condition of SQL, and its values: as `ranges` has it."""
    ways: list[str] = []
    values: list[Any] = []
    for length in range(len(orders), 0, -1):
        (name, down), value = orders[length - 1], after[length - 1]
        if value is None:
            continue
        before = list(zip(orders[: length - 1], after[: length - 1], strict=True))
        same = [
            f'"{one}" is null' if held is None else f'"{one}" = %s' for (one, _), held in before
        ]
        nothing = "" if name == "row_id" else f' or "{name}" is null'
        follows = f'("{name}" {"<" if down else ">"} %s{nothing})'
        ways.append(" and ".join([*same, follows]))
        values += [*(held for _, held in before if held is not None), value]
    return " or ".join(f"({way})" for way in ways), values
