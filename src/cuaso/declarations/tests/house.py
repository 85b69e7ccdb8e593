"""The real packs, and copies of them that a test may spoil."""

import shutil
from datetime import date
from pathlib import Path

from cuaso.declarations import packs
from cuaso.declarations.fields import Context
from cuaso.declarations.pack import Pack

PACKS = Path(__file__).resolve().parents[4] / "packs"
NAMES = ("province", "one-stop", "justice", "civil-status", "certification")
CIVIL_STATUS = ("birth", "marriage", "marital_status", "death", "civil_change")


def loaded() -> dict[str, Pack]:
    return {name: packs.load(PACKS / name) for name in NAMES}


def context(day: date = date(2026, 3, 2)) -> Context:
    lists = packs.lists_of(loaded().values())
    return Context(today=day, lists=lists, names={"channel": "online", "capacity": "citizen"})


def copied(folder: Path) -> Path:
    for name in NAMES:
        shutil.copytree(PACKS / name, folder / name, ignore=shutil.ignore_patterns("data"))
    # Of the department of justice only the registers that civil status writes to: less to prove.
    shutil.rmtree(folder / "justice/examples")
    for path in (folder / "justice/registries").iterdir():
        if path.stem not in CIVIL_STATUS:
            path.unlink()
    return folder


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; return the line on which it stood."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1
