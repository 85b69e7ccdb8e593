"""The desk's pages as officials of different rights open them: queue and dossier."""

from contextlib import closing

import httpx

from bench.measuring import asking, children, effort, figures
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

DOSSIERS = 60
SECONDS = 4.0
DESK = "/ban-lam-viec"


def run(house: RunningHouse) -> dict[str, object]:
    """Return p50 and p95 of the queue and of the dossier page, at 1 and at 8 at once."""
    made = children.ask(house, "dossiers", DOSSIERS)
    dossiers = [f"{DESK}/ho-so/{id}/" for id in made["received"]]
    found: dict[str, object] = {
        "what": f"GET of the desk's pages among {DOSSIERS} dossiers of one commune, rights on;"
        " a look at a dossier writes the access log",
        "target": figures.no_target(),
        "database": figures.durability(house),
    }
    with (
        closing(people.official(house, "tiepnhan.quynhon")) as reception,
        closing(people.official(house, "thuly.quynhon")) as handler,
    ):
        found["queue_of_the_counter"] = _measure(house, [f"{DESK}/"], reception)
        found["whole_agency"] = _measure(house, [f"{DESK}/?xem=all"], reception)
        found["dossier_in_hand"] = _measure(house, dossiers, handler)
    return {**found, "machine": figures.machine()}


def _measure(house: RunningHouse, paths: list[str], person: httpx.Client) -> dict[str, object]:
    asking.times(house, paths, seconds=0.5, at_once=1, person=person)
    measured: dict[str, object] = {}
    for at_once in (1, 8):
        with effort.watched(house) as worked:
            times = asking.times(house, paths, seconds=SECONDS, at_once=at_once, person=person)
        measured[f"{at_once}_at_once"] = {
            **figures.spread(times),
            "per_second": round(len(times) / worked.elapsed, 1),
            **worked.told(len(times)),
        }
    return measured
