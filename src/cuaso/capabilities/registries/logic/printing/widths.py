"""How wide the columns of a printed register are."""

from collections.abc import Sequence
from typing import Final

_NARROW, _WIDE, _LETTERS = 0.7, 2.2, 14
# How many letters of the table stand beside each other on a page, its ordinal number left out.
_ACROSS: Final = {True: 146, False: 94}
# A capital is wider than other letters, a bold title too; beside a word there is some room.
_CAPITAL, _BOLD, _ROOM, _LONGEST = 1.4, 1.15, 2.0, 24.0


def widths(titles: Sequence[str], rows: list[list[str]], *, landscape: bool) -> list[float]:
    """Return how many letters wide each column is: by the length of what stands in it, and never
    narrower than its longest word, which would run into the next column.
    """
    across = _ACROSS[landscape]
    cells = [[row[index] for row in rows] for index in range(len(titles))]
    wishes = [_wish(texts) for texts in cells]
    floors = [
        max(_longest(texts), _BOLD * _longest([title])) + _ROOM
        for title, texts in zip(titles, cells, strict=True)
    ]
    held: set[int] = set()
    while True:
        left = across - sum(floors[index] for index in held)
        share = left / (sum(one for index, one in enumerate(wishes) if index not in held) or 1)
        short = {
            index
            for index, wish in enumerate(wishes)
            if index not in held and wish * share < floors[index]
        }
        if not short:
            break
        held |= short
    widths = [floors[n] if n in held else wishes[n] * share for n in range(len(titles))]
    return [round(one, 2) for one in widths]


def _wish(texts: Sequence[str]) -> float:
    lengths = sorted(len(text) for text in texts) or [0]
    return min(_WIDE, max(_NARROW, lengths[len(lengths) * 9 // 10] / _LETTERS))


def _longest(texts: Sequence[str]) -> float:
    """Return how many letters wide the longest word is."""
    words = (word for text in texts for word in text.split())
    wide = (sum(_CAPITAL if one.isupper() else 1.0 for one in word) for word in words)
    return min(max(wide, default=0.0), _LONGEST)
