"""Install the tables of packs: `data/places.csv`, `data/agencies.csv` and so on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from cuaso.foundation.directory import contracts
from cuaso.foundation.directory.logic import install
from cuaso.kernel import tables

_Step = tuple[str, type[Any], Callable[..., contracts.Installed]]
_REAL: Final[tuple[_Step, ...]] = (
    ("places.csv", contracts.PlaceRow, install.install_places),
    ("place_successions.csv", contracts.PlaceSuccessionRow, install.install_place_successions),
    ("agencies.csv", contracts.AgencyRow, install.install_agencies),
    ("agency_successions.csv", contracts.AgencySuccessionRow, install.install_agency_successions),
    ("units.csv", contracts.UnitRow, install.install_units),
)
# Invented people: never in production.
_DEMONSTRATION: Final[tuple[_Step, ...]] = (
    ("people.csv", contracts.PersonRow, install.install_people),
    ("posts.csv", contracts.PostRow, install.install_posts),
    ("ties.csv", contracts.TieRow, install.install_ties),
)


def install_packs() -> int:
    """Install places and agencies of every pack; return how many rows changed."""
    return _changed(_REAL)


def install_demonstration() -> int:
    """Install the invented people, posts and ties of every pack; return how many rows changed."""
    return _changed(_DEMONSTRATION)


def install_folder(folder: Path, *, demonstration: bool) -> tuple[contracts.Installed, ...]:
    """Install the tables of one `data/` folder, with the invented people if asked for.

    Raises Invalid naming the file and line that cannot be read.
    """
    return tuple(_installed(folder, _REAL + (_DEMONSTRATION if demonstration else ())))


def _installed(folder: Path, steps: tuple[_Step, ...]) -> Iterator[contracts.Installed]:
    for name, row_type, act in steps:
        if (folder / name).exists():
            yield act(tables.read(folder / name, row_type))


def _changed(steps: tuple[_Step, ...]) -> int:
    folders = sorted(Path(settings.PACKS).glob("*/data"))
    done = [one for folder in folders for one in _installed(folder, steps)]
    return sum(one.added + one.changed for one in done)
