"""The house's own source, read as files and as syntax trees."""

import ast
from functools import cache
from pathlib import Path

from cuaso.wiring import places

SOURCE = places.ROOT / "src"
FLOORS = (
    "kernel",
    "declarations",
    "foundation",
    "capabilities",
    "services",
    "oversight",
    "channels",
    "wiring",
)
ENGINE_FLOORS = ("foundation", "capabilities", "services", "oversight")


@cache
def python_files() -> tuple[Path, ...]:
    """Return every Python file of the product, the tools and the tests, without migrations."""
    folders = (SOURCE, *(places.ROOT / name for name in ("tests", "tools", "bench")))
    found = [path for folder in folders for path in folder.rglob("*.py")]
    found.append(places.ROOT / "conftest.py")
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def engines() -> tuple[Path, ...]:
    """Return the folder of every engine: a package of an engine floor with an app."""
    return tuple(
        sorted(
            path.parent
            for floor in ENGINE_FLOORS
            for path in (SOURCE / "cuaso" / floor).glob("*/apps.py")
        )
    )


def short(path: Path) -> str:
    return str(path.relative_to(places.ROOT))
