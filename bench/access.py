"""A policy decision: processor time of one among many questions, and of one that comes alone."""

from bench.measuring import children, figures
from cuaso.wiring.running_house import RunningHouse

LONGEST_MS = 0.3


def run(house: RunningHouse) -> dict[str, object]:
    """Return p95 of a decision, with the question read and the answer written."""
    told = children.ask(house, "decisions")
    together = _p95_ms(told["together"])
    return {
        "what": "AuthZEN evaluations of 100 questions over rules by role, organisation, place, "
        "data class and purpose; processor time",
        "target": figures.at_most(together, LONGEST_MS, unit="ms p95", source="issue 5"),
        "p95_ms": together,
        "p95_alone_ms": _p95_ms(told["alone"]),
        "machine": figures.machine(),
    }


def _p95_ms(seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 3)
