"""Signatures, checks and archives a second in one process, time stamps and revocation counted."""

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

SOURCE = "issue 5"
WANTED = {"pades_b_t": 10, "checks_b_t": 20}


def run(house: RunningHouse) -> dict[str, object]:
    """Return what one process does; the stamps come from the house's own authority."""
    child = children.Child(house, "signing")
    child.wait()
    with effort.watched(house, also={"signer": child.number}) as worked:
        told = child.answer()
    count = sum(one["count"] for one in told.values())
    targets = {
        name: figures.at_least(
            told[name]["per_second"], wanted, unit=f"{name} a second", source=SOURCE
        )
        for name, wanted in WANTED.items()
    }
    return {
        "what": "one page; a PAdES signature with its time stamp, a pair of them, checks of a"
        " twice-signed page in the examining process, the step from B-T to B-LTA (evidence and"
        " document time stamp), XAdES B-T",
        "targets": targets,
        **told,
        **worked.told(count),
        "database": figures.durability(house),
        "machine": figures.machine(),
    }
