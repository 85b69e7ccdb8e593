"""Invented places: an address lies in the record's commune, a drawing inside it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians
from typing import Final

from cuaso.declarations.fields import Context, Field, coordinates

# By a commune's code: latitude, longitude, and how many kilometres around belong to it.
Around = Mapping[str, tuple[float, float, float]]
# By a commune's code: the corners of its boundary, as they are typed.
Borders = Mapping[str, str]
DRAWN: Final = frozenset({"point", "line", "polygon"})
_STREETS: Final = ("12 Nguyễn Huệ", "45/3 Trần Hưng Đạo", "108 Lê Lợi", "Khu phố 4", "Khu phố 2")
_HAMLETS: Final = ("Thôn 1", "Thôn 3", "Thôn 5", "Thôn Trung tâm")
_KM_OF_A_DEGREE: Final = 111.2
_INSIDE: Final = 0.6
_STEPS: Final[Mapping[str, tuple[tuple[int, int], ...]]] = {
    "point": ((0, 0),),
    "line": ((0, 0), (4, 3), (9, 5)),
    "polygon": ((0, 0), (0, 3), (2, 3), (2, 0)),
}


@dataclass(frozen=True)
class Placed:
    """Which answers of a registry say where a record is; `place` is the field of its commune,
    `border` that of the boundary of the commune which it is about.
    """

    place: str
    fields: Mapping[str, Field]
    around: Around
    stay: frozenset[str] = frozenset()
    border: str = ""
    borders: Borders = field(default_factory=dict)

    def settle(self, texts: dict[str, str], context: Context, dice: random.Random) -> None:
        """Put the addresses of a row into its commune, and its drawings inside that."""
        commune = texts.get(self.place, "")
        drawn = [path for path, one in self.fields.items() if one.type in DRAWN]
        for path, one in self.fields.items():
            if path.endswith(".commune") and one.type == "place":
                self._address(texts, path, commune, context, dice)
        if drawn and self.around:
            spot = self.around.get(commune) or dice.choice(list(self.around.values()))
            north, east = _within(spot, dice)
            for path in drawn:
                if texts.get(path) and path not in self.stay:
                    texts[path] = _drawing(self.fields[path].type, north, east)
        if self.border and commune in self.borders:
            texts[self.border] = self.borders[commune]

    def _address(
        self, texts: dict[str, str], path: str, commune: str, context: Context, dice: random.Random
    ) -> None:
        if commune and texts.get(path) and path not in self.stay:
            texts[path] = commune
        option = context.lists.find("commune", texts.get(path, ""), context.today)
        street = f"{path.removesuffix('.commune')}.street"
        if option and texts.get(street) and street not in self.stay:
            in_town = option.label.startswith("Phường")
            texts[street] = dice.choice(_STREETS if in_town else _HAMLETS)


def _within(spot: tuple[float, float, float], dice: random.Random) -> tuple[float, float]:
    north, east, radius = spot
    most = radius * _INSIDE / _KM_OF_A_DEGREE
    up, right = dice.uniform(-most, most), dice.uniform(-most, most)
    return north + up * 0.7, east + right * 0.7 / cos(radians(north))


def _drawing(kind: str, north: float, east: float) -> str:
    return "\n".join(
        coordinates.pair((round(east + right / 1000, 5), round(north + up / 1000, 5)))
        for up, right in _STEPS[kind]
    )
