"""A whole house for tests and measurements: `up` itself, on free ports and its own database."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from cuaso.kernel.errors import Unavailable
from cuaso.wiring import places
from cuaso.wiring.child import answers
from cuaso.wiring.postgres import roles
from cuaso.wiring.processes import PROCESSES

START_SECONDS = 240.0
STOP_SECONDS = 60.0
FIRST_PORT, LAST_PORT, PORT_STEP = 18000, 32000, 20


@dataclass(frozen=True, kw_only=True)
class RunningHouse:
    """One running house. `owner_url` may do everything in its database; processes use `app_url`."""

    url: str
    first_port: int
    var: Path
    app_url: str
    owner_url: str
    process: subprocess.Popen[bytes]
    output: Path

    def address_of(self, name: str) -> str:
        """Return the address of one process (`vneid`, `population`, `timestamp`, `sms`, `web`)."""
        process = next(each for each in PROCESSES if each.name == name)
        if process.port is None:
            raise LookupError(name)
        return f"http://localhost:{self.first_port + process.port}"

    def said(self) -> str:
        """Return everything that `up` has said so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def log(self, name: str) -> str:
        return (self.var / "log" / f"{name}.jsonl").read_text(encoding="utf-8")


@contextmanager
def running_house(
    surroundings: Mapping[str, str],
    *,
    template: str = "template0",
    furnished_in: Path | None = None,
) -> Iterator[RunningHouse]:
    """Run `up` in a database of its own and yield the house once it is ready.

    surroundings: DATABASE_URL names a superuser of the server; CUASO_VAR is where a folder for
    this house is made. template: the database to copy. furnished_in: the var whose keys and files
    belong to the template. The database is dropped at the end.
    """
    server = surroundings["DATABASE_URL"]
    name = f"house_{secrets.token_hex(6)}"
    with _own_database(server, name=name, template=template) as app_url:
        var = Path(surroundings.get("CUASO_VAR", places.var())) / "houses" / name
        _furnish(var, furnished_in)
        house = _start(
            surroundings, var=var, app_url=app_url, owner_url=with_database(server, name)
        )
        try:
            _wait(house)
            yield house
        finally:
            _stop(house)


def with_database(url: str, name: str, *, user: str | None = None) -> str:
    """Return the address of another database, or as another user, on the same server."""
    parts = urlsplit(url)
    place = parts.netloc
    if user is not None:
        place = f"{user}@{place.rpartition('@')[2]}"
    # Not _replace alone: urlunsplit drops the slashes of an empty host.
    return urlunsplit(parts._replace(netloc=place or "@", path=f"/{name}"))


@contextmanager
def _own_database(server: str, *, name: str, template: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        roles.make_roles(connection)
        make = sql.SQL("create database {} template {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        roles.add_extensions(url=with_database(server, name))
        yield _app_url(server, name=name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("drop database if exists {} with (force)")
            connection.execute(drop.format(sql.Identifier(name)))


def _app_url(server: str, *, name: str) -> str:
    """Return the app role's address, or the given user's where the server wants a password."""
    wanted = with_database(server, name, user=roles.APP)
    try:
        psycopg.connect(wanted, connect_timeout=5).close()
    except psycopg.OperationalError:
        return with_database(server, name)
    return wanted


def _start(
    surroundings: Mapping[str, str], *, var: Path, app_url: str, owner_url: str
) -> RunningHouse:
    first_port = free_ports()
    output = var / "up.txt"
    environment = {
        **surroundings,
        "CUASO_VAR": str(var),
        "CUASO_PORT": str(first_port),
        "CUASO_HOST": "127.0.0.1",
        "CUASO_PUBLIC_URL": f"http://localhost:{first_port}",
        "CUASO_NO_APT": "1",
        "DATABASE_URL": app_url,
        "CUASO_OWNER_DATABASE_URL": owner_url,
        "CUASO_DUMP_DATABASE_URL": owner_url,
        "PYTHONPATH": os.pathsep.join((str(places.ROOT / "src"), os.environ.get("PYTHONPATH", ""))),
    }
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "cuaso.wiring.cli", "up"],
            cwd=places.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return RunningHouse(
        url=f"http://localhost:{first_port}",
        first_port=first_port,
        var=var,
        app_url=app_url,
        owner_url=owner_url,
        process=process,
        output=output,
    )


def _furnish(var: Path, source: Path | None) -> None:
    var.mkdir(parents=True, mode=0o700)
    for name in ("keys", "files"):
        if source is not None and (source / name).is_dir():
            shutil.copytree(source / name, var / name)


def _wait(house: RunningHouse) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and house.process.poll() is None:
        if "Cửa Số đã mở" in house.said() and answers(house.url + "/readyz"):
            return
        time.sleep(0.2)
    raise Unavailable(
        code="house.not_ready",
        what="Ngôi nhà dựng cho phép thử không khởi động được.",
        why=house.said()[-2000:],
    )


def _stop(house: RunningHouse) -> None:
    house.process.send_signal(signal.SIGTERM)
    try:
        house.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        house.process.kill()
        house.process.wait()


def free_ports() -> int:
    """Return a first port with which every process finds its own free."""
    offsets = [offset for process in PROCESSES for offset in process.offsets]
    blocks = range(FIRST_PORT, LAST_PORT, PORT_STEP)
    start = secrets.randbelow(len(blocks))
    for index in range(len(blocks)):
        first = blocks[(start + index) % len(blocks)]
        if all(_free(first + offset) for offset in offsets):
            return first
    raise Unavailable(code="house.no_ports", what="Không còn dãy cổng trống nào.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
