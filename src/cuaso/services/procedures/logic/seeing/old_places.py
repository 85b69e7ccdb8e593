"""What people typed as an old address in a form, and which commune of today it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import PlaceToday

OLD_PLACE = "old:"
LONGEST = 200
Typed = dict[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class LookedPlace:
    """One old name that was looked up; `chosen` is the code where there was no choice."""

    text: str
    found: tuple[PlaceToday, ...]
    chosen: str


def resolve_old_places(posted: Mapping[str, object], typed: Typed) -> dict[str, LookedPlace]:
    """Put communes of today into `typed` where the old name leaves no choice; say what was found.

    posted: the form as it came, an old name under OLD_PLACE and the field's path. typed: what will
    be kept. A commune that was chosen from the list stands, unless the button beside the name was
    pressed (`act` is "place:" and the path, or the path, "=" and the code that was picked).
    """
    act, _sep, pressed = str(posted.get("act", "")).partition(":")
    path, _sep, code = pressed.partition("=")
    if act == "place" and code:
        typed[path] = code
    looked: dict[str, LookedPlace] = {}
    for name, told in posted.items():
        at, text = name.removeprefix(OLD_PLACE), str(told).strip()[:LONGEST]
        asked = act == "place" and pressed == at
        if at == name or not text or (typed.get(at) and not asked):
            continue
        looked[at] = _look(text)
        if looked[at].found or at not in typed:
            typed[at] = looked[at].chosen
    return looked


def _look(text: str) -> LookedPlace:
    found = directory.places_today(text)
    single = len(found) == 1 and len(found[0].now) == 1
    return LookedPlace(text=text, found=found, chosen=found[0].now[0].code if single else "")
