"""The code lists that forms choose from: the dictionary's, and places by the directory."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from cuaso.declarations.fields import Option, Wrong
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory.contracts import Level, PlaceToday
from cuaso.foundation.directory.logic.find_places import find_place, places
from cuaso.foundation.directory.logic.places_today import places_today

PLACES: Final[dict[str, Level]] = {"province": "province", "commune": "commune"}


class HouseLists:
    """Dated lists of the house, as `declarations.forms` asks for them."""

    def find(self, list_id: str, code: str, day: date) -> Option | None:
        """Return the option of a code valid on a day."""
        if list_id in PLACES:
            return _place(code, list_id, day)
        found = dictionary.find_code(list_id, code, day)
        return (
            Option(code=found.code, label=found.label, label_en=found.label_en) if found else None
        )

    def options(self, list_id: str, day: date) -> Sequence[Option]:
        """Return the options valid on a day, in the order of the list."""
        if list_id in PLACES:
            found = places(level=PLACES[list_id], on=day)
            return [Option(code=place.code, label=place.full_name) for place in found]
        return [
            Option(code=code.code, label=code.label, label_en=code.label_en)
            for code in dictionary.codes(list_id, day)
        ]


def _place(typed: str, list_id: str, day: date) -> Option | None:
    """Return a place by its code, a commune also by the name that people remember.

    Raises Wrong where several communes of the day follow what was named.
    """
    place = find_place(typed, on=day)
    if place is None and list_id == "commune" and not typed.isdecimal():
        found = places_today(typed, on=day)
        place = found[0].now[0] if len(found) == 1 and len(found[0].now) == 1 else None
        if found and place is None:
            raise Wrong(_which(typed, found))
    return Option(code=place.code, label=place.full_name) if place else None


def _which(typed: str, found: Sequence[PlaceToday]) -> str:
    told = " ".join(one.say for one in found if one.say)
    standing = ", ".join(one.asked.full_name for one in found if not one.say)
    also = f" Hiện có {standing}." if standing else ""
    return f"“{typed[:60]}”: {told}{also} Hãy ghi rõ một xã, phường hiện nay.".replace("  ", " ")
