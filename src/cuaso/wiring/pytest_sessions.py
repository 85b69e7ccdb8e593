"""The whole test run as sessions of pytest, each with a database and a folder of its own."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from cuaso.wiring.side_by_side import Part

SLOWEST = "--durations=15"
# Read by who counts, not seen at a terminal.
PLAINLY = (SLOWEST, "--color=no")
# tests/support/house.py furnishes the database for these; the others begin with empty tables.
FURNISHED = (
    *("src/cuaso/services", "src/cuaso/channels"),
    *("tests/house", "tests/rest", "tests/browser", "tests/faults", "packs"),
)
NOT_FURNISHED = ("--ignore=src/cuaso/services", "--ignore=src/cuaso/channels")
COPIES = "cơ sở dữ liệu mẫu"
MAKE_COPIES = "import django; django.setup(); from tests.support import copies; copies.make()"


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session of pytest: what it is called, where its tests stand, and how it chooses."""

    key: str
    name: str
    paths: tuple[str, ...]
    words: tuple[str, ...] = ()

    @property
    def furnished(self) -> bool:
        return all(path.startswith(FURNISHED) for path in self.paths)


# Longest first. The root conftest gives the mark `live`.
SESSIONS = (
    Session(
        key="house",
        name="cả ngôi nhà, với dữ liệu trình diễn",
        paths=("src/cuaso/services", "src/cuaso/channels", "tests/house", "tests/browser", "packs"),
        words=("-m", "not live"),
    ),
    Session(
        key="live",
        name="ngôi nhà đang chạy, trong trình duyệt",
        paths=("src/cuaso/services", "src/cuaso/channels", "tests/house", "tests/browser", "packs"),
        words=("-m", "live"),
    ),
    Session(
        key="capabilities",
        name="các năng lực, trên bảng trống",
        paths=("src/cuaso/capabilities",),
    ),
    Session(
        key="engines",
        name="nền và các bộ máy khác, trên bảng trống",
        paths=("src", "tests/architecture", "tests/outside"),
        words=(*NOT_FURNISHED, "--ignore=src/cuaso/capabilities"),
    ),
    Session(key="rest", name="API, với dữ liệu trình diễn", paths=("tests/rest",)),
    Session(key="faults", name="sự cố và kill -9", paths=("tests/faults",)),
)


def parts(surroundings: Mapping[str, str]) -> Iterator[Part]:
    """Yield the session that makes the databases to copy, and the sessions that copy them.

    surroundings: DATABASE_URL names a superuser of the server, CUASO_VAR is the run's folder.
    """
    var = Path(surroundings["CUASO_VAR"])
    prefix = _prefix(surroundings)
    made = var / "copied"
    told = {**surroundings, "CUASO_TEST_COPIES": prefix}
    yield Part(
        name=COPIES,
        command=(sys.executable, "-c", MAKE_COPIES),
        surroundings={**told, "CUASO_VAR": str(made)},
        ready=partial(made.mkdir, parents=True),
    )
    for each in SESSIONS:
        own = var / each.key
        yield Part(
            name=f"pytest: {each.name}",
            command=(sys.executable, "-m", "pytest", *PLAINLY, *each.paths, *each.words),
            surroundings={
                **told,
                "CUASO_VAR": str(own),
                "CUASO_TEST_DB": f"{prefix}_{each.key}",
            },
            after=COPIES,
            stops=False,  # who mends one test wants to know of all others that fail
            # The keys and files that belong to the furnished database.
            ready=partial(shutil.copytree, made, own) if each.furnished else own.mkdir,
        )


def drop_databases(surroundings: Mapping[str, str]) -> None:
    """Drop what the sessions copied and what an interrupted one left on the server."""
    beginning = f"{_prefix(surroundings)}_%"
    with psycopg.connect(surroundings["DATABASE_URL"], autocommit=True) as connection:
        known = connection.execute(
            "select datname from pg_database where datname like %s", [beginning]
        ).fetchall()
        for (name,) in known:
            drop = sql.SQL("drop database if exists {} with (force)")
            connection.execute(drop.format(sql.Identifier(name)))


def _prefix(surroundings: Mapping[str, str]) -> str:
    return f"run{Path(surroundings['CUASO_VAR']).name}"
