"""Shapes of RFC 6962 trees: which perfect subtrees make a root, an inclusion or a consistency path.

A node is (level, index): the perfect subtree over leaves [index << level, (index + 1) << level).
A span is a half-open range of leaves.
"""

from collections.abc import Callable, Mapping, Sequence

from cuaso.foundation.audit.logic.offline import EMPTY_ROOT, node_hash

Node = tuple[int, int]
Span = tuple[int, int]


def cover(span: Span) -> list[Node]:
    """Return the perfect subtrees that make up a span, left to right."""
    start, end = span
    nodes: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of a span from its subtrees' hashes; of no subtree, the empty root."""
    if not hashes:
        return EMPTY_ROOT
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def inclusion_spans(*, index: int, size: int) -> list[Span]:
    """Return the spans whose hashes prove leaf `index` in a tree of `size`, leaf first."""
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(*, first: int, second: int) -> list[Span]:
    """Return the spans whose hashes prove that tree `first` begins tree `second`."""
    spans: list[Span] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def nodes_of(spans: Sequence[Span]) -> set[Node]:
    return {node for span in spans for node in cover(span)}


def hashes_of(spans: Sequence[Span], stored: Mapping[Node, bytes]) -> tuple[bytes, ...]:
    return tuple(fold([stored[node] for node in cover(span)]) for span in spans)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """The right edge of a tree, enough to append leaves and to say the root."""

    def __init__(self, *, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Start from the hashes of `cover((0, size))`."""
        self.size = size
        self._edge = list(hashes)

    def append(self, leaf: bytes, *, seen: Callable[[int, int, bytes], bytes]) -> None:
        """Add a leaf. `seen` is told (level, index, hash) of every node that it completes and
        answers with the hash to go on with.
        """
        level, index = 0, self.size
        current = seen(level, index, leaf)
        while index & 1:
            level, index = level + 1, index >> 1
            current = seen(level, index, node_hash(self._edge.pop(), current))
        self._edge.append(current)
        self.size += 1

    def root(self) -> bytes:
        return fold(self._edge)
