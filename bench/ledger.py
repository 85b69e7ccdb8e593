"""How fast the ledger takes acts, gives them leaves, and proves that nothing was touched."""

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

THREADS = 4


def run(house: RunningHouse) -> dict[str, object]:
    """Return acts recorded (one commit each), sequenced and verified a second."""
    child = children.Child(house, "ledger", THREADS)
    child.wait()
    with effort.watched(house, also={"ledger client": child.number}) as worked:
        told = child.answer()
    recorded = told.pop("recorded")
    return {
        "what": "audit.record, one transaction an act; audit.sequence of all that waits, while"
        " the worker's own sequencer is held off; audit.verify of the whole ledger",
        "target": "sequence ≥ 1,491 a second, so that it keeps up with plain inserts"
        " (architecture.md, Decided after measuring)",
        "reached": told["sequenced_per_second"] >= 1491,  # noqa: PLR2004 the target above
        **told,
        **worked.told(recorded),
        "database": figures.durability(house),
        "machine": figures.machine(),
    }
