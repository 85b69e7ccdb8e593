"""Fills the empty registries of a demonstration with invented records, one registry a turn.

A newcomer need not wait for it: the house serves meanwhile.
"""

from typing import Final

from django.conf import settings

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.actors import system
from cuaso.wiring.demonstration.place_points import around, borders

TELLER: Final = system("Dữ liệu minh hoạ")
_TRIED: Final[set[str]] = set()


def fill_next() -> int:
    """Fill the next registry that has no record; return how many records it got.

    Only in a demonstration. A registry is tried once in the life of a process; one that officials
    set up on the web is theirs to fill.
    """
    if settings.MODE != "demo":
        return 0
    for key in registries.keys_in_order():
        if key not in _TRIED and not key.startswith("local/"):
            _TRIED.add(key)
            filled = registries.fill_samples(
                actor=TELLER,
                key=key,
                only_empty=True,
                around=around(),
                borders=borders(),
            )
            if filled:
                return sum(filled.values())
    return 0
