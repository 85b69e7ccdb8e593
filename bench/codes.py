"""Dossier codes a second over eight connections, each in a transaction of its own; no gap."""

from datetime import date

import psycopg

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

CONNECTIONS = 8
AGENCY = "BENCH"
DAY = date(2026, 1, 5)


def run(house: RunningHouse) -> dict[str, object]:
    """Return codes a second of one series: the worst case, one agency at one counter."""
    before = _last(house)
    child = children.Child(house, "codes", CONNECTIONS, AGENCY, DAY.isoformat())
    child.wait()
    with effort.watched(house, also={"issuing client": child.number}) as worked:
        told = child.answer()
    issued = sorted(told["numbers"])
    return {
        "measured": "codes.dossier_code, one agency and day, one transaction a code",
        "connections": CONNECTIONS,
        "codes_per_second": round(len(issued) / told["seconds"]),
        "gapless": issued == list(range(before + 1, _last(house) + 1)),
        "target": figures.no_target(),
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
