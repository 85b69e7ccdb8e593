"""An applicant complains of how their dossier is handled, or suggests something."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import Refusal
from cuaso.kernel.identifiers import new_id
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import KINDS, Kind
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def complain(request: HttpRequest, tracking: str) -> HttpResponse:
    found = procedures.dossier(id=tracking, actor=identity.actor_of(request))
    if request.method != "POST":
        return _page(request, found)
    try:
        feedback.complain(
            dossier_id=found.id,
            kind=_kind(request),
            text=answers.text(request, "text"),
            act=_act(request),
            actor=identity.actor_of(request),
        )
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    notes.success(request, _("Đã gửi. Câu trả lời sẽ ở trang này và được báo cho bạn."))
    return redirect("portal:dossier", tracking=tracking)


def _kind(request: HttpRequest) -> Kind:
    return "suggestion" if answers.text(request, "kind") == "suggestion" else "complaint"


def _act(request: HttpRequest) -> UUID | None:
    """Return the chosen act; what is no id is an act that the dossier does not have."""
    chosen = answers.text(request, "act")
    if not chosen:
        return None
    try:
        return UUID(chosen)
    except ValueError:
        return new_id()


def _page(
    request: HttpRequest, found: DossierView, *, refusal: Refusal | None = None
) -> HttpResponse:
    acts = feedback.acts_of(dossier_id=found.id, actor=identity.actor_of(request))
    context = {
        "at": "mine",
        "dossier": found,
        "acts": [(str(one.entry_id), one.say) for one in acts],
        "kinds": [(kind, _(title)) for kind, title in KINDS.items()],
        "kind": answers.text(request, "kind") or "complaint",
        "typed": request.POST,
    }
    return answers.page(request, "complaint.html", context, refusal=refusal)
