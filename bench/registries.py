"""A registry of many records before an official: lists, search, one record, over HTTP.

The registry is `agriculture/fishing_vessel`; its records are written by SQL within one change, so
that triggers, history and indexes are those of every day.
"""

import os
from contextlib import closing

import httpx
import psycopg

from bench.measuring import asking, effort, figures, fleet
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

RECORDS = int(os.environ.get("CUASO_BENCH_RECORDS", "1000000"))
SECONDS = 6.0
AT_ONCE = 8
HERE = "/ban-lam-viec/so/agriculture/fishing_vessel/"
SOURCE = "issue 4, for 10 million records"
LIST, SEARCH, AS_OF, RECORD = 50, 100, 60, 30
PAGES = {
    "list": ("", LIST),
    "filter": ("?o.gear=trawl&o.zone=coastal", LIST),
    "search_rare": ("?q=00123456", SEARCH),
    "search_common": ("?q=nguyen+van", SEARCH),
    "list_as_of": ("?luc=2026-11-20", AS_OF),
}


def run(house: RunningHouse) -> dict[str, object]:
    """Return p50 and p95 of lists, search, record page and as-of list at 8 at once."""
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        ids = fleet.launch(owner, count=RECORDS)
    measured: dict[str, object] = {
        "what": f"GET in a registry of {RECORDS} records, rights on, {AT_ONCE} connections that"
        " ask without a pause",
        "database": figures.durability(house),
    }
    with closing(people.official(house, "thuly.chicucthuysan")) as person:
        for name, (words, target) in PAGES.items():
            measured[name] = _measure(house, [f"{HERE}{words}"], person, target)
        measured["record"] = _measure(house, [f"{HERE}{id}/" for id in ids], person, RECORD)
    return {**measured, "machine": figures.machine()}


def _measure(
    house: RunningHouse, paths: list[str], person: httpx.Client, target: float
) -> dict[str, object]:
    asking.times(house, paths, seconds=1.0, at_once=2, person=person)
    with effort.watched(house) as worked:
        times = asking.times(house, paths, seconds=SECONDS, at_once=AT_ONCE, person=person)
    return {
        **figures.spread(times),
        **figures.at_most(figures.p95(times), target, unit="ms p95", source=SOURCE),
        "per_second": round(len(times) / worked.elapsed, 1),
        **worked.told(len(times)),
    }
