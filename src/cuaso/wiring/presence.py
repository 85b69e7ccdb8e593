"""What a running `up` tells other commands on this machine: its process and its addresses."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cuaso.wiring import places


@contextmanager
def announced(addresses: Mapping[str, str]) -> Iterator[None]:
    """Leave a note with environment variables (no secrets) for as long as the block lasts."""
    path = _path()
    path.write_text(json.dumps({"pid": os.getpid(), "addresses": dict(addresses)}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def unfinished() -> datetime | None:
    """Return when a run began that left its note behind: it was ended from outside, or the machine
    was. Asked by who holds the lock of `up`.
    """
    path = _path()
    if not path.exists():
        return None
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def addresses() -> dict[str, str]:
    """Return the running house's addresses; empty when none runs."""
    path = _path()
    if not path.exists():
        return {}
    note = json.loads(path.read_text())
    if not Path("/proc", str(note["pid"])).exists():
        return {}
    return {str(name): str(value) for name, value in note["addresses"].items()}


def _path() -> Path:
    return places.var() / "running.json"
