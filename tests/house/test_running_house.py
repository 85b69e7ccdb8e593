"""A whole house as `./cuaso up` runs it: health, rights, mending, memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest

from cuaso.wiring import places

pytestmark = pytest.mark.slow
MOST_MEMORY_BYTES = int(1.2 * 2**30)


def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def started(log: str) -> list[int]:
    """Return the process numbers of every start that a log tells."""
    notes = [json.loads(line) for line in log.splitlines()]
    return [note["pid"] for note in notes if note.get("event") == "process started"]


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(words[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(children.get(one, []))
    return found


def memory(pid: int) -> int:
    """Return a process's own share of memory (PSS) in bytes."""
    rollup = Path("/proc", str(pid), "smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024


def test_the_house_ends_its_start_with_addresses_and_accounts(live_house):
    said = live_house.said()
    assert f"{live_house.url}/" in said
    assert "CHẾ ĐỘ TRÌNH DIỄN" in said
    assert "VNeID" in said
    assert ready(live_house.url)


def test_processes_work_with_rows_but_own_no_table(live_house):
    with psycopg.connect(live_house.owner_url) as owner:
        users = owner.execute(
            "select distinct usename from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and usename is not null"
        ).fetchall()
        owned = owner.execute(
            "select count(*) from pg_tables where tableowner = 'cuaso_app'"
        ).fetchone()
    assert users == [("cuaso_app",)]
    assert owned == (0,)


def test_one_id_follows_a_request_into_the_log(live_house):
    trace = "test-trace-0001"
    answer = httpx.get(f"{live_house.url}/khong-co-trang-nay", headers={"X-Request-ID": trace})
    assert answer.headers["X-Request-ID"] == trace
    eventually(lambda: trace in live_house.log("web"))
    lines = [json.loads(line) for line in live_house.log("web").splitlines() if trace in line]
    assert {line["trace"] for line in lines} == {trace}


def test_the_ledger_is_sequenced_by_the_worker(live_house):
    def waiting() -> int:
        with psycopg.connect(live_house.owner_url) as owner:
            row = owner.execute(
                "select count(*) from audit_entry where leaf_index is null"
            ).fetchone()
        return int(row[0]) if row else -1

    eventually(lambda: waiting() == 0)


def test_all_processes_at_rest_fit_a_small_machine(live_house):
    total = sum(memory(pid) for pid in family(live_house.process.pid))
    assert total < MOST_MEMORY_BYTES


@pytest.mark.parametrize("name", ["worker", "population"])
def test_a_killed_process_comes_back_by_itself(live_house, name):
    before = started(live_house.log(name))
    os.kill(before[-1], signal.SIGKILL)
    eventually(lambda: len(started(live_house.log(name))) > len(before))
    assert "đã dừng bất ngờ (tín hiệu 9)" in live_house.said()


def test_a_killed_web_server_comes_back_on_its_port(live_house):
    before = started(live_house.log("web"))
    os.kill(before[-1], signal.SIGKILL)
    eventually(lambda: len(started(live_house.log("web"))) > len(before))
    eventually(lambda: ready(live_house.url))


def test_the_doctor_finds_nothing_broken(live_house):
    surroundings = {
        **os.environ,
        "DATABASE_URL": live_house.app_url,
        "CUASO_OWNER_DATABASE_URL": live_house.owner_url,
        "CUASO_VAR": str(live_house.var),
    }
    command = [sys.executable, "-m", "cuaso.wiring.cli", "doctor", "--json"]
    answer = subprocess.run(
        command, cwd=places.ROOT, env=surroundings, capture_output=True, text=True, check=False
    )
    checks = json.loads(answer.stdout)
    assert [check for check in checks if check["state"] == "fail"] == []
    assert answer.returncode == 0
    rights = next(check for check in checks if check["name"] == "rights")
    assert rights["say"] == "Tiến trình nối bằng vai cuaso_app, không sở hữu bảng."
