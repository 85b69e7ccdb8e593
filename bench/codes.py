"""Dossier codes a second from sixteen processes, each code in a transaction of its own; no gap."""

from datetime import date

import psycopg

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

PROCESSES = 16
WANTED_A_SECOND = 1500
AGENCY = "BENCH"
DAY = date(2026, 1, 5)


def run(house: RunningHouse) -> dict[str, object]:
    """Return codes a second of one series: the worst case, one agency at one counter."""
    before = _last(house)
    clients = [children.Child(house, "codes", 1, AGENCY, DAY.isoformat()) for _ in range(PROCESSES)]
    for child in clients:
        child.wait()
    with effort.watched(house, also={f"client {c.number}": c.number for c in clients}) as worked:
        for child in clients:
            child.go()
        told = [child.end() for child in clients]
    issued = sorted(number for each in told for number in each["numbers"])
    a_second = round(len(issued) / max(each["seconds"] for each in told))
    return {
        "what": "codes.dossier_code, one agency and day, one transaction a code",
        "processes": PROCESSES,
        "codes_per_second": a_second,
        "gapless": issued == list(range(before + 1, _last(house) + 1)),
        **figures.at_least(a_second, WANTED_A_SECOND, unit="codes a second", source="issue 3"),
        **worked.told(len(issued)),
        "database": figures.durability(house),
        "machine": figures.machine(),
    }


def _last(house: RunningHouse) -> int:
    with psycopg.connect(house.owner_url) as owner:
        row = owner.execute(
            "select last from procedures_codecounter where agency_code = %s and day = %s",
            [AGENCY, DAY],
        ).fetchone()
    return int(row[0]) if row else 0
