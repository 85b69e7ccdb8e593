import sys
import time

from bench.inside import answering
from bench.inside.lives import Life

SECONDS = 8.0


def live(life: Life, number: int, *, signed: bool) -> int:
    """Live one life to its end and return how many acts it took."""
    id = life.submit(number)
    return 1 + sum(1 for _ in life.acts(id, signed=signed))


def main() -> None:
    kind, serial = sys.argv[1], int(sys.argv[2])
    life = Life(serial=serial)
    # Libraries that only the first signature loads are no part of a life.
    answering.ready(warm=lambda: live(life, 0, signed=kind == "signed"))
    began = time.perf_counter()
    took: list[float] = []
    acts = 0
    while time.perf_counter() - began < SECONDS:
        at = time.perf_counter()
        acts += live(life, len(took) + 1, signed=kind == "signed")
        took.append(time.perf_counter() - at)
    seconds = time.perf_counter() - began
    answering.tell({"lives": len(took), "acts": acts, "took": took, "seconds": seconds})


main()
