"""Act on a dossier: each act has a small page of its own, or a button on the dossier's page."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import acts, answers, choices, looking, phrases, posting
from cuaso.channels.desk.posting import Act
from cuaso.channels.desk.views import dossier as dossier_pages
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import NotAllowed, Refusal
from cuaso.services.procedures.contracts import DossierView

REDRAWS = frozenset({"find", "more", phrases.INSERT})


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def act(request: HttpRequest, dossier_id: UUID, slug: str) -> HttpResponse:
    chosen = acts.named(slug)
    if request.method != "POST" or request.POST.get("act") in REDRAWS:
        return _page(request, dossier_id, chosen)
    try:
        chosen.perform(posting.posting(request, dossier_id))
    except Refusal as refusal:
        return _refused(request, dossier_id, chosen, refusal)
    notes.success(request, str(chosen.done))
    return redirect("desk:home") if chosen.leaves else redirect("desk:dossier", dossier_id)


def _page(request: HttpRequest, dossier_id: UUID, chosen: Act) -> HttpResponse:
    try:
        found = looking.opened(request, dossier_id)
    except NotAllowed as refusal:
        if looking.wants_purpose(refusal):
            return redirect("desk:dossier", dossier_id=dossier_id)
        raise
    if chosen.direct and request.POST.get("act") == phrases.INSERT:
        return dossier_pages.show(request, found)
    if chosen.direct or chosen.name not in {offer.act for offer in found.acts}:
        if not chosen.direct:
            notes.info(request, _("Việc này hiện không chờ ông/bà ở hồ sơ này."))
        return redirect("desk:dossier", dossier_id=dossier_id)
    return _draw(request, found, chosen, None)


def _refused(request: HttpRequest, dossier_id: UUID, chosen: Act, refusal: Refusal) -> HttpResponse:
    """Show the refusal where the act was; where the dossier cannot be opened, by itself."""
    try:
        found = looking.opened(request, dossier_id)
    except Refusal:
        raise refusal from None
    if chosen.direct:
        return dossier_pages.show(request, found, refusal=refusal)
    return _draw(request, found, chosen, refusal)


def _draw(
    request: HttpRequest, found: DossierView, chosen: Act, refusal: Refusal | None
) -> HttpResponse:
    context: dict[str, object] = {
        "at": "mine",
        "chosen": chosen,
        **dossier_pages.about(request, found),
        **choices.of(request, found, chosen, refusal),
        **phrases.of(request, found, chosen),
    }
    if chosen.shows_draft:
        context["foreseen"] = dossier_pages.foreseen(request, found, {chosen.name})
    return answers.page(request, chosen.template, context, refusal=refusal)
