"""What stands in the rows of a running house, and its processes, as an outsider sees them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg

from cuaso.wiring import places
from cuaso.wiring.running_house import RunningHouse

PATIENCE_SECONDS = 60.0


def eventually(condition: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it is so; an assertion fails when it never is."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


class State:
    """Rows and processes of one running house."""

    def __init__(self, house: RunningHouse) -> None:
        self.house = house

    # --- rows

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows as the owner of the tables reads them."""
        with psycopg.connect(self.house.owner_url) as owner:
            return owner.execute(query.encode(), values).fetchall()

    def column(self, query: str, *values: object) -> list[Any]:
        return [row[0] for row in self.rows(query, *values)]

    def change(self, query: str, *values: object) -> None:
        """Change rows behind the house's back, as only time or an accident would."""
        with psycopg.connect(self.house.owner_url) as owner:
            owner.execute(query.encode(), values)

    def settle(self) -> None:
        """Wait until the worker has delivered every event and given every act its leaf."""
        waiting = (
            "select (select count(*) from audit_event where settled_at is null)"
            " + (select count(*) from audit_entry where leaf_index is null)"
        )
        eventually(lambda: self.column(waiting) == [0])

    def verify_ledger(self) -> tuple[int, str]:
        """Return exit code and words of `./cuaso audit verify`."""
        surroundings = {
            **os.environ,
            "DATABASE_URL": self.house.app_url,
            "CUASO_OWNER_DATABASE_URL": self.house.owner_url,
            "CUASO_VAR": str(self.house.var),
        }
        command = [sys.executable, "-m", "cuaso.wiring.cli", "audit", "verify"]
        answer = subprocess.run(
            command, cwd=places.ROOT, env=surroundings, capture_output=True, text=True, check=False
        )
        return answer.returncode, answer.stdout

    # --- processes

    def starts(self, name: str) -> list[int]:
        """Return the process numbers of every start of a process."""
        lines = self.house.log(name).splitlines()
        notes = [json.loads(line) for line in lines if "process started" in line]
        return [int(note["pid"]) for note in notes]

    def kill(self, name: str) -> None:
        """Kill -9 a process at once."""
        os.kill(self.starts(name)[-1], signal.SIGKILL)

    def kill_children(self, name: str) -> int:
        """Kill -9 what a process had spawned, and not itself; return how many."""
        parent = self.starts(name)[-1]
        found = [number for number in _children(parent) if number != parent]
        for number in found:
            os.kill(number, signal.SIGKILL)
        return len(found)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.house.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found
