"""The leader's page, made for a phone: what waits for my signature, signed with one consent."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.signing.contracts import HandWay
from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Invalid, Problem, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage, DossierRow

MOST = 200
WAYS: dict[str, HandWay] = {"phone": "phone", "sim": "sim"}


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="leader")
def sign(request: HttpRequest) -> HttpResponse:
    """List what waits; `act=review` shows what was chosen, `act=sign` signs it, `act=phone` asks
    for one consent on the signer's phone, `act=sim` for one PIN on it.
    """
    page = _waiting(request)
    if request.method != "POST":
        return _list_page(request, page, None)
    chosen = _chosen(request, page)
    if not chosen:
        say = _("Hãy chọn ít nhất một văn bản để ký.")
        return _list_page(request, page, _unfit("ids", say))
    act = request.POST.get("act", "")
    if act not in {"sign", *WAYS}:
        return _review_page(request, chosen, None)
    if request.POST.get("seen") != "true":
        say = _("Hãy xác nhận rằng ông/bà đã xem nội dung từng bản.")
        return _review_page(request, chosen, _unfit("seen", say))
    way = WAYS.get(act)
    return _ask_phone(request, chosen, way) if way else _signed_page(request, chosen)


def _waiting(request: HttpRequest) -> DossierPage:
    """Return what waits, up to as many as one consent may hold."""
    actor = identity.actor_of(request)
    page = procedures.queue(actor=actor, view="mine", limit=MOST)
    while page.next and len(page.rows) < MOST:
        more = procedures.queue(
            actor=actor, view="mine", cursor=page.next, limit=MOST - len(page.rows)
        )
        page = replace(page, rows=(*page.rows, *more.rows), next=more.next)
    return page


def _ask_phone(request: HttpRequest, chosen: list[DossierRow], way: HandWay) -> HttpResponse:
    """Send what was chosen to the phone; what cannot be signed now is said and stays."""
    try:
        asked, left = procedures.ask_phone(
            ids=[row.id for row in chosen], actor=identity.actor_of(request), way=way
        )
    except Refusal as refusal:
        return _review_page(request, chosen, refusal)
    for _id, why in left:
        notes.warning(request, why)
    return redirect("desk:phone_ask", asked.id) if asked else redirect("desk:sign")


def _chosen(request: HttpRequest, page: DossierPage) -> list[DossierRow]:
    wanted = set(answers.texts(request, "ids"))
    return [row for row in page.rows if str(row.id) in wanted]


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="desk.nothing_signed",
        what=_("Chưa ký văn bản nào."),
        problems=(Problem(field=field, say=say),),
    )


def _list_page(request: HttpRequest, page: DossierPage, refusal: Refusal | None) -> HttpResponse:
    wanted = request.GET.get("doc", "")
    reading = next((row for row in page.rows if str(row.id) == wanted), None)
    context = {
        "at": "sign",
        "page": page,
        "reading": reading or (page.rows[0] if page.rows else None),
        "ticked": answers.texts(request, "ids"),
        "ways": procedures.signs_on_phone(identity.actor_of(request)),
    }
    return answers.page(request, "sign.html", context, refusal=refusal)


def _review_page(
    request: HttpRequest, chosen: list[DossierRow], refusal: Refusal | None
) -> HttpResponse:
    context = {
        "at": "sign",
        "chosen": chosen,
        "reading": chosen[0],
        "ways": procedures.signs_on_phone(identity.actor_of(request)),
    }
    return answers.page(request, "sign_review.html", context, refusal=refusal)


def _signed_page(request: HttpRequest, chosen: list[DossierRow]) -> HttpResponse:
    rows = {row.id: row for row in chosen}
    told = procedures.approve_many(ids=list(rows), actor=identity.actor_of(request))
    results = [(rows[id_], ok, sentence) for id_, ok, sentence in told if isinstance(id_, UUID)]
    done = sum(ok for _row, ok, _sentence in results)
    context = {
        "at": "sign",
        "results": results,
        "done": done,
        "failed": len(results) - done,
    }
    return answers.page(request, "signed.html", context)
