"""Where the house stands on this machine; known before Django is."""

import os
from pathlib import Path

from cuaso.wiring import environment

HOUSE = Path(__file__).resolve().parents[1]
ROOT = HOUSE.parents[1]


def var() -> Path:
    """Return the folder of everything that is kept outside the database."""
    return environment.var_folder(default=ROOT / "var").absolute()


def packs() -> Path:
    return environment.packs_folder(default=ROOT / "packs").absolute()


def logs() -> Path:
    return var() / "log"


def port() -> int:
    return int(os.environ.get("CUASO_PORT", "8000"))


def host() -> str:
    return os.environ.get("CUASO_HOST", "127.0.0.1")
