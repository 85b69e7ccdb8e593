"""Refuse a lock that names a host: locks carry versions and hashes, and work with any mirror."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
OPTION = re.compile(r"^\s*(--(index-url|extra-index-url|find-links|trusted-host|no-index)|-i|-f)\b")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==\S+")
SKIPPED = {"node_modules", ".venv", ".git", "var", "site"}


def mistakes_in_requirements(path: Path) -> Iterator[str]:
    """Yield what is wrong in one exported lock: hosts, indexes, and pins without a hash."""
    pinned, hashed = "", True
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        where = f"{path.name}:{number}"
        if URL.search(line):
            yield f"{where}: có địa chỉ máy chủ"
        if OPTION.match(line):
            yield f"{where}: có tùy chọn kho gói"
        if match := PINNED.match(line):
            if not hashed:
                yield f"{path.name}: {pinned} không có mã băm"
            pinned, hashed = match["name"], False
        hashed = hashed or "--hash=sha256:" in line
    if not hashed:
        yield f"{path.name}: {pinned} không có mã băm"


def mistakes_in_node(path: Path) -> Iterator[str]:
    """Yield packages of package-lock.json that name where they came from, or lack a hash."""
    for name, package in json.loads(path.read_text()).get("packages", {}).items():
        if "resolved" in package and not package.get("link"):
            yield f"{path.name}: {name} có “resolved”"
        if name and not package.get("link") and "integrity" not in package:
            yield f"{path.name}: {name} không có “integrity”"


def missing_direct(path: Path) -> Iterator[str]:
    """Yield direct dependencies of pyproject.toml that the runtime lock does not pin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = path.read_text()
    pinned = {_plain(m["name"]) for line in text.splitlines() if (m := PINNED.match(line))}
    for requirement in project["dependencies"]:
        name = _plain(re.split(r"[\[~=<>!; ]", requirement, maxsplit=1)[0])
        if name not in pinned:
            yield f"{path.name}: thiếu {name}; hãy chạy make locks"


def every_mistake(root: Path = ROOT) -> list[str]:
    """Return every mistake in the locks below a folder."""
    found = [
        m
        for path in sorted(root.glob("requirements*.lock"))
        for m in mistakes_in_requirements(path)
    ]
    nodes = [path for path in root.rglob("package-lock.json") if not SKIPPED & set(path.parts)]
    found += [m for path in sorted(nodes) for m in mistakes_in_node(path)]
    runtime = root / "requirements.lock"
    return found + (
        list(missing_direct(runtime)) if runtime.exists() else ["thiếu requirements.lock"]
    )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    found = every_mistake()
    for mistake in found:
        print(f"✗ {mistake}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
