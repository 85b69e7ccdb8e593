"""A registry of many records before officials and programs: lists, search, one record, adding, over
HTTP.

The registry is `agriculture/fishing_vessel`; its records are written by SQL within changes, so that
triggers, history and indexes are those of every day. CUASO_BENCH_RECORDS says how many.
"""

import os
import time
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import httpx

from bench.measuring import adding, asking, children, effort, figures, fleet
from cuaso.kernel import clock
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

RECORDS = int(os.environ.get("CUASO_BENCH_RECORDS", "1000000"))
SECONDS = 6.0
WARMED = 2.0
AT_ONCE = 8
BULKS_AT_ONCE = 2
HERE = "/ban-lam-viec/so/agriculture/fishing_vessel/"
SOURCE = "issue 4, for 10 million records"
LIST, SEARCH, AS_OF, RECORD, ADDED, LOCKED = 50, 100, 60, 30, 400, 50
# No reader waits longer for a page, whatever the conditions.
SECOND = 1000
REGISTRIES, LOADED = 100, 0.3
# What an officer of one commune asks of the records that it keeps.
NARROW = {
    "commune_list": ("", LIST),
    "commune_filter": ("?o.gear=trawl&o.zone=coastal", LIST),
    "commune_search_common": ("?q=nguyen+van", SEARCH),
}
API = "/api/v1/so/agriculture/fishing_vessel"
THEN = clock.today() - timedelta(days=(fleet.ADDED_DAYS + fleet.CHANGED_DAYS) // 2)
PAGES = {
    "list": ("", LIST),
    "filter": ("?o.gear=trawl&o.zone=coastal", LIST),
    "search_rare": ("?q=00123456", SEARCH),
    "search_common": ("?q=nguyen+van", SEARCH),
    "list_as_of": (f"?luc={THEN}", AS_OF),
}
# What programs ask, and what PostgreSQL finds hard: conditions that never meet, an order that goes
# the other way, the last of many.
READ = {
    "api_list": ("", LIST),
    "api_list_of_100": ("?limit=100", LIST),
    "api_list_and_count": ("?count=true", LIST),
    "api_filter_and_count": ("?where=gear:is:trawl&where=zone:is:coastal&count=true", LIST),
    "api_filter_that_never_meets": ("?where=zone:is:coastal&where=tracker:is:lost", SECOND),
    "api_backwards": ("?sort=-number", LIST),
    "api_search": ("?words=nguyen%20van%20an", SEARCH),
    "api_search_of_rare_words": ("?words=00123456", SEARCH),
    "api_list_as_of": (f"?as_of={THEN}T00:00:00%2B07:00", AS_OF),
}


def run(house: RunningHouse) -> dict[str, object]:
    """Return p50 and p95 of pages at 8 at once, records added a second, and what a field locks."""
    began = time.monotonic()
    ids = fleet.launch(house.owner_url, count=RECORDS)
    measured: dict[str, object] = {
        "what": f"a registry of {RECORDS} records, one in five changed once, rights on,"
        f" {AT_ONCE} connections that ask without a pause",
        "database": figures.durability(house),
        "written_in_seconds": round(time.monotonic() - began, 1),
    }
    with closing(people.official(house, "thuly.chicucthuysan")) as person:
        for name, (words, target) in PAGES.items():
            measured[name] = _measure(house, [f"{HERE}{words}"], person, target)
        measured["record"] = _measure(house, [f"{HERE}{id}/" for id in ids], person, RECORD)
        for name, (words, target) in READ.items():
            measured[name] = _measure(house, [f"{API}{words}"], person, target)
        measured["api_record"] = _measure(house, [f"{API}/{id}" for id in ids], person, RECORD)
        measured["add"] = _added(house, person)
        measured["add_many_at_once"] = _added_in_bulk(house, person)
    with closing(people.official(house, "thuly.quynhon")) as person:
        for name, (words, target) in NARROW.items():
            measured[name] = _measure(house, [f"{HERE}{words}"], person, target)
    measured["add_a_field"] = _field(house, ids[0])
    measured["loaded"] = _loaded(house)
    return {**measured, "machine": figures.machine()}


def _added(house: RunningHouse, person: httpx.Client) -> dict[str, object]:
    with effort.watched(house) as worked:
        times = adding.times(
            house.url,
            API,
            fleet.fresh,
            headers=asked_by(person),
            seconds=SECONDS,
            at_once=AT_ONCE,
        )
    rate = round(len(times) / worked.elapsed, 1)
    return {
        **figures.spread(times),
        **figures.at_least(rate, ADDED, unit="records a second", source=SOURCE),
        **worked.told(len(times)),
    }


def _added_in_bulk(house: RunningHouse, person: httpx.Client) -> dict[str, object]:
    """Add vessels by the hundred, each judged by itself; milliseconds are those of a request."""
    with effort.watched(house) as worked:
        times = adding.times(
            house.url,
            f"{API}/bulk",
            fleet.fresh_many,
            headers=asked_by(person),
            seconds=SECONDS,
            at_once=BULKS_AT_ONCE,
        )
    added = len(times) * fleet.MANY
    rate = round(added / worked.elapsed, 1)
    return {
        "records_a_request": fleet.MANY,
        **figures.spread(times),
        **figures.at_least(rate, ADDED, unit="records a second", source=SOURCE),
        **worked.told(added),
    }


def asked_by(person: httpx.Client) -> dict[str, str]:
    """Return the headers with which a person's program writes."""
    token = str(person.get("/api/v1/me").raise_for_status().json()["csrf_token"])
    origin = str(person.base_url).rstrip("/")
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return {
        "Cookie": cookies,
        "X-CSRFToken": token,
        "Origin": origin,
        "Referer": f"{origin}/",
    }


def _field(house: RunningHouse, id: UUID) -> dict[str, object]:
    told = children.ask(house, "registry_field", house.owner_url, id)
    longest = float(told["longest_read_meanwhile_ms"])
    return {**told, **figures.at_most(longest, LOCKED, unit="ms of lock", source=SOURCE)}


def _loaded(house: RunningHouse) -> dict[str, object]:
    told = children.ask(house, "registry_sets")
    each = float(told["seconds"]) / int(told["registries"])
    hundred = round(each * REGISTRIES, 3)
    return {
        **told,
        **figures.at_most(hundred, LOADED, unit=f"s for {REGISTRIES} registries", source=SOURCE),
    }


def _measure(
    house: RunningHouse, paths: list[str], person: httpx.Client, target: float
) -> dict[str, object]:
    # Every connection of the house has asked this before it is measured.
    asking.times(house, paths, seconds=WARMED, at_once=AT_ONCE, person=person)
    with effort.watched(house) as worked:
        times = asking.times(house, paths, seconds=SECONDS, at_once=AT_ONCE, person=person)
    return {
        **figures.spread(times),
        **figures.at_most(figures.p95(times), target, unit="ms p95", source=SOURCE),
        "per_second": round(len(times) / worked.elapsed, 1),
        **worked.told(len(times)),
    }
