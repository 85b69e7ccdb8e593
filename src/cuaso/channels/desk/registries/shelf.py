"""The shelf of registries: those in which an officer may do something, by sector."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RegistryCard
from cuaso.channels.desk import answers, looking
from cuaso.channels.desk.registries import opening
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.text import fold
from cuaso.services.planning import api as planning


@require_safe
@official_required
def shelf(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    actor = identity.actor_of(request)
    every = registries.registries(actor=actor)
    found = [card for card in every if _matches(card, words)]
    context = {
        "at": "registries",
        "words": words,
        "sectors": planning.shelves(found),
        "any": bool(every),
        "designs": may_begin(actor) or any("design" in one.may for one in every),
    }
    return answers.page(request, "registries/shelf.html", context)


def may_begin(actor: Actor) -> bool:
    """Say whether the officer is offered to set up a registry of the own agency."""
    return bool(actor.roles & {"admin", "leader"})


def _matches(card: RegistryCard, words: str) -> bool:
    said = fold(" ".join((card.title, card.title_en, card.about, card.key, *card.systems)))
    return all(word in said for word in fold(words).split())


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def purpose(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Ask why the officer looks; it holds half an hour for this registry."""
    here, refusal = opening.opened(request, pack, name), None
    if request.method == "POST":
        said = answers.text(request, "purpose")
        try:
            registries.open_for(registry=here.key, purpose=said, actor=here.actor)
        except Refusal as refused:
            refusal = refused
        else:
            looking.keep_purpose(request, here.outline.card.id, said)
            return redirect(_back(request, pack, name))
    context = {"at": "registries", "here": here, "back": request.GET.get("toi", "")}
    return answers.page(request, "registries/purpose.html", context, refusal=refusal)


def _back(request: HttpRequest, pack: str, name: str) -> str:
    wanted = request.GET.get("toi", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None):
        return wanted
    return reverse("desk:registry", kwargs={"pack": pack, "name": name})


def ask_first(request: HttpRequest, here: opening.Opened) -> HttpResponse:
    """Send an officer who owes a purpose to the page that asks for it, and back."""
    back = urlencode({"toi": request.get_full_path()})
    return redirect(f"{here.at('registry_purpose')}?{back}")


def trail(here: opening.Opened) -> list[tuple[str, str]]:
    """Return the way from the shelf to this registry."""
    return [
        (_("Sổ, cơ sở dữ liệu"), opening.shelf_address()),
        (here.outline.title, here.at("registry")),
    ]
