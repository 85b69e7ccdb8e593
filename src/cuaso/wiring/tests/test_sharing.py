import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from cuaso.wiring.sharing import MEMORY_SECONDS, Load, Shares, Sharing

ENOUGH = 10.0
CLIENTS = 6
APPLICATION = """
import os, time
from pathlib import Path

from cuaso.wiring.sharing import Sharing


def work(environ, start_response):
    until = time.perf_counter() + 0.005
    while time.perf_counter() < until:
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]


application = Sharing(work, shares=Path(os.environ["SHARES"]))
"""
SERVED = (
    *("--interface", "wsgi", "--host", "127.0.0.1", "--no-ws"),
    *("--workers", "2", "--blocking-threads", "4"),
)
OTHER = """
import sys
from pathlib import Path

from cuaso.wiring.sharing import Shares

shares = Shares(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


def until(happens):
    end = time.monotonic() + ENOUGH
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_request_that_fails_is_inside_no_longer():
    def fails(environ, start_response):
        raise LookupError("gone")

    sharing = Sharing(fails, shares=None)
    with pytest.raises(LookupError, match="gone"):
        answered(sharing)
    assert sharing._load._inside == 0


@contextmanager
def another_process(path):
    """A second web process that has nothing to do."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.communicate(timeout=ENOUGH)


def answered(sharing, protocol="HTTP/1.1"):
    told = []

    def start_response(_, headers, *__):
        told.extend(headers)

    sharing({"SERVER_PROTOCOL": protocol}, start_response)
    return told


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return []


@pytest.fixture
def later(monkeypatch):
    """What puts the clock of this process forward by so many times as a load is remembered."""
    now = [time.monotonic()]
    monkeypatch.setattr("cuaso.wiring.sharing.monotonic", lambda: now[0])

    def put_forward(times):
        now[0] += times * MEMORY_SECONDS

    return put_forward


def test_a_process_that_is_busier_than_another_parts_with_a_client_now_and_then(tmp_path, later):
    path = tmp_path / "web.shares"
    sharing = Sharing(page, shares=path)
    kept, parted = [("Content-Type", "text/plain")], ("Connection", "close")
    with another_process(path), sharing._load.counted(), sharing._load.counted():
        later(5)
        assert answered(sharing, "HTTP/2") == kept
        assert answered(sharing) == [*kept, parted]
        later(0.9)
        assert answered(sharing) == kept
        later(0.2)
        assert answered(sharing) == [*kept, parted]


def test_a_process_parts_with_nobody_when_the_other_is_as_busy_or_gone(tmp_path, later):
    path = tmp_path / "web.shares"
    load = Load(Shares(path))
    with another_process(path):
        later(5)
        with load.counted():
            later(5)
            assert not load.is_uneven()
        with load.counted(), load.counted():
            later(5)
            assert load.is_uneven()
    with load.counted(), load.counted():
        later(5)
        assert not load.is_uneven()


class Client(threading.Thread):
    """Asks over one connection as long as the server keeps it; knows which process answered."""

    def __init__(self, connection, end):
        super().__init__(daemon=True)
        self.connection, self.end, self.by = connection, end, b""

    def run(self):
        while not self.end.is_set():
            self.by = asked(self.connection)


def asked(connection):
    connection.request("GET", "/")
    return connection.getresponse().read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(tmp_path):
    """The house's own server with two processes, before a page of five milliseconds."""
    (tmp_path / "two_processes.py").write_text(APPLICATION)
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            *SERVED,
            "--port",
            str(port),
            "two_processes:application",
        ],
        cwd=tmp_path,
        env={**os.environ, "SHARES": str(tmp_path / "web.shares")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(ENOUGH)


@pytest.fixture
def connected(server):
    """What opens connections to the server; they are closed at the end."""
    opened = []

    def connect():
        opened.append(http.client.HTTPConnection("127.0.0.1", server, timeout=ENOUGH))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def test_clients_that_all_came_to_one_process_are_shared_by_two(connected):
    until(lambda: answers(connected()))
    first = asked(connected())
    until(lambda: asked(connected()) != first)
    connections: list[http.client.HTTPConnection] = []
    while len(connections) < CLIENTS:
        connection = connected()
        if asked(connection) == first:
            connections.append(connection)
    end = threading.Event()
    clients = [Client(connection, end) for connection in connections]
    for one in clients:
        one.start()
    until(lambda: sorted(Counter(one.by for one in clients).values()) == [3, 3])
    end.set()
    for one in clients:
        one.join(ENOUGH)


def answers(connection):
    try:
        return asked(connection)
    except OSError:
        return b""
