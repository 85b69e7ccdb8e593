"""Places along a line: a point, or the piece between two points, by the share of its length."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from cuaso.kernel.geography.shapes import DIGITS, Position, Shape, length


def along(line: Shape, first: float, last: float) -> Shape:
    """Return the piece of a line between two shares of its length (0 its start, 1 its end), the
    point there where they are the same; shares beyond the line are its ends.
    """
    positions = line.rings[0]
    sums = _sums(positions)
    here, there = (min(max(share, 0.0), 1.0) * sums[-1] for share in sorted((first, last)))
    if here == there:
        return Shape(kind="Point", rings=((_at(positions, sums, here),),))
    between = [one for one, metres in zip(positions, sums, strict=True) if here < metres < there]
    ends = (_at(positions, sums, here), _at(positions, sums, there))
    return Shape(kind="LineString", rings=((ends[0], *between, ends[1]),))


def _sums(positions: Sequence[Position]) -> list[float]:
    """Return how many metres from the start each vertex lies."""
    pieces = (Shape(kind="LineString", rings=(pair,)) for pair in pairwise(positions))
    return [0.0, *accumulate(length(piece) for piece in pieces)]


def _at(positions: Sequence[Position], sums: Sequence[float], metres: float) -> Position:
    for number, (start, end) in enumerate(pairwise(sums)):
        if metres <= end and end > start:
            share = (metres - start) / (end - start)
            (west, south), (east, north) = positions[number], positions[number + 1]
            return (
                round(west + (east - west) * share, DIGITS),
                round(south + (north - south) * share, DIGITS),
            )
    return positions[-1]
