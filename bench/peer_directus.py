"""One registry of a million records at our REST API beside Directus 11.16.1 on the same PostgreSQL.

CUASO_BENCH_DIRECTUS names a folder where `npm install directus@11.16.1` was done; it is started
here, over a database of its own with the same rows, and ended. Without it our figures stand beside
those of issue 4, measured elsewhere. CUASO_BENCH_NODE may name the `node` to start it with;
CUASO_BENCH_PEER_RECORDS and CUASO_BENCH_PEER_SHEET_ROWS say how much there is. Our sheet is brought
in by one process of the house, theirs over HTTP: both are read, checked and written as one act.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from statistics import geometric_mean
from urllib.parse import quote
from uuid import uuid4

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bench.measuring import adding, asking, children, figures, fleet, vessel_sheet
from bench.registries import API, asked_by
from cuaso.wiring.running_house import RunningHouse, with_database
from tests.support import people

RECORDS = int(os.environ.get("CUASO_BENCH_PEER_RECORDS", "1000000"))
SHEET_ROWS = int(os.environ.get("CUASO_BENCH_PEER_SHEET_ROWS", "5000"))
SECONDS = 4.0
AT_ONCE = 8
START_SECONDS = 120.0
IMPORT_SECONDS = 300.0
# What issue 4 says of Directus on a shared box of this size, a second.
SAID = {
    "get": 342.0,
    "list": 311.0,
    "filter_and_count": 108.0,
    "list_and_count": 12.5,
    "search": 0.4,
    "create": 138.0,
}
EACH, MEAN = 2.0, 3.0
OURS = {
    "list": "",
    "filter_and_count": "?where=gear:is:trawl&where=zone:is:coastal&count=true",
    "list_and_count": "?count=true",
    "search": f"?words={quote('nguyen van an')}",
}
THEIRS = {
    "list": "?limit=50&sort=number",
    "filter_and_count": "?limit=50&sort=number&filter[gear][_eq]=trawl&filter[zone][_eq]=coastal"
    "&meta=filter_count",
    "list_and_count": "?limit=50&sort=number&meta=filter_count",
    "search": f"?limit=50&sort=number&search={quote('Nguyễn Văn An')}",
}
ITEMS = "/items/vessel"
Rates = dict[str, float]


def run(house: RunningHouse) -> dict[str, object]:
    """Return how often each is done a second here and there, the ratios, their geometric mean."""
    began = time.monotonic()
    ids = [str(id) for id in fleet.launch(house.owner_url, count=RECORDS)]
    took = {"rows_written": _since(began)}
    with closing(people.official(house, "thuly.chicucthuysan")) as person:
        ours = _rates(house.url, API, OURS, ids, fleet.fresh, asked_by(person))
    told = children.ask(house, "sheet_in", SHEET_ROWS)
    ours["csv_import"] = float(told["rows_per_second"])
    took["ours"] = _since(began)
    folder = os.environ.get("CUASO_BENCH_DIRECTUS", "")
    theirs, where = (
        (_theirs(house, Path(folder), ids), "measured here, as its administrator")
        if folder
        else (SAID, "measured elsewhere, as issue 4 says: CUASO_BENCH_DIRECTUS names no folder")
    )
    took["theirs"] = _since(began)
    ratios = {name: round(ours[name] / theirs[name], 2) for name in theirs}
    mean = round(geometric_mean(ratios.values()), 2)
    return {
        "what": f"{RECORDS} records, {AT_ONCE} connections without a pause, a second; rows a second"
        f" of a CSV of {SHEET_ROWS}",
        "database": figures.durability(house),
        "ours": ours,
        "directus_11.16.1": theirs,
        "directus_figures": where,
        "times": ratios,
        "least": figures.at_least(
            min(ratios.values()), EACH, unit="times on every line", source="issue 4"
        ),
        "geometric_mean": figures.at_least(mean, MEAN, unit="times", source="issue 4"),
        "seconds_until": took,
        "machine": figures.machine(),
    }


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


def _rates(  # noqa: PLR0917 one side
    url: str,
    path: str,
    lists: dict[str, str],
    ids: list[str],
    make: Callable[[int], adding.Body],
    headers: dict[str, str],
) -> Rates:
    """Return how often a second each act is done on one side, after a first second not counted."""
    asked = {"get": [f"{path}/{id}" for id in ids]}
    asked |= {name: [f"{path}{words}"] for name, words in lists.items()}
    found = {}
    for name, paths in asked.items():
        for seconds in (1.0, SECONDS):
            hands = [
                asking.Asking(
                    url,
                    paths[number % len(paths) :],
                    headers=headers,
                    until=time.perf_counter() + seconds,
                )
                for number in range(AT_ONCE)
            ]
            found[name] = _rate(hands)
    began = time.perf_counter()
    added = adding.times(url, path, make, headers=headers, seconds=SECONDS, at_once=AT_ONCE)
    return {**found, "create": round(len(added) / (time.perf_counter() - began), 2)}


def _rate(hands: list[asking.Asking]) -> float:
    began = time.perf_counter()
    for one in hands:
        one.start()
    for one in hands:
        one.join()
        if one.trouble is not None:
            raise one.trouble
    done = sum(len(one.took) for one in hands)
    # A slow answer may end well after the time is over: what it took counts too.
    return round(done / (time.perf_counter() - began), 2)


def _theirs(house: RunningHouse, folder: Path, ids: list[str]) -> Rates:
    name = f"directus_{secrets.token_hex(4)}"
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        address = with_database(house.owner_url, name)
        _copy(house.owner_url, address)
        with _directus(folder, address) as (url, headers):
            found = _rates(url, ITEMS, THEIRS, ids, _vessel, headers)
            return {**found, "csv_import": _brought_in(url, headers)}
    finally:
        with psycopg.connect(house.owner_url, autocommit=True) as owner:
            gone = sql.SQL("drop database if exists {} with (force)")
            owner.execute(gone.format(sql.Identifier(name)))


def _brought_in(url: str, headers: dict[str, str]) -> float:
    """Return how many rows a second of a CSV become its records."""
    file = ("vessels.csv", vessel_sheet.plain(SHEET_ROWS), "text/csv")
    began = time.perf_counter()
    answer = httpx.post(
        f"{url}/utils/import/vessel", files={"file": file}, headers=headers, timeout=IMPORT_SECONDS
    )
    answer.raise_for_status()
    return round(SHEET_ROWS / (time.perf_counter() - began), 1)


def _vessel(number: int) -> adding.Body:
    own = {"row_id": str(uuid4()), "number": f"P-{number}-{secrets.token_hex(3)}", "engines": "[]"}
    return {**fleet.values(number), **own}


def _copy(ours: str, theirs: str) -> None:
    """Copy the fields of our records into a table of theirs, with the indexes that it needs."""
    names = [*fleet.values(0), "engines"]
    listed = sql.SQL(", ").join(map(sql.Identifier, ["row_id", *names]))
    read = sql.SQL("copy (select {} from {}) to stdout").format(listed, sql.Identifier(fleet.LIVE))
    kinds = {"row_id": "uuid primary key", "registered": "date", "risk": "boolean"}
    kinds |= dict.fromkeys(("built",), "bigint")
    kinds |= dict.fromkeys(("length", "width", "power"), "numeric")
    with psycopg.connect(ours) as here, psycopg.connect(theirs, autocommit=True) as there:
        columns = [
            sql.SQL("{} " + kinds.get(name, "text")).format(sql.Identifier(name))
            for name in ["row_id", *names]
        ]
        there.execute(sql.SQL("create table vessel ({})").format(sql.SQL(", ").join(columns)))
        write = sql.SQL("copy vessel ({}) from stdin").format(listed)
        with here.cursor().copy(read) as out, there.cursor().copy(write) as into:
            for part in out:
                into.write(part)
        for column in ("number", "gear", "zone"):
            making = sql.SQL("create index on vessel ({})").format(sql.Identifier(column))
            there.execute(making)
        there.execute("vacuum analyze vessel")


@contextmanager
def _directus(folder: Path, database: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Run Directus over a database; yield its address and the headers of its administrator."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    surroundings = {
        **os.environ,
        "DB_CLIENT": "pg",
        "DB_CONNECTION_STRING": _as_node_reads(database),
        "KEY": secrets.token_hex(8),
        "SECRET": secrets.token_hex(16),
        "ADMIN_EMAIL": "a@example.com",
        "ADMIN_PASSWORD": token,
        "ADMIN_TOKEN": token,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEMETRY": "false",
        "LOG_LEVEL": "error",
        "CACHE_ENABLED": "false",
        "RATE_LIMITER_ENABLED": "false",
        "PRESSURE_LIMITER_ENABLED": "false",
    }
    node = os.environ.get("CUASO_BENCH_NODE", "node")
    command = [node, str(folder / "node_modules" / "directus" / "cli.js")]
    # What it has to say of a failure stands in the bench's own output.
    subprocess.run(
        [*command, "bootstrap"], cwd=folder, env=surroundings, check=True, stdout=sys.stderr
    )
    process = subprocess.Popen(
        [*command, "start"],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url, {"Authorization": f"Bearer {token}"}
    finally:
        process.terminate()
        process.wait()


def _as_node_reads(address: str) -> str:
    """Return the address of a database with its socket where npm's `pg` looks for it: as host."""
    known = conninfo_to_dict(address)
    if not str(known["host"]).startswith("/"):
        return address
    place = f"{quote(str(known['host']), safe='')}:{known.get('port', 5432)}"
    return f"postgresql://{known['user']}@{place}/{known['dbname']}"


def _wait(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    for _ in cycle([None]):
        try:
            httpx.get(f"{url}/server/ping", timeout=5).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return
