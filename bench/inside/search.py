import sys
import time
from statistics import median

from bench.inside import answering
from cuaso.services.procedures import api as procedures

TURNS = 12


def main() -> None:
    words = sys.argv[1:]
    answering.ready(warm=lambda: procedures.search(text=words[0]))
    took: dict[str, float] = {}
    for typed in words:
        times = []
        for _ in range(TURNS):
            began = time.perf_counter()
            procedures.search(text=typed)
            times.append(time.perf_counter() - began)
        took[typed] = round(median(times) * 1000, 1)
    answering.tell({"procedures.search_p50_ms": took})


main()
