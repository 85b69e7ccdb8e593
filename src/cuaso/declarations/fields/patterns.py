"""Which patterns a field may declare: those whose reading ends in a time known beforehand.

Python's `re` goes back over a text to try other ways of reading it. Here the ways are counted
before a pattern is accepted, so that no text of the field's length can keep it busy.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

# The stdlib's own reader of patterns, which has no types.
said: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

MOST_WAYS: Final = 10_000_000
_MANY: Final = MOST_WAYS + 1
_REPEATS: Final = frozenset({said.MAX_REPEAT, said.MIN_REPEAT, said.POSSESSIVE_REPEAT})
_BACKWARD: Final = frozenset({said.GROUPREF, said.GROUPREF_EXISTS, said.ASSERT, said.ASSERT_NOT})
Parsed = Iterable[tuple[Any, Any]]


@lru_cache(maxsize=1024)
def fault_of(pattern: str, *, longest: int) -> str:
    """Say what is wrong with a pattern for texts of at most `longest` letters, "" for nothing."""
    try:
        parsed = parser.parse(pattern)
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return "Không đọc được mẫu này."
    if any(op in _BACKWARD for op, _ in _walk(parsed)):
        return "Mẫu nhìn trước, nhìn sau hoặc nhắc lại một nhóm, nên không biết trước chạy bao lâu."
    if _ways(parsed, longest) > MOST_WAYS:
        return "Mẫu lặp chồng lên nhau, nên có chữ làm nó chạy mãi không xong."
    return ""


def _walk(parsed: Parsed) -> Iterator[tuple[Any, Any]]:
    for op, given in parsed:
        yield op, given
        for inner in _inside(op, given):
            yield from _walk(inner)


def _inside(op: Any, given: Any) -> list[Any]:  # noqa: ANN401 the reader's own
    if op in _REPEATS:
        return [given[2]]
    if op is said.SUBPATTERN:
        return [given[3]]
    if op is said.ATOMIC_GROUP:
        return [given]
    return list(given[1]) if op is said.BRANCH else []


def _ways(parsed: Parsed, longest: int) -> int:
    """Return in how many ways a text may be read at most; never more than `_MANY`."""
    ways = 1
    for op, given in parsed:
        inner = [_ways(one, longest) for one in _inside(op, given)]
        if op in _REPEATS:
            ways *= _repeated(given[0], given[1], inner[0], longest)
        else:
            ways *= sum(inner) if inner else 1
        ways = min(ways, _MANY)
    return ways


def _repeated(least: int, most: int, inner: int, longest: int) -> int:
    most = min(int(most), longest)
    ends = max(most - least, 0) + 1
    if inner == 1:
        return ends
    return _MANY if most > 24 else min(ends * inner**most, _MANY)  # noqa: PLR2004 2 ** 24 is many
