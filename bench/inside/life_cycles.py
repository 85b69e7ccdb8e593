import sys
import time
from collections.abc import Iterator
from itertools import count

from bench.inside import answering
from bench.inside.lives import Life

SECONDS = 8.0
SIGNED = {"unsigned": False, "signed": True}


def live(life: Life, number: int, *, signed: bool) -> int:
    """Live one life to its end and return how many acts it took."""
    id = life.submit(number)
    return 1 + sum(1 for _ in life.acts(id, signed=signed))


def main() -> None:
    life, numbers = Life(serial=int(sys.argv[1])), count()

    def once() -> None:
        # Libraries that only the first signature loads are no part of a life.
        for signed in SIGNED.values():
            live(life, next(numbers), signed=signed)

    for kind in answering.words(warm=once):
        answering.tell_one(_measured(life, numbers, signed=SIGNED[kind]))


def _measured(life: Life, numbers: Iterator[int], *, signed: bool) -> dict[str, object]:
    began = time.perf_counter()
    took: list[float] = []
    acts = 0
    while time.perf_counter() - began < SECONDS:
        at = time.perf_counter()
        acts += live(life, next(numbers), signed=signed)
        took.append(time.perf_counter() - at)
    seconds = time.perf_counter() - began
    return {"lives": len(took), "acts": acts, "took": took, "seconds": seconds}


main()
