"""Act on a dossier: each act has a small page of its own, or a button on the dossier's page."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import acts, answers, looking, sheets
from cuaso.channels.desk.acts import Act
from cuaso.channels.desk.views import dossier as dossier_pages
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

MOST_AGENCIES = 30
FEWEST_LINES = 4
REDRAWS = frozenset({"find", "more"})


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def act(request: HttpRequest, dossier_id: UUID, slug: str) -> HttpResponse:
    chosen = acts.named(slug)
    if request.method != "POST" or request.POST.get("act") in REDRAWS:
        return _page(request, dossier_id, chosen)
    try:
        chosen.perform(acts.posting(request, dossier_id))
    except Refusal as refusal:
        return _refused(request, dossier_id, chosen, refusal)
    notes.success(request, str(chosen.done))
    return redirect("desk:dossier", dossier_id=dossier_id)


def _page(request: HttpRequest, dossier_id: UUID, chosen: Act) -> HttpResponse:
    try:
        found = looking.opened(request, dossier_id)
    except NotAllowed as refusal:
        if looking.wants_purpose(refusal):
            return redirect("desk:dossier", dossier_id=dossier_id)
        raise
    if chosen.direct or chosen.name not in {offer.act for offer in found.acts}:
        if not chosen.direct:
            notes.info(request, _("Việc này hiện không chờ bạn ở hồ sơ này."))
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
    context = {
        "at": "mine",
        "chosen": chosen,
        **dossier_pages.about(request, found),
        **_choices(request, found, chosen, refusal),
    }
    return answers.page(request, chosen.template, context, refusal=refusal)


def _choices(
    request: HttpRequest, found: DossierView, chosen: Act, refusal: Refusal | None
) -> dict[str, object]:
    """Return what one act's form chooses from."""
    try:
        match chosen.name:
            case "assign":
                return {"colleagues": procedures.colleagues(id=found.id, actor=_actor(request))}
            case "consult":
                return _agencies(request, found)
            case "ask_supplement":
                return _supplement(request, found)
            case "propose":
                return {"sections": _sheet(request, found, refusal)}
            case "answer_consultation":
                return {"questions": [one for one in found.consultations if not one.answered_at]}
    except Refusal:
        if refusal is None:
            raise
    return {}


def _actor(request: HttpRequest) -> Actor:
    return identity.actor_of(request)


def _agencies(request: HttpRequest, found: DossierView) -> dict[str, object]:
    every = procedures.consultable_agencies(id=found.id, actor=_actor(request))
    chosen = set(answers.texts(request, "agency_ids"))
    wanted = answers.text(request, "find")
    listed = [one for one in every if str(one[0]) not in chosen and text.matches(wanted, one[1])]
    return {
        "kept": [one for one in every if str(one[0]) in chosen],
        "agencies": listed[:MOST_AGENCIES],
        "more": max(0, len(listed) - MOST_AGENCIES),
    }


def _supplement(request: HttpRequest, found: DossierView) -> dict[str, object]:
    components = procedures.procedure(code=found.procedure_code).components
    titles = [one.title for one in components]
    typed = answers.texts(request, "items")
    lines = [item for item in typed if item not in titles]
    spare = FEWEST_LINES if request.POST.get("act") == "more" else 1
    blanks = max(FEWEST_LINES - len(lines), spare)
    return {"titles": titles, "ticked": typed, "lines": [*lines, *([""] * blanks)]}


def _sheet(
    request: HttpRequest, found: DossierView, refusal: Refusal | None
) -> tuple[sheets.SheetSection, ...]:
    try:
        _procedure, form = procedures.walk_in_form(code=found.procedure_code)
    except NotFound:  # the procedure was withdrawn since; the dossier stands as it is
        return ()
    typed = {path: str(request.POST[path]) for path in request.POST if path not in acts.NOT_VALUES}
    return sheets.lay_out(form, {**found.editable, **typed}, answers.wrong(refusal))
