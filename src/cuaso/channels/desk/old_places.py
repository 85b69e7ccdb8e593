"""What people typed as an old address in a form, and which commune of today it is."""

from dataclasses import dataclass

from django.http import HttpRequest

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import PlaceToday

MARK = "old:"
LONGEST = 200
Typed = dict[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One old name that was looked up; `chosen` is the code where there was no choice."""

    text: str
    found: tuple[PlaceToday, ...]
    chosen: str


def resolve(request: HttpRequest, typed: Typed) -> dict[str, Looked]:
    """Put communes of today into `typed` where the old name leaves no choice; say what was found.

    A commune that was chosen from the list stands, unless the button beside the name was pressed.
    """
    act, _sep, pressed = str(request.POST.get("act", "")).partition(":")
    path, _sep, code = pressed.partition("=")
    if act == "place" and code:
        typed[path] = code
    looked = {}
    for name, told in request.POST.items():
        at, text = name.removeprefix(MARK), str(told).strip()[:LONGEST]
        asked = act == "place" and pressed == at
        if at == name or not text or (typed.get(at) and not asked):
            continue
        looked[at] = _look(text)
        if looked[at].found or at not in typed:
            typed[at] = looked[at].chosen
    return looked


def _look(text: str) -> Looked:
    found = directory.places_today(text)
    single = len(found) == 1 and len(found[0].now) == 1
    return Looked(text=text, found=found, chosen=found[0].now[0].code if single else "")
