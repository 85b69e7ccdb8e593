"""Run modules of `bench.inside` as processes of the house, with the app role's rights."""

import json
import os
import subprocess
import sys
from typing import Any

from cuaso.wiring import places
from cuaso.wiring.running_house import RunningHouse

LONGEST_SECONDS = 240
READY = "ready"


class Child:
    """A measurement inside the house: made ready first, so that its start is not measured."""

    def __init__(self, house: RunningHouse, name: str, *words: object) -> None:
        command = [sys.executable, "-m", f"bench.inside.{name}", *map(str, words)]
        self._name = name
        self._process = subprocess.Popen(
            command,
            cwd=places.ROOT,
            env=surroundings(house),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.number = self._process.pid

    def wait(self) -> None:
        """Wait until it is ready. Raises RuntimeError when it never will be."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if line.strip() != READY:
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"{self._name} is not ready: {line!r}")

    def answer(self) -> dict[str, Any]:
        """Let it begin, wait for its end, return what it says. Raises RuntimeError on failure."""
        self.go()
        return self.end()

    def go(self, word: str = "go") -> None:
        if self._process.stdin:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Return what it says to one word, if more may come. Raises RuntimeError when it fails."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"{self._name} ended with {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def leave(self) -> None:
        """Let it end: no word comes any more."""
        self._process.communicate(timeout=LONGEST_SECONDS)

    def end(self) -> dict[str, Any]:
        try:
            said, _ = self._process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise
        if self._process.returncode:
            raise RuntimeError(f"{self._name} ended with {self._process.returncode}")
        found: dict[str, Any] = json.loads(said)
        return found


def ask(house: RunningHouse, name: str, *words: object) -> dict[str, Any]:
    """Run one measurement inside and return its answer."""
    child = Child(house, name, *words)
    child.wait()
    return child.answer()


def surroundings(house: RunningHouse) -> dict[str, str]:
    """Return the environment that the house's own processes have, but for secrets."""
    note = json.loads((house.var / "running.json").read_text())
    path = (str(places.ROOT / "src"), str(places.ROOT), os.environ.get("PYTHONPATH", ""))
    return {
        **os.environ,
        **note["addresses"],
        "CUASO_MODE": "test",
        "CUASO_VAR": str(house.var),
        "CUASO_PUBLIC_URL": house.url,
        "DATABASE_URL": house.app_url,
        "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings",
        "PYTHONPATH": os.pathsep.join(path),
    }
