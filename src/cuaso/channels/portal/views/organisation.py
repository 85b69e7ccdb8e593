"""For anyone: the organisation of the province as of any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cuaso.channels.portal import answers
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency
from cuaso.kernel import clock

LONGEST: Final = 200
SHAPES: Final = ("%d/%m/%Y", "%Y-%m-%d")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The day that the page speaks of; `wrong` when what was typed is no day."""

    day: date
    typed: str
    wrong: bool

    @property
    def query(self) -> str:
        """What keeps the day in an address, `""` for today."""
        today = self.day == clock.today()
        return "" if today else "?" + urlencode({"ngay": f"{self.day:%d/%m/%Y}"})


@dataclass(frozen=True, kw_only=True)
class Linked:
    """An agency with the name that stands in its address."""

    agency: Agency
    key: str


@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    text = request.GET.get("tim", "").strip()[:LONGEST]
    context: dict[str, object] = {"at": "organisation", "asked": asked, "text": text}
    if text:
        found = directory.find_in_chart(text, asked.day)
        context |= {
            "agencies": _linked(found.agencies),
            "posts": list(zip(found.posts, _linked(p.agency for p in found.posts), strict=True)),
        }
    else:
        top = directory.chart(directory.province(asked.day).committee_id, asked.day)
        context |= {"top": _linked([top.agency])[0], "below": _linked(top.below)}
    return answers.page(request, "organisation.html", context)


@require_safe
def agency(request: HttpRequest, key: str) -> HttpResponse:
    asked = _asked(request)
    shown = directory.chart(directory.agency_by_key(key).id, asked.day)
    context = {
        "at": "organisation",
        "asked": asked,
        "chart": shown,
        "above": _linked([shown.parent] if shown.parent else []),
        "below": _linked(shown.below),
    }
    return answers.page(request, "agency.html", context)


def _asked(request: HttpRequest) -> Asked:
    typed = request.GET.get("ngay", "").strip()[:LONGEST]
    if not typed:
        return Asked(day=clock.today(), typed=f"{clock.today():%d/%m/%Y}", wrong=False)
    for shape in SHAPES:
        try:
            day = datetime.strptime(typed, shape).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        return Asked(day=day, typed=f"{day:%d/%m/%Y}", wrong=False)
    return Asked(day=clock.today(), typed=typed, wrong=True)


def _linked(agencies: Iterable[Agency]) -> list[Linked]:
    listed = list(agencies)
    keys = directory.agency_keys(one.id for one in listed)
    return [Linked(agency=one, key=keys[one.id]) for one in listed]
