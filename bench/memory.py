"""Memory at rest: every process of `up` with PostgreSQL, a minute after anybody asked anything."""

import time

from bench.measuring import asking, effort, figures
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

IDLE_SECONDS = 60.0
MOST_GIB = 1.2
GIB = 2**30
MIB = 2**20
ASKED = ("/", "/thu-tuc/", "/thu-tuc/?q=khai%20sinh", "/thu-tuc/1.001193/", "/dang-nhap/")


def run(house: RunningHouse) -> dict[str, object]:
    """Return the sum of PSS by process. What earlier measurements made a process load counts."""
    asking.times(house, ASKED, seconds=2.0, at_once=2)
    people.official(house, "tiepnhan.quynhon").close()
    time.sleep(IDLE_SECONDS)
    sizes: dict[str, int] = {}
    for number, name in effort.members(house).items():
        if name != effort.OURSELVES:
            sizes[name] = sizes.get(name, 0) + effort.memory(number)
    total = sum(sizes.values())
    return {
        "what": f"PSS of all processes after {IDLE_SECONDS:.0f} s without a request, invented"
        " dossiers off (CUASO_MODE=test), web and worker warm",
        **figures.at_most(round(total / GIB, 3), MOST_GIB, unit="GiB", source="issue 2"),
        "mib": {name: round(size / MIB) for name, size in sorted(sizes.items())},
        "limit": f"{max(sizes, key=lambda name: sizes[name])} is the largest",
        "database": figures.durability(house),
        "machine": figures.machine(),
    }
