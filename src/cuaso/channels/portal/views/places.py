"""For anyone: what an address of before the reorganisation is called today, and who serves it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cuaso.channels.portal import answers
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Place, PlaceToday

LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Served:
    """A commune of today with the committee that serves it."""

    place: Place
    agency_name: str


@require_safe
def old_address(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("cu", "").strip()[:LONGEST]
    found = directory.places_today(text) if text else ()
    context = {
        "at": "look_up",
        "text": text,
        "found": [(told, _served(told)) for told in found],
    }
    return answers.page(request, "old_address.html", context)


def _served(told: PlaceToday) -> list[Served]:
    committees = {one.place_code: one.name for one in directory.agencies("committee")}
    return [Served(place=one, agency_name=committees.get(one.code, "")) for one in told.now]
