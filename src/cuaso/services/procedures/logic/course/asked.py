"""What an act asks for, read together: who left out two things is told of both at once."""

from collections.abc import Callable
from typing import TypeVar

from cuaso.kernel.errors import Invalid

First = TypeVar("First")
Second = TypeVar("Second")


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Return what two readings give; raise Invalid with the problems of both."""
    refusals: list[Invalid] = []
    found_first = _read(first, refusals)
    found_second = _read(second, refusals)
    if found_first is None or found_second is None:
        raise _together(refusals)
    return found_first, found_second


Found = TypeVar("Found")


def _read(reading: Callable[[], Found], refusals: list[Invalid]) -> Found | None:
    try:
        return reading()
    except Invalid as refusal:
        refusals.append(refusal)
        return None


def _together(refusals: list[Invalid]) -> Invalid:
    if len(refusals) == 1:
        return refusals[0]
    return Invalid(
        code=refusals[0].code,
        what=refusals[0].what,
        mend="Hãy điền các mục được chỉ ra.",
        problems=tuple(problem for one in refusals for problem in one.problems),
    )
