"""How a measurement inside the house speaks with the one outside: ready, go, one JSON."""

import json
import sys
from collections.abc import Callable, Mapping

from bench.measuring.children import READY


def ready(warm: Callable[[], object] = lambda: None) -> None:
    """Do once what only the first time costs, then wait for the word to begin."""
    warm()
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    sys.stdin.readline()


def tell(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer))
