"""How a measurement inside the house speaks with the one outside: ready, go, one JSON."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping

from bench.measuring.children import READY


def ready(warm: Callable[[], object] = lambda: None) -> None:
    """Do once what only the first time costs, then wait for the word to begin."""
    warm()
    _say(READY)
    sys.stdin.readline()


def words(warm: Callable[[], object]) -> Iterator[str]:
    """Do once what only the first time costs, then yield each word that comes, to its end."""
    warm()
    _say(READY)
    for line in sys.stdin:
        yield line.strip()


def tell_one(answer: Mapping[str, object]) -> None:
    """Answer one word of several."""
    _say(json.dumps(answer))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer))
