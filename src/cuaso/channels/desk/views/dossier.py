"""One dossier: everything an officer needs to decide, and its documents."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.messages import api as messages
from cuaso.channels.desk import acts, answers, looking, phrases
from cuaso.channels.desk.posting import Act, seen_at
from cuaso.channels.desk.templatetags.desk_words import PAPERS_SHOWN
from cuaso.foundation.files import api as files
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import ActOffer, DossierView, LogLine, PaperView
from cuaso.services.worklists import api as worklists

OPENS = frozenset({"clean", "unscanned"})
REFUSED = frozenset({3, 8})


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def dossier(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show the dossier. A POST brings the purpose of looking without a task."""
    if request.method == "POST":
        purpose = answers.text(request, "purpose")
        if not purpose:
            return _purpose_page(request, _no_purpose())
        looking.keep_purpose(request, dossier_id, purpose)
        return redirect("desk:dossier", dossier_id=dossier_id)
    try:
        found = looking.opened(request, dossier_id)
    except NotAllowed as refusal:
        if not looking.wants_purpose(refusal):
            raise
        return _purpose_page(request, refusal)
    worklists.note_seen(
        dossier_id=found.id, version=found.version, actor=identity.actor_of(request)
    )
    return show(request, found)


def _no_purpose() -> Invalid:
    say = _("Hãy ghi mục đích xem hồ sơ.")
    return Invalid(
        code="desk.purpose_missing",
        what=_("Chưa mở hồ sơ."),
        problems=(Problem(field="purpose", say=say),),
    )


def _purpose_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return answers.page(request, "purpose.html", {"at": "all"}, refusal=refusal)


def show(
    request: HttpRequest, found: DossierView, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Render the dossier's page; after a refused act, with what happened meanwhile."""
    paper = _previewed(found.papers, request.GET.get("giay", ""))
    offers = _offers(found.acts)
    context = {
        "at": "mine",
        **about(request, found),
        "main": [pair for pair in offers if pair[0].main],
        "others": [pair for pair in offers if not pair[0].main and not pair[0].rare],
        "rare": [pair for pair in offers if pair[0].rare],
        "opinion": acts.BY_NAME["give_opinion"],
        **phrases.of(request, found, acts.BY_NAME["give_opinion"]),
        "paper": paper,
        "shows": paper is not None and paper.media_type in answers.SHOWN_INSIDE,
        "scanner": files.scanner_status(),
        "letters": messages.messages_about(Subject(kind="procedures.dossier", id=found.id)),
        "refused": found.status in REFUSED,
        "foreseen": foreseen(request, found, {"seal"}),
        "copies": procedures.may_copy(id=found.id, actor=identity.actor_of(request)),
        "next_row": None if _at_hand(offers) else _next_row(request, found.id),
    }
    return answers.page(request, "dossier.html", context, refusal=refusal)


def foreseen(
    request: HttpRequest, found: DossierView, acts: set[str]
) -> tuple[procedures.RecordForeseen, ...]:
    """Return what the result will write into registries, to who may do one of these acts now."""
    if not acts & {offer.act for offer in found.acts}:
        return ()
    actor = identity.actor_of(request)
    return procedures.records_foreseen(id=found.id, actor=actor, language=get_language() or "vi")


def about(request: HttpRequest, found: DossierView) -> dict[str, object]:
    """Return what each page about a dossier shows: it, when it was seen, what was typed."""
    seen = seen_at(request) if request.method == "POST" else None
    return {
        "dossier": found,
        "code": found.dossier_code or found.tracking_code,
        "seen_at": clock.now().isoformat(),
        "typed": request.POST,
        "changes": _since(found.log, seen),
    }


def _since(log: Sequence[LogLine], seen: datetime | None) -> list[LogLine]:
    return [line for line in log if line.at > seen] if seen else []


def _offers(offered: Sequence[ActOffer]) -> list[tuple[ActOffer, Act]]:
    return [(offer, acts.BY_NAME[offer.act]) for offer in offered if offer.act in acts.BY_NAME]


def _at_hand(offers: Sequence[tuple[ActOffer, Act]]) -> bool:
    return any(not offer.rare for offer, _act in offers)


def _previewed(papers: Sequence[PaperView], wanted: str) -> PaperView | None:
    opening = [paper for paper in papers if paper.state in OPENS]
    unfolded = opening[-PAPERS_SHOWN:]
    first = unfolded[0] if unfolded else None
    return next((one for one in opening if str(one.id) == wanted), first)


def _next_row(request: HttpRequest, seen: UUID) -> object:
    rows = procedures.queue(actor=identity.actor_of(request), limit=2).rows
    return next((row for row in rows if row.id != seen), None)


@require_safe
@official_required
def flow(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show the drawing large, and the steps with who held them."""
    context = {"at": "mine", **about(request, looking.opened(request, dossier_id))}
    return answers.page(request, "flow.html", context)


@require_safe
@official_required
def proof(request: HttpRequest, dossier_id: UUID, entry_id: UUID) -> HttpResponse:
    """Hand over the proof of one act of the log, as the offline check of the ledger reads it."""
    proven = procedures.prove_act(
        id=dossier_id,
        entry_id=entry_id,
        actor=identity.actor_of(request),
        purpose=looking.purpose_for(request, dossier_id),
    )
    response = JsonResponse(asdict(proven), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"bang-chung-{proven.leaf_index}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@official_required
def paper(request: HttpRequest, dossier_id: UUID, paper_id: UUID) -> HttpResponseBase:
    return answers.document(
        procedures.paper_content(
            dossier_id=dossier_id,
            paper_id=paper_id,
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    )


@require_safe
@official_required
def draft_result(request: HttpRequest, dossier_id: UUID) -> HttpResponseBase:
    actor = identity.actor_of(request)
    return answers.document(procedures.draft_result_content(dossier_id=dossier_id, actor=actor))


@require_safe
@official_required
def result(request: HttpRequest, dossier_id: UUID) -> HttpResponseBase:
    return answers.document(
        procedures.result_content(
            dossier_id=dossier_id,
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    )


@require_safe
@official_required
def earlier_result(request: HttpRequest, dossier_id: UUID, replaced_id: UUID) -> HttpResponseBase:
    return answers.document(
        procedures.earlier_result_content(
            dossier_id=dossier_id,
            replaced_id=replaced_id,
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    )


@require_safe
@official_required
def form(request: HttpRequest, dossier_id: UUID, form: str) -> HttpResponseBase:
    return answers.document(
        procedures.form_content(
            dossier_id=dossier_id,
            form=form,
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    )
