"""Whole lives of dossiers a second, with and without signing, in one process and in two."""

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

WANTED = {"unsigned": 20, "signed": 10}


def run(house: RunningHouse) -> dict[str, object]:
    """Return lives and acts a second; each act commits by itself, as people do it."""
    return {
        "what": "1.004873: submit with one small PDF, receive, propose, confirm, then "
        "approve, seal, deliver (signed: two PAdES signatures with time stamps, key files) "
        "or return, refuse (unsigned); through the engines' api",
        **{
            f"{kind}_{processes}_process": _measure(house, kind, processes)
            for kind in WANTED
            for processes in (1, 2)
        },
        "machine": figures.machine(),
    }


def _measure(house: RunningHouse, kind: str, processes: int) -> dict[str, object]:
    serials = [
        10 * processes + number + 100 * list(WANTED).index(kind) for number in range(processes)
    ]
    clients = [children.Child(house, "life_cycles", kind, serial) for serial in serials]
    for child in clients:
        child.wait()
    with effort.watched(house, also={f"client {c.number}": c.number for c in clients}) as worked:
        for child in clients:
            child.go()
        told = [child.end() for child in clients]
    lives = sum(each["lives"] for each in told)
    seconds = max(each["seconds"] for each in told)
    a_second = round(lives / seconds, 2)
    return {
        "lives_per_second": a_second,
        **figures.at_least(a_second, WANTED[kind], unit="lives a second", source="issue 3"),
        "acts_per_second": round(sum(each["acts"] for each in told) / seconds, 1),
        "one_life": figures.spread([took for each in told for took in each["took"]]),
        **worked.told(lives),
    }
