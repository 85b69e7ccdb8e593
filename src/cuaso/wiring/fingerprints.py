"""Content hashes that tell what need not be done again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cuaso.wiring import places

SKIPPED = {"__pycache__", ".git", "node_modules"}


def of(paths: Iterable[Path]) -> str:
    """Return a hash over names and bytes of the files and of everything below the folders."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        for file in _files(path):
            digest.update(str(file.relative_to(path.parent)).encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def of_migrations() -> str:
    """Return a hash of everything that the database's structure depends on."""
    source = places.HOUSE
    return of(
        [
            *source.glob("*/*/migrations"),
            # Row-level security is written from these.
            *source.glob("*/*/policies.py"),
            source / "foundation" / "access" / "logic",
            places.ROOT / "requirements.lock",
            source / "wiring" / "engines.py",
            source / "wiring" / "settings.py",
        ]
    )


def of_static() -> str:
    """Return a hash of our own static files and of the libraries that bring some."""
    static = [path for path in places.HOUSE.glob("*/*/static") if path.is_dir()]
    return of([*static, places.ROOT / "requirements.lock"])


def watched(paths: Iterable[str]) -> str:
    """Return a hash of what an install step watches: `packs`, or paths below the root."""
    return of([places.packs() if path == "packs" else places.ROOT / path for path in paths])


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not SKIPPED.intersection(file.parts) and file.suffix != ".pyc"
    )
