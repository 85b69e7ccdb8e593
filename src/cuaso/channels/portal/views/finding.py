"""Find what to do: the front page, the search, one procedure."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cuaso.channels.portal import narrowing
from cuaso.channels.portal.narrowing import Narrowing
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import NotFound
from cuaso.services.catalogue import api as catalogue
from cuaso.services.catalogue.contracts import DescribedCard, Finds, Tally
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import LifeEvent, ProcedureCard

OFTEN = 5
MOST = 200
PAGE = 20
NOTHING = Finds(cards=(), after="")
# The mark of a page of our own procedures; other marks are the national catalogue's.
_PLACE = re.compile(r"t([0-9]{1,3})")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of procedures that are submitted here, then of those that the national portal
    describes; `number` counts the first kind on all pages. `restarted`: the page asked for is
    none, so this is the first.
    """

    cards: tuple[ProcedureCard, ...] = ()
    number: int = 0
    described: tuple[DescribedCard, ...] = ()
    next: str = ""
    first: str = ""
    restarted: bool = False
    levels: tuple[narrowing.Choice, ...] = ()
    fields: tuple[narrowing.Choice, ...] = ()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    signed_in = actor.party_id is not None and actor.kind != "official"
    events = procedures.life_events()
    context = {
        "at": "home",
        "signed_in": signed_in,
        "events": events,
        "often": _first_of_each(events)[:OFTEN],
        "drafts": procedures.drafts(actor=actor) if signed_in else (),
        "rows": procedures.my_dossiers(actor=actor).rows if signed_in else (),
    }
    return render(request, "portal/home.html", context)


def _first_of_each(events: tuple[LifeEvent, ...]) -> tuple[ProcedureCard, ...]:
    firsts = {event.procedures[0].code: event.procedures[0] for event in events}
    return tuple(firsts.values()) or procedures.search(text="")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search with or without marks; a life event, a level (`cap`) and a field (`linh-vuc`) narrow;
    htmx takes the results only.
    """
    query = request.GET.get("q", "").strip()
    events = procedures.life_events()
    event = next((one for one in events if one.id == request.GET.get("viec")), None)
    wanted = narrowing.read(request.GET)
    found = _found(query, None if query else event, request.GET.get("sau", ""), wanted)
    context = {
        "at": "find",
        "query": query,
        "events": events,
        "event": event,
        "found": found,
        "narrowed": bool(wanted.kept),
    }
    partial = request.headers.get("HX-Request") == "true"
    template = "portal/parts/kept_finds.html" if partial else "portal/find.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _found(query: str, event: LifeEvent | None, after: str, wanted: Narrowing) -> Found:
    if event:
        own = narrowing.of_cards(event.procedures)
        cards = narrowing.fitting(event.procedures, wanted)
        return Found(cards=cards, number=len(cards), **narrowing.choices(own, wanted))
    found = _leafed(query, after, wanted)
    if after and not found.cards and not found.described:
        begun = _leafed(query, "", wanted)
        return replace(begun, restarted=bool(begun.cards or begun.described))
    return found


def _leafed(query: str, after: str, wanted: Narrowing) -> Found:
    own_cards, counted, loosely = _counted(query)
    cards = narrowing.fitting(own_cards, wanted)
    if wanted.kept and len(own_cards) == MOST:
        cards = procedures.search(text=query, limit=MOST, loosely=loosely, **wanted.here)
    here, onwards = _page_of_here(cards, after)
    finds = NOTHING
    if not onwards and not (_PLACE.fullmatch(after) and not here):
        finds = catalogue.search(
            text=query,
            limit=PAGE,
            after="" if here else after,
            excluding=[card.code for card in own_cards],
            loosely=loosely,
            **wanted.elsewhere,
        )
    kept = {**({"q": query} if query else {}), **wanted.kept}
    mark = onwards or finds.after
    return Found(
        cards=here,
        number=len(cards),
        described=finds.cards,
        next=f"?{urlencode({**kept, 'sau': mark})}" if mark else "",
        first=f"?{urlencode(kept)}" if after else "",
        **narrowing.choices(counted, wanted),
    )


def _page_of_here(
    cards: tuple[ProcedureCard, ...], after: str
) -> tuple[tuple[ProcedureCard, ...], str]:
    """Return what a page shows of our own procedures, and the mark of their next page."""
    place = _PLACE.fullmatch(after)
    if after and not place:
        return (), ""
    begin = int(place[1]) if place else 0
    end = begin + PAGE
    return cards[begin:end], f"t{end}" if end < len(cards) else ""


def _counted(query: str) -> tuple[tuple[ProcedureCard, ...], tuple[Tally, ...], bool]:
    """Return what is submitted here, how many of everything are found, and whether loosely."""
    cards, counted = _every(query, loosely=False)
    if query and not counted:
        return *_every(query, loosely=True), True
    return cards, counted, False


def _every(query: str, *, loosely: bool) -> tuple[tuple[ProcedureCard, ...], tuple[Tally, ...]]:
    cards = procedures.search(text=query, limit=MOST, loosely=loosely)
    if len(cards) < MOST:
        own = narrowing.of_cards(cards)
    else:
        own = narrowing.of_rows(procedures.tally(text=query, loosely=loosely))
    excluding = [card.code for card in cards]
    return cards, (*own, *catalogue.tally(text=query, excluding=excluding, loosely=loosely))


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show a procedure that is submitted here, else the guide that the national portal gives."""
    try:
        context: dict[str, object] = {"at": "find", "procedure": procedures.procedure(code=code)}
    except NotFound:
        context = {"at": "find", "guide": catalogue.described(code=code)}
        return render(request, "portal/guide.html", context)
    return render(request, "portal/procedure.html", context)
