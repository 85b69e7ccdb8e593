import os
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from django.db import connection

from cuaso.wiring.declared import Loop
from cuaso.wiring.processes import loops
from cuaso.wiring.processes.loops import Ear, LoopThread

turns: list[str] = []
outcomes: list[object] = []


def work() -> object:
    """Take the next prepared outcome; raise it when it is an error."""
    turns.append("turn")
    outcome = outcomes.pop(0) if outcomes else 0
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@pytest.fixture
def thread(monkeypatch):
    turns.clear()
    outcomes.clear()
    end = threading.Event()
    loop = Loop(name="work", call=f"{__name__}.work", every_seconds=60, wakes_on="cuaso_test")
    made = LoopThread(loop=loop, end=end)
    yield made
    end.set()
    made.wake.set()
    if made.is_alive():
        made.join(5)


def wait_for(count: int) -> None:
    until = time.monotonic() + 5
    while len(turns) < count and time.monotonic() < until:
        time.sleep(0.01)
    assert len(turns) == count


def test_a_turn_that_did_something_is_followed_by_another_at_once(thread):
    outcomes.extend([3, 1, 0])
    thread.start()
    wait_for(3)


def test_a_failing_turn_is_logged_and_the_loop_goes_on(thread, monkeypatch):
    monkeypatch.setattr(loops, "LONGEST_REST_AFTER_FAILURE", 0.01)
    outcomes.extend([RuntimeError("hỏng"), RuntimeError("hỏng"), 0])
    thread.start()
    wait_for(3)
    assert thread.failures == 0


def test_a_rest_grows_with_failures_up_to_a_limit():
    loop = Loop(name="work", call=f"{__name__}.work", every_seconds=1)
    made = LoopThread(loop=loop, end=threading.Event())
    rests = []
    for failures in range(8):
        made.failures = failures
        rests.append(made._rest())
    assert rests == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_notice_ends_the_rest(thread, transactional_listener):
    end, url = transactional_listener
    thread.start()
    wait_for(1)
    ear = Ear(threads=[thread], end=end)
    ear.start()
    until = time.monotonic() + 10
    with psycopg.connect(**url, autocommit=True) as direct:
        while len(turns) < 2 and time.monotonic() < until:
            direct.execute("notify cuaso_test")
            time.sleep(0.1)
    end.set()
    ear.join(5)
    assert len(turns) >= 2
    assert not ear.is_alive()


def test_wakes_that_come_together_are_one_turn():
    turns.clear()
    outcomes.clear()
    end = threading.Event()
    loop = Loop(name="work", call=f"{__name__}.work", every_seconds=60, gathers_seconds=0.5)
    made = LoopThread(loop=loop, end=end)
    made.start()
    wait_for(1)
    for _ in range(3):
        made.wake.set()
        time.sleep(0.01)
    wait_for(2)
    time.sleep(0.05)
    end.set()
    made.wake.set()
    made.join(5)
    assert len(turns) == 2


@pytest.fixture
def transactional_listener(db):
    given = connection.get_connection_params()
    return threading.Event(), {name: given[name] for name in loops.ADDRESS if name in given}


def test_a_function_that_is_not_there_is_refused_at_the_start():
    with pytest.raises(ImportError):
        LoopThread(
            loop=Loop(name="x", call="cuaso.nowhere.f", every_seconds=1), end=threading.Event()
        )


def test_a_worker_told_to_stop_ends_at_its_term_while_a_turn_still_runs(tmp_path):
    """One loop hangs for a minute, another rests for an hour: neither holds the process."""
    code = (
        "import threading, time\n"
        "from cuaso.wiring.declared import Loop\n"
        "from cuaso.wiring.processes import worker\n"
        "from cuaso.wiring.processes.loops import LoopThread\n"
        "worker.STOP_SECONDS = 0.5\n"
        "end = threading.Event()\n"
        "resting = LoopThread(loop=Loop(name='r', call='time.time', every_seconds=3600), end=end)\n"
        "hanging = LoopThread(loop=Loop(name='h', call='time.sleep', every_seconds=60), end=end)\n"
        "resting._turn = lambda: False\n"
        "hanging._turn = lambda: time.sleep(60)\n"
        "hanging.daemon = False\n"
        "for one in (resting, hanging): one.start()\n"
        "stopping = worker.Stopping(threads=[resting, hanging], end=end)\n"
        "stopping.begin()\n"
        "resting.join(stopping.left())\n"
        "print(stopping.unfinished(), flush=True)\n"
    )
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings"}
    setup = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "['h']")
    assert "worker left at its term" in done.stdout + done.stderr
