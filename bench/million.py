"""The desk and the catalogue before a province's years of dossiers, rights on."""

import os
from contextlib import closing

import httpx
import psycopg

from bench.measuring import asking, children, crowd, effort, figures
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

DOSSIERS = int(os.environ.get("CUASO_BENCH_DOSSIERS", "1000000"))
TEMPLATES = 12
SECONDS = 6.0
AT_ONCE = 8
DESK = "/ban-lam-viec"
QUEUE_P95_MS, DOSSIER_P95_MS, SEARCH_P95_MS = 60, 120, 60
SOURCE = "issue 3"


def run(house: RunningHouse) -> dict[str, object]:
    """Return p50 and p95 of the desk's lists, dossier page and search at 8 at once."""
    made = children.ask(house, "templates", TEMPLATES)
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        crowd.gather(owner, count=DOSSIERS, templates=made["ids"], here=made["agency"])
        rows = owner.execute(
            "select d.id from procedures_dossier d join procedures_work w on w.dossier_id = d.id"
            " where w.agency_id = %s and w.role = 'handler' and w.done_at is null"
            " and d.key like 'crowd%%' order by d.key limit 200",
            [made["agency"]],
        ).fetchall()
    dossiers = [f"{DESK}/ho-so/{row[0]}/" for row in rows]
    measured: dict[str, object] = {
        "what": f"GET among {DOSSIERS} dossiers of 135 communes (one in {crowd.EACH_HERE} here,"
        f" one in {crowd.EACH_OPEN} open), {AT_ONCE} connections that ask without a pause",
        "database": figures.durability(house),
    }
    with (
        closing(people.official(house, "tiepnhan.quynhon")) as reception,
        closing(people.official(house, "thuly.quynhon")) as handler,
    ):
        lists = {
            "queue_of_the_counter": f"{DESK}/",
            "late": f"{DESK}/?xem=late",
            "whole_agency": f"{DESK}/?xem=all",
            "found_by_name": f"{DESK}/?xem=all&q=dong+4711",
            "found_by_full_name": f"{DESK}/?xem=all&q=nguyen+van+an",
            "found_by_rare_name": f"{DESK}/?xem=all&q=ly+quoc+yen",
            "found_by_common_word": f"{DESK}/?xem=all&q=nguyen",
        }
        for name, path in lists.items():
            measured[name] = _measure(house, [path], reception, QUEUE_P95_MS)
        measured["dossier_page"] = _measure(house, dossiers, handler, DOSSIER_P95_MS)
    return {**measured, "machine": figures.machine()}


def _measure(
    house: RunningHouse, paths: list[str], person: httpx.Client, target: float
) -> dict[str, object]:
    asking.times(house, paths, seconds=1.0, at_once=2, person=person)
    with effort.watched(house) as worked:
        times = asking.times(house, paths, seconds=SECONDS, at_once=AT_ONCE, person=person)
    spread = figures.spread(times)
    return {
        **spread,
        **figures.at_most(figures.p95(times), target, unit="ms p95", source=SOURCE),
        "per_second": round(len(times) / worked.elapsed, 1),
        **worked.told(len(times)),
    }
