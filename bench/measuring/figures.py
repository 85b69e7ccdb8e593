"""What a measurement says: spreads, targets, and the machine that it was taken on."""

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

import psycopg

from cuaso.wiring.running_house import RunningHouse

FEWEST = 2


def spread(seconds: Sequence[float]) -> dict[str, object]:
    """Return how many there were, and p50, p95 and the longest in milliseconds."""
    if len(seconds) < FEWEST:
        return {"count": len(seconds)}
    return {
        "count": len(seconds),
        "p50_ms": round(median(seconds) * 1000, 1),
        "p95_ms": p95(seconds),
        "longest_ms": round(max(seconds) * 1000, 1),
    }


def p95(seconds: Sequence[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return round(quantiles(seconds, n=20)[18] * 1000, 1)


def at_most(measured: float, wanted: float, *, unit: str, source: str) -> dict[str, object]:
    """Return a target, whether it is reached, and by how much it is missed."""
    return {
        "target": f"≤ {wanted} {unit}",
        "source": source,
        "measured": measured,
        "reached": measured <= wanted,
        "missed_by": round(max(0.0, measured - wanted), 3),
    }


def at_least(measured: float, wanted: float, *, unit: str, source: str) -> dict[str, object]:
    """Return a target, whether it is reached, and by how much it is missed."""
    return {
        "target": f"≥ {wanted} {unit}",
        "source": source,
        "measured": measured,
        "reached": measured >= wanted,
        "missed_by": round(max(0.0, wanted - measured), 3),
    }


def no_target() -> str:
    return "none named: a first figure"


def machine() -> dict[str, object]:
    """Return cores, processor, and how busy others kept it while we measured."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "load_now": [round(value, 2) for value in os.getloadavg()],
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return os.uname().machine


def durability(house: RunningHouse) -> str:
    """Say which server it was and whether a commit waits for the disk there."""
    with psycopg.connect(house.owner_url) as owner:
        shown = [owner.execute(f"show {name}").fetchone() for name in ("server_version", "fsync")]
    version, fsync = (row[0] if row else "?" for row in shown)
    return f"PostgreSQL {version}, fsync {fsync}"
