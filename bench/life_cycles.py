"""Whole lives of dossiers a second, with and without signing, in one process and in two."""

from collections.abc import Iterator, Sequence

from bench.measuring import children, effort, figures
from cuaso.wiring.running_house import RunningHouse

WANTED = {"unsigned": 20, "signed": 10}
AT_ONCE = 2


def run(house: RunningHouse) -> Iterator[dict[str, object]]:
    """Yield lives and acts a second; each act commits by itself, as people do it."""
    yield {
        "what": "1.004873: submit with one small PDF, receive, propose, confirm, then "
        "approve, seal (signed: two PAdES signatures with time stamps, key files) "
        "or return, refuse (unsigned); through the engines' api, an act a moment as a "
        "request is, without the whole dossier in answer",
        "machine": figures.machine(),
    }
    # Libraries, models and the first signature are loaded once, before anything is measured.
    clients = [children.Child(house, "life_cycles", serial) for serial in range(AT_ONCE)]
    for child in clients:
        child.wait()
    for processes in range(1, AT_ONCE + 1):
        for kind in WANTED:
            yield {f"{kind}_{processes}_process": _measure(house, kind, clients[:processes])}
    for child in clients:
        child.leave()


def _measure(
    house: RunningHouse, kind: str, clients: Sequence[children.Child]
) -> dict[str, object]:
    with effort.watched(house, also={f"client {c.number}": c.number for c in clients}) as worked:
        for child in clients:
            child.go(kind)
        told = [child.hear() for child in clients]
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
