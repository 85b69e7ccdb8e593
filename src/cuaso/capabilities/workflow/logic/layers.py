"""Layers of a flow: a step stands below everything that leads to it, ways back left aside."""

from collections.abc import Iterator, Mapping
from statistics import fmean

from cuaso.capabilities.workflow.logic.diagram import Diagram

Moves = Mapping[str, tuple[str, ...]]


def layers(diagram: Diagram) -> tuple[tuple[str, ...], ...]:
    """Return rows of node ids from the top; events at borders belong to their steps."""
    moves = _moves(diagram)
    returns = _returns(moves)
    depths = dict.fromkeys(moves, 0)
    # One round more than there are nodes would change nothing: the longest way has no circle.
    for _ in moves:
        for node_id, targets in moves.items():
            for target in targets:
                if (node_id, target) not in returns:
                    depths[target] = max(depths[target], depths[node_id] + 1)
    rows: dict[int, list[str]] = {}
    for node_id, depth in depths.items():
        rows.setdefault(depth, []).append(node_id)
    return tuple(_uncrossed([rows[depth] for depth in sorted(rows)], moves))


def _uncrossed(rows: list[list[str]], moves: Moves) -> Iterator[tuple[str, ...]]:
    """Order each row by where its nodes are come from, so that few lines cross."""
    places: dict[str, float] = {}
    for row in rows:
        came = {node_id: _came_from(node_id, moves, places) for node_id in row}
        ordered = sorted(row, key=lambda node_id: fmean(came[node_id] or [0.0]))
        places |= {node_id: i - (len(row) - 1) / 2 for i, node_id in enumerate(ordered)}
        yield tuple(ordered)


def _came_from(node_id: str, moves: Moves, places: Mapping[str, float]) -> list[float]:
    return [places[s] for s, targets in moves.items() if node_id in targets and s in places]


def _moves(diagram: Diagram) -> Moves:
    inner = [node.id for node in diagram.nodes.values() if not node.attached_to]
    moves = {}
    for node_id in inner:
        sources = (node_id, *(event.id for event in diagram.boundaries(node_id)))
        targets = [flow.target for source in sources for flow in diagram.outgoing(source)]
        moves[node_id] = tuple(target for target in targets if target in inner)
    return moves


def _returns(moves: Moves) -> frozenset[tuple[str, str]]:
    """Return the moves that close a circle, walking from the first node in the file's order."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for root in moves:
        if root not in seen:
            _walk(root, moves, seen, found)
    return frozenset(found)


def _walk(root: str, moves: Moves, seen: set[str], found: set[tuple[str, str]]) -> None:
    trail = [(root, iter(moves[root]))]
    seen.add(root)
    on_trail = {root}
    while trail:
        node_id, targets = trail[-1]
        target = next(targets, None)
        if target is None:
            on_trail.discard(node_id)
            trail.pop()
        elif target in on_trail:
            found.add((node_id, target))
        elif target not in seen:
            seen.add(target)
            on_trail.add(target)
            trail.append((target, iter(moves[target])))
