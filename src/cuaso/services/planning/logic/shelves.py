"""Registries on shelves: each under the title of its sector, else beside its owner's others."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from cuaso.kernel.text import sort_key
from cuaso.services.planning.logic.sheets import sector_titles


class Card(Protocol):
    """What is known of a registry on a shelf."""

    @property
    def pack(self) -> str: ...

    @property
    def owner_name(self) -> str: ...


CardT = TypeVar("CardT", bound=Card)


def shelves(cards: Iterable[CardT]) -> list[tuple[str, list[CardT]]]:
    """Return the cards by the title of their sector, in Vietnamese order.

    A pack whose name is no sector stands with the other packs of the same owner, and where the
    owner has none, under the owner's name.
    """
    titles = dict(sector_titles())
    every = list(cards)
    own = {
        card.pack: titles.get(card.pack) or titles.get(card.pack.partition("-")[0])
        for card in every
    }
    beside = {card.owner_name: own[card.pack] for card in every if own[card.pack]}
    found: dict[str, list[CardT]] = defaultdict(list)
    for card in every:
        found[own[card.pack] or beside.get(card.owner_name) or card.owner_name].append(card)
    return sorted(found.items(), key=lambda one: sort_key(one[0]))
