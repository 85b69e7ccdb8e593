import sys
import time
from collections.abc import Iterator
from itertools import count

from bench.inside import answering
from bench.inside.lives import Life
from cuaso.kernel.remembering import one_moment
from cuaso.services.procedures.act_contracts import Standing

SECONDS = 8.0
SIGNED = {"unsigned": False, "signed": True}


def live(life: Life, number: int, *, signed: bool) -> int:
    """Live one life to its end and return how many acts it took; each act is a moment of its own,
    as each request is one.
    """
    with one_moment():
        id = life.submit(number)
    acts = life.brief_acts(id, signed=signed)
    done = 0
    stands: Standing | None = None
    while done == 0 or stands is not None:
        done += 1
        with one_moment():
            stands = next(acts, None)
    return done


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
