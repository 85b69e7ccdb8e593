"""Find what to do: the front page, the search, one procedure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures

OFTEN = 5
MOST = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    signed_in = actor.party_id is not None and actor.kind != "official"
    context = {
        "at": "home",
        "signed_in": signed_in,
        "events": procedures.life_events(),
        "often": procedures.search(text="")[:OFTEN],
        "drafts": procedures.drafts(actor=actor) if signed_in else (),
        "rows": procedures.my_dossiers(actor=actor).rows if signed_in else (),
    }
    return render(request, "portal/home.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search with or without marks; a life event narrows; htmx takes the results only."""
    query = request.GET.get("q", "").strip()
    events = procedures.life_events()
    event = next((one for one in events if one.id == request.GET.get("viec")), None)
    cards = event.procedures if event and not query else procedures.search(text=query, limit=MOST)
    context = {"at": "find", "query": query, "events": events, "event": event, "cards": cards}
    partial = request.headers.get("HX-Request") == "true"
    template = "portal/parts/finds.html" if partial else "portal/find.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    context = {"at": "find", "procedure": procedures.procedure(code=code)}
    return render(request, "portal/procedure.html", context)
