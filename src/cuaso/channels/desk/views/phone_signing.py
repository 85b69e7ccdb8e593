"""What a leader was asked to sign on the phone: each ask with its papers, as they stand now."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.services.procedures import api as procedures

SIGHT = {"asked": "paused", "agreed": "go", "signed": "ok"}


@require_safe
@official_required(role="leader")
def asks(request: HttpRequest) -> HttpResponse:
    """List what waits on the leader's phone, and what was there before."""
    found = procedures.phone_asks(actor=identity.actor_of(request))
    context = {"at": "sign", "asks": [(one, SIGHT.get(one.state, "late")) for one in found]}
    return answers.page(request, "phone_asks.html", context)


@require_safe
@official_required(role="leader")
def ask(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """Show one ask: how far it is, and each paper with its picture."""
    found = procedures.phone_ask(id=ask_id, actor=identity.actor_of(request))
    context = {
        "at": "sign",
        "ask": found,
        "sight": SIGHT.get(found.state, "late"),
        "signed": sum(paper.signed for paper in found.papers),
        "settled": found.over and not _under_way(found.state, found.papers),
    }
    return answers.page(request, "phone_ask.html", context)


def _under_way(state: str, papers: tuple[procedures.PhonePaper, ...]) -> bool:
    """Say whether signed papers are still on their way to their dossiers."""
    return state == "signed" and any(paper.under_way for paper in papers)


@require_safe
@official_required
def picture(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Answer the first page of a result as it stands, as a picture."""
    drawn = procedures.draft_picture(dossier_id=dossier_id, actor=identity.actor_of(request))
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Cache-Control"] = "no-store"
    return answer
